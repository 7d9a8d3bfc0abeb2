using Iec102.Acquisition.Ports;

namespace Iec102.Acquisition.Tests.Deviations;

/// <summary>What converters and shared gateways put around a meter's frames (protocol notes 8).</summary>
public sealed class LineDeviationTests : DeviationBench
{
    [Fact]
    public async Task Junk_octets_before_every_frame()
    {
        await ShouldReadEverything(Connect(line: new() { JunkOctets = 3 }));

        Status.Counters.JunkOctets.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Modbus_answers_before_and_behind_every_frame()
    {
        await ShouldReadEverything(Connect(line: new() { HasModbus = true }));

        Status.Counters.JunkOctets.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Bad_data_at_the_handshake()
    {
        var client = Connect(line: new() { LeftoversAtHandshake = 1 });

        var session = await client.LogIn();

        session.End.ShouldBe(ExchangeEnd.Completed, session.Error);
        session.Epoch.ShouldBe(1);
        var hours = TwoDays;
        ShouldBeTheTruth(await ReadRange(client, session.Epoch, hours), hours);
        // Only FC9 was sent a second time, and nothing else.
        await Advance(Seconds(2));
        Status.Counters.Repeats.ShouldBe(1);
    }

    [Fact]
    public async Task Delay_after_connect_before_anything_is_heard()
    {
        var client = Connect(line: new() { DeafAfterConnect = TimeSpan.FromSeconds(7) });

        var session = await client.LogIn();

        session.End.ShouldBe(ExchangeEnd.Completed, session.Error);
        client.LinkStates.ShouldNotContain(false);
        Lines.Opened.Count.ShouldBe(1);
        (await client.Get(client.ReadClock, session.Epoch)).End.ShouldBe(ExchangeEnd.Completed);
    }

    [Fact]
    public async Task Answers_octet_by_octet_take_longer_than_the_reply_timeout()
    {
        Far.OctetGap = TimeSpan.FromMilliseconds(400);
        var client = Connect(timing: new() { ReplyTimeout = TimeSpan.FromSeconds(1) });

        await ShouldReadTheClock(client);

        Status.Counters.Repeats.ShouldBe(0);
    }

    private async Task ShouldReadTheClock(Tests.Ports.Client client)
    {
        var session = await client.LogIn();
        session.End.ShouldBe(ExchangeEnd.Completed, session.Error);
        (await client.Get(client.ReadClock, session.Epoch)).End.ShouldBe(ExchangeEnd.Completed);
        await Advance(Seconds(2));
    }
}
