using Akka.Actor;
using Iec102.Acquisition.Ports;
using Iec102.Acquisition.Tests.Ports;
using Iec102.Protocol.Application;

namespace Iec102.Acquisition.Tests.Gateway;

/// <summary>The port's part in the gateway: exchanges whose answers are streamed, limited in time, or no longer wanted.</summary>
public sealed class StreamTests : PortBench
{
    private readonly ScriptedMeter _meter;

    public StreamTests() => _meter = Far.Add(1);

    [Fact]
    public async Task Whatever_the_meter_says_is_told_as_it_arrives_mirrors_included()
    {
        Start();
        var (client, epoch) = await LoggedIn();
        var series = client.ReadSeries();
        Ask(client, series, epoch);
        await Until(() => Arrived(client).Count == 2, Seconds(1));
        client.Unanswered.ShouldBe(0);
        client.Ended.Count.ShouldBe(1);
        await Until(() => client.Ended.Count == 2, Seconds(1));

        var data = Enumerable.Range(0, 3).Select(number => _meter.ExpectedAnswer(series, number));
        byte[][] expected = [Mirror(series, 7), .. data, Mirror(series, 10)];
        Arrived(client).ShouldBe(expected);
        client.Ended[^1].IsCompleted.ShouldBeTrue();
        client.Ended[^1].Answers.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_refusal_is_told_too()
    {
        Start();
        var (client, epoch) = await LoggedIn();
        _meter.Refusal = _ => CauseOfTransmission.PeriodNotAvailable;
        var series = client.ReadSeries();
        Ask(client, series, epoch);
        await Until(() => client.Ended.Count == 2, Seconds(1));
        Arrived(client).ShouldBe([Mirror(series, 18)]);
        client.Ended[^1].End.ShouldBe(ExchangeEnd.Refused);
    }

    [Fact]
    public async Task What_holds_the_line_too_long_is_given_up_however_long_its_answer_is_worth_having()
    {
        Start();
        var (client, epoch) = await LoggedIn();
        _meter.SeriesLength = 1000;
        var began = Moment;
        Ask(client, client.ReadSeries(), epoch, maxHold: 2);
        await Until(() => client.Ended.Count == 2, Seconds(10));
        client.Ended[^1].End.ShouldBe(ExchangeEnd.Expired);
        (Moment - began).ShouldBe(Seconds(2), TimeSpan.FromMilliseconds(50));

        // The time that a request waits for its turn does not count towards its limit.
        _meter.SeriesLength = 50;
        var again = (await client.LogIn(epoch)).Epoch;
        var first = client.ReadSeries(11);
        var second = client.ReadSeries(12);
        Ask(client, first, again, maxHold: 1);
        Ask(client, second, again, maxHold: 1);
        await Until(() => client.Ended.Count == 5, Seconds(10));
        client.Ended.TakeLast(2).ShouldAllBe(ended => ended.IsCompleted);
    }

    [Fact]
    public async Task What_nobody_wants_any_more_is_cut_after_3_s_without_a_word_and_what_waits_is_not_sent()
    {
        Start();
        var (client, epoch) = await LoggedIn();
        _meter.SeriesLength = 1000;
        Ask(client, client.ReadSeries(11), epoch);
        Ask(client, client.ReadSeries(12), epoch);
        await Until(() => Arrived(client).Count == 2, Seconds(1));
        Port.Tell(new DropRequest(client.Name, default));
        var dropped = Moment;
        var other = Client("other", 1);
        var answer = await other.Get(other.ReadClock, epoch);

        answer.IsCompleted.ShouldBeTrue();
        (Moment - dropped).ShouldBe(Seconds(3), Seconds(0.2));
        Arrived(client).Count.ShouldBe(2);
        client.Ended.Count.ShouldBe(1);
        _meter.Requests.Count(request => request[0] == (byte)TypeIdentification.ReadIncrementalTotals).ShouldBe(1);
        _meter.Resets.ShouldBe(1);
    }

    [Fact]
    public async Task Current_values_keep_their_time_beside_a_client_that_asks_for_months_and_abandons_them()
    {
        Start();
        var (client, epoch) = await LoggedIn();
        Far.OctetTime = Seconds(1 / 960.0);
        _meter.SeriesLength = 744;
        var live = Meter("live", 1);
        for (var second = 0; second < 75; second++)
        {
            if (second % 12 == 0)
                live.Ask(live.ReadClock, epoch);
            if (second % 2 == 0)
                Ask(client, client.ReadSeries(), epoch);
            else
                Port.Tell(new DropRequest(client.Name, default));
            await Advance(Seconds(1));
        }

        live.Ended.Count.ShouldBe(7);
        live.Ended.ShouldAllBe(ended => ended.IsCompleted);
    }

    [Fact]
    public async Task Who_watches_sees_every_frame_with_the_key_masked_until_it_ends()
    {
        Start();
        var watcher = Record("watcher");
        Port.Tell(new WatchFrames(watcher.Ref));
        await LoggedIn();
        var seen = watcher.All<FrameSeen>();
        seen.Count.ShouldBe(2 * Far.Seen.Count);
        seen.Select(frame => frame.Sent).ShouldBe(Enumerable.Range(0, seen.Count).Select(at => at % 2 == 0));
        seen.ShouldAllBe(frame => frame.Client == null);
        seen.ShouldContain(frame => frame.Frame.Contains("183") && frame.Frame.Contains("**"));
    }

    private async Task<(Client Client, int Epoch)> LoggedIn()
    {
        var client = Client("client", 1);
        return (client, (await client.LogIn()).Epoch);
    }

    private void Ask(Client client, Request request, int epoch, double? maxHold = null) => Port.Tell(
        new ExchangeRequest(default, client.Name, client.Link, request, RequestClass.Gateway, epoch, Seconds(300))
        {
            Streams = true,
            MaxHold = maxHold is { } seconds ? Seconds(seconds) : null,
        },
        client.Recorder.Ref);

    private static IReadOnlyList<byte[]> Arrived(Client client) =>
        [.. client.Recorder.All<AsduArrived>().Select(arrived => arrived.Octets)];

    private static byte[] Mirror(Request request, byte cause)
    {
        var mirror = request.Asdu.ToArray();
        mirror[2] = cause;
        return mirror;
    }
}
