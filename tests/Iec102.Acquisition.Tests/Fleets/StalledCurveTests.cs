using Akka.Actor;
using Iec102.Acquisition.Fleets;
using Iec102.Acquisition.Live;
using Iec102.Acquisition.Profiles;
using Iec102.Acquisition.Tests.Profiles;
using Iec102.Protocol.Time;

namespace Iec102.Acquisition.Tests.Fleets;

/// <summary>
/// How a curve's actor ends: it first stores what it has been given, but does not hold up the fleet when the journal cannot store it.
/// </summary>
public sealed class StalledCurveTests() : FleetBench(ProfileSerializer.Config + """

    akka.persistence.journal.plugin = "unreliable-journal"
    akka.persistence.snapshot-store.plugin = "akka.persistence.snapshot-store.inmem"
    unreliable-journal.class = "Iec102.Acquisition.Tests.Profiles.UnreliableJournal, Iec102.Acquisition.Tests"
    unreliable-journal.circuit-breaker.call-timeout = 1h
    """)
{
    private static readonly FleetChild Curve = new(FleetPart.Profile, "m-1", Iec102.Fleet.Curve.Hourly);

    private static readonly GetNextChunk FirstSight = new(new MeterSession(48304838, SummerTimeHabit.SuBit, null), 10_000);

    [Fact]
    public async Task What_it_was_given_before_is_stored_before_it_ends()
    {
        var curve = await StalledAsync();
        await Apply([Port("a")], []);
        Status.Pending.ShouldHaveSingleItem().Child.ShouldBe(Curve);

        await Journal(StoreMode.Work);
        ExpectMsg<ReadChunk>();
        ExpectTerminated(curve);
        await Settle();

        Status.IsInForce.ShouldBeTrue();
    }

    [Fact]
    public async Task The_port_of_a_curve_that_is_still_storing_counts_as_running()
    {
        var owner = CreateTestProbe();
        var curve = await StalledAsync(owner);
        await owner.FishForMessageAsync<PortsRunning>(told => told.Ports.Contains("a"));

        Fleet.Tell(new OwnPorts([]));
        (await owner.ExpectMsgAsync<PortsRunning>()).Ports.ShouldBe(["a"]);
        await Settle();
        View.Actor(PortChild("a")).ShouldBeNull();
        await owner.ExpectNoMsgAsync(TimeSpan.Zero);

        await Journal(StoreMode.Work);
        ExpectMsg<ReadChunk>();
        ExpectTerminated(curve);
        (await owner.ExpectMsgAsync<PortsRunning>()).Ports.ShouldBeEmpty();
    }

    [Fact]
    public async Task While_the_journal_stores_nothing_it_is_stopped_after_two_minutes()
    {
        var curve = await StalledAsync();
        await Apply([Port("a")], []);

        await Advance(TimeSpan.FromSeconds(119));
        Status.Pending.ShouldHaveSingleItem().IsEnding.ShouldBeTrue();
        await Advance(TimeSpan.FromSeconds(2));
        ExpectTerminated(curve);
        await Settle();

        Status.IsInForce.ShouldBeTrue();
        Said.ShouldContain("hourly curve of meter m-1 has not ended in time and is stopped at once");
    }

    [Fact]
    public async Task A_curve_that_is_no_longer_recorded_is_forgotten_when_it_has_ended()
    {
        var curve = await StalledAsync();
        await Apply([Port("a")], [Meter("m-1", "a")]);
        LiveState.All<ForgetCurve>().ShouldBeEmpty();

        await Journal(StoreMode.Work);
        ExpectMsg<ReadChunk>();
        ExpectTerminated(curve);
        await Settle();

        LiveState.All<ForgetCurve>().ShouldBe([new ForgetCurve("m-1", Iec102.Fleet.Curve.Hourly)]);
        LiveState.All<ForgetMeter>().ShouldBeEmpty();
    }

    /// <summary>Starts a curve, gives it something to store, and stops the journal from answering.</summary>
    private async Task<IActorRef> StalledAsync(IActorRef? owner = null)
    {
        Start(owner: owner);
        Fleet.Tell(new OwnPorts(["a"]));
        await Apply([Port("a")], [Meter("m-1", "a") with { Record = true }]);
        var curve = View.Actor(Curve).ShouldNotBeNull();
        // The curve answers only once it has recovered.
        await curve.Ask<CoverageReport>(new GetCoverage(null));
        // The writer's answer lets it begin.
        var question = Writer.All<CompareCurve>().ShouldHaveSingleItem();
        curve.Tell(new StoredCurve(question.PersistenceId, question.LeastProgress, Contents: null), Writer.Ref);
        await Journal(StoreMode.Wait);
        Watch(curve);
        curve.Tell(FirstSight, TestActor);
        await Settle();
        return curve;
    }

    private Task<ModeSet> Journal(StoreMode mode) =>
        Akka.Persistence.Persistence.Instance.Apply(Sys).JournalFor("").Ask<ModeSet>(new SetMode(mode));
}
