using System.Net;
using Akka.Actor;
using Iec102.Acquisition.Fleets;
using Iec102.Acquisition.Live;
using Iec102.Acquisition.Meters;
using Iec102.Acquisition.Profiles;
using Iec102.Acquisition.Tests.Fleets;
using Iec102.Fleet;

namespace Iec102.Acquisition.Tests.Live;

/// <summary>A live state that fails and is restarted while a whole fleet is running.</summary>
public sealed class LiveStateRestartTests() : FleetBench(ProfileSerializer.Config + """

    akka.persistence.journal.plugin = "akka.persistence.journal.inmem"
    akka.persistence.snapshot-store.plugin = "akka.persistence.snapshot-store.inmem"
    """)
{
    [Fact]
    public async Task After_a_restart_everything_is_visible_again_though_nothing_has_changed()
    {
        var restored = new Dictionary<string, IReadOnlyList<CurrentValue>>();
        var live = Sys.ActorOf(Props.Create(() => new LiveStateActor(restored, TimeProvider.System)), "live");
        var gateway = new GatewayConfiguration { Listen = new IPEndPoint(IPAddress.Loopback, 0) };
        Start(live);
        await Apply(
            [Port("a") with { Gateway = gateway }, Port("off") with { Enabled = false }],
            [Meter("m-1", "a") with { Record = true }, Meter("m-2", "off")]);
        // A curve answers only once it has recovered, and by then it has reported its status.
        await View.Actor(new FleetChild(FleetPart.Profile, "m-1", Curve.Hourly))!.Ask<CoverageReport>(new GetCoverage(null));
        await Settle();
        var before = await Visible(live);
        before.ShouldBe(["gateway a", "hourly m-1", "meter m-1 Offline", "meter m-2 Disabled", "port a Closed", "port off Disabled"]);

        Sys.EventStream.Subscribe(TestActor, typeof(LiveStateRestarted));
        live.Tell(new ForgetPort(null!));
        ExpectMsg<LiveStateRestarted>();
        await Settle();

        (await Visible(live)).ShouldBe(before);

        await Apply([Port("a")], [Meter("m-1", "a") with { Record = true }]);
        (await Visible(live)).ShouldBe(["hourly m-1", "meter m-1 Offline", "port a Closed"], "what goes later is forgotten as ever");
    }

    private static async Task<IReadOnlyList<string>> Visible(IActorRef live)
    {
        var ports = (await live.Ask<LivePorts>(new GetPorts())).ById.Values;
        var meters = (await live.Ask<LiveMeters>(new GetMeters())).ById.Values;
        return
        [
            .. from port in ports where port.Gateway is not null select $"gateway {port.Id}",
            .. from meter in meters from curve in meter.Curves.Keys select $"{curve.Name()} {meter.Id}",
            .. from meter in meters select $"meter {meter.Id} {meter.Status?.State}",
            .. from port in ports select $"port {port.Id} {port.Status?.State}",
        ];
    }
}
