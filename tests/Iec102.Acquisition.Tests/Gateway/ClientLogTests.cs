using System.Net;
using Akka.Actor;
using Akka.Event;
using Akka.TestKit.Xunit2;
using Iec102.Acquisition.Gateway;
using Iec102.Acquisition.Ports;
using Iec102.Acquisition.Tests.Ports;
using Iec102.Fleet;

namespace Iec102.Acquisition.Tests.Gateway;

/// <summary>What the clients of one host do again and again neither fills the log nor delays others; a listener in virtual time.</summary>
public sealed class ClientLogTests : TestKit
{
    private const string Virtual =
        "akka.loggers = []\nakka.scheduler.implementation = \"Iec102.Acquisition.Tests.Ports.VirtualScheduler, Iec102.Acquisition.Tests\"";

    private static readonly ClientAddress Guesser = new("192.0.2.7", 50001);
    private static readonly ClientAddress Other = new("192.0.2.8", 50002);

    private readonly Recorder _log = new();
    private readonly Recorder _session = new();
    private readonly IActorRef _listener;

    public ClientLogTests() : base(Virtual)
    {
        SynchronizationContext.SetSynchronizationContext(null);
        _log.Ref = Sys.ActorOf(Props.Create(() => new RecordingActor(_log)));
        _session.Ref = Sys.ActorOf(Props.Create(() => new RecordingActor(_session)));
        Sys.EventStream.Subscribe(_log.Ref, typeof(LogEvent));
        var gateway = new GatewayConfiguration { Listen = new IPEndPoint(IPAddress.Loopback, 0) };
        var (port, meters, time) = (new PortConfiguration { Id = "north", Gateway = gateway }, new GatewayMeters(), Scheduler.Time);
        _listener = Sys.ActorOf(Props.Create(() => new GatewayListener(port, meters, ActorRefs.Nobody, time)));
    }

    private VirtualScheduler Scheduler => (VirtualScheduler)Sys.Scheduler;

    [Fact]
    public async Task Wrong_keys_are_one_line_for_each_host_and_minute_and_another_host_waits_for_its_own_only()
    {
        for (var i = 1; i <= 1000; i++)
            Try(i, Guesser, keyFits: false);
        Try(1001, Other, keyFits: true);
        Try(1002, Other, keyFits: false);
        (await Lines("tried a wrong key")).ShouldBe(
        [
            "gateway north: 192.0.2.7:50001 tried a wrong key on meter m-1, 1 in a row from its host; answering after 1 s",
            "gateway north: 192.0.2.8:50002 tried a wrong key on meter m-1, 1 in a row from its host; answering after 1 s",
        ]);
        var delays = _session.All<LoginJudged>().Select(judged => judged.Delay.TotalSeconds).ToList();
        delays[..1000].Max().ShouldBe(30);
        delays[1000..].ShouldBe([0, 1]);

        (await LinesAfterAMinute("tried a wrong key")).ShouldBe(
        [
            "gateway north: 192.0.2.7:50001 tried a wrong key on meter m-1, 1000 in a row from its host; answering after 30 s"
                + " (and 998 more within the last minute)",
        ]);
        (await LinesAfterAMinute("tried a wrong key")).ShouldBeEmpty();

        Try(1003, Guesser, keyFits: false);
        (await Lines("1001 in a row")).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Connections_that_come_and_go_are_a_line_for_each_host_and_minute_and_meters_are_told_apart()
    {
        for (var minute = 0; minute < 3; minute++)
        {
            for (var i = 0; i < 500; i++)
            {
                var client = new ClientAddress("192.0.2.7", 40000 + i);
                _listener.Tell(new ClientNotice.Connected(client));
                _listener.Tell(new ClientNotice.LoggedIn(client, i % 2 == 0 ? "m-1" : "m-2"));
                _listener.Tell(new ClientNotice.Gone(client, 0, "The far end closed the line."));
            }

            await Advance(TimeSpan.FromMinutes(1));
        }

        (await Lines("has connected")).ShouldBe(
        [
            "gateway north: 192.0.2.7:40000 has connected",
            "gateway north: 192.0.2.7:40499 has connected (and 498 more within the last minute)",
            "gateway north: 192.0.2.7:40499 has connected (and 499 more within the last minute)",
            "gateway north: 192.0.2.7:40499 has connected (and 499 more within the last minute)",
        ]);
        (await Lines("to meter m-2")).ShouldBe(
        [
            "gateway north: 192.0.2.7:40001 has logged in to meter m-2",
            "gateway north: 192.0.2.7:40499 has logged in to meter m-2 (and 248 more within the last minute)",
            "gateway north: 192.0.2.7:40499 has logged in to meter m-2 (and 249 more within the last minute)",
            "gateway north: 192.0.2.7:40499 has logged in to meter m-2 (and 249 more within the last minute)",
        ]);
        (await Lines("is gone")).Count.ShouldBe(4);
    }

    [Fact]
    public async Task However_many_hosts_come_the_lines_are_limited()
    {
        for (var host = 0; host < 5000; host++)
            _listener.Tell(new ClientNotice.Connected(new ClientAddress($"2001:db8::{host:x}", 1)));
        (await Lines("has connected")).Count.ShouldBe(1001);
        (await LinesAfterAMinute("has connected")).ShouldBe(
            ["gateway north: [2001:db8::1387]:1 has connected (and 3998 more within the last minute)"]);
    }

    private void Try(long id, ClientAddress client, bool keyFits) =>
        _listener.Tell(new LoginTried(new RequestId(id), "m-1", keyFits, client), _session.Ref);

    private async Task<IReadOnlyList<string>> LinesAfterAMinute(string text)
    {
        var before = (await Lines(text)).Count;
        await Advance(TimeSpan.FromMinutes(1));
        return [.. (await Lines(text)).Skip(before)];
    }

    private async Task<IReadOnlyList<string>> Lines(string text)
    {
        await Settle();
        return [.. _log.All<LogEvent>().Select(line => $"{line.Message}").Where(line => line.Contains(text, StringComparison.Ordinal))];
    }

    private async Task Advance(TimeSpan time)
    {
        var until = Scheduler.MonotonicClock + time;
        await Settle();
        while (Scheduler.RunNext(until))
            await Settle();
    }

    private async Task Settle()
    {
        foreach (var actor in new[] { _listener, _session.Ref, _log.Ref })
            await actor.Ask<ActorIdentity>(new Identify(0), TimeSpan.FromSeconds(10));
    }
}
