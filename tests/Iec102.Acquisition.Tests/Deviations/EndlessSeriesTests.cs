using Akka.Actor;
using Akka.Event;
using Iec102.Acquisition.Meters;
using Iec102.Acquisition.Tests.Meters;
using Iec102.Fleet;
using Iec102.Protocol.Application;

namespace Iec102.Acquisition.Tests.Deviations;

/// <summary>
/// A meter whose series never end, each frame valid and always one more, beside a good meter on the same line: its answers are cut, and it
/// is put behind the other.
/// </summary>
public sealed class EndlessSeriesTests : DeviationBench
{
    private const ushort BadLink = 2;

    [Fact]
    public async Task The_meter_beside_it_is_read_almost_as_if_it_were_not_there()
    {
        var bad = Far.Add(BadLink);
        bad.NeverEnds = true;
        bad.Special = type => type switch
        {
            TypeIdentification.ReadDeviceIdentification => MeterAnswers.Identification(7),
            TypeIdentification.ReadCurrentTime => MeterAnswers.Clock(WallClock, Madrid),
            _ => null,
        };
        bad.Refusal = type => Conversation.Of(type)!.Value.Pattern == ConversationPattern.ReadOne
            ? CauseOfTransmission.TypeNotAvailable
            : null;
        Far.OctetTime = Seconds(11 / 9600.0);
        Connect();
        var log = Record("log");
        Sys.EventStream.Subscribe(log.Ref, typeof(Warning));
        StartMeter("good", link: 1, currentValues: true);
        StartMeter("bad", BadLink, currentValues: false);

        await Advance(Seconds(1000));

        // At most 100 of them, every 10 s. The bad meter may hold the line for about 50 s at a time, and rests longer after each.
        LiveState.All<CurrentValuesRead>().Count(read => read.Meter == "good").ShouldBeGreaterThan(80);
        bad.Requests.Count(request => request[0] == (byte)TypeIdentification.ReadEventsInRange).ShouldBeInRange(2, 4);
        log.All<Warning>().Select(line => $"{line.Message}").ShouldContain(line => line.StartsWith(
            "meter bad: Link 2 sent more for type 102 (read events in range) than was asked for, or for longer than that can take, and was "
            + "cut.",
            StringComparison.Ordinal));
    }

    private void StartMeter(string id, ushort link, bool currentValues)
    {
        var configuration = new MeterConfiguration
        {
            Id = id,
            Port = "north",
            LinkAddress = link,
            PointAddress = 1,
            Password = new Secret(7),
            TimeZone = Madrid,
            CurrentValues = new CurrentValuesConfiguration { Enabled = currentValues, Every = Seconds(10) },
        };
        var curves = Array.Empty<(Curve, IActorRef)>();
        var props = Props.Create(() => new MeterActor(configuration, Port, LiveState.Ref, Writer.Ref, curves, null, Scheduler.Time));
        Include(Sys.ActorOf(props, id)).Tell(new KnownIdentity(id, null, null, [], []));
    }

}
