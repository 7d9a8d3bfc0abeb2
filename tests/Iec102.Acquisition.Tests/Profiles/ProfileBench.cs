using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Iec102.Acquisition.Profiles;
using Iec102.Fleet;
using Iec102.Protocol.Time;
using NodaTime;

namespace Iec102.Acquisition.Tests.Profiles;

/// <summary>
/// A profile actor in virtual time, on a journal and a snapshot store that can be made to fail. The test plays the meter; writer and live
/// state are probes.
/// </summary>
public abstract class ProfileBench : TestKit
{
    private const string Configuration = SchedulerTime.Config + "\n" + ProfileSerializer.Config + """

        akka.persistence.journal.plugin = "unreliable-journal"
        akka.persistence.snapshot-store.plugin = "unreliable-snapshot-store"
        unreliable-journal.class = "Iec102.Acquisition.Tests.Profiles.UnreliableJournal, Iec102.Acquisition.Tests"
        unreliable-snapshot-store.class = "Iec102.Acquisition.Tests.Profiles.UnreliableSnapshotStore, Iec102.Acquisition.Tests"
        """;

    private protected static readonly TimeSpan Short = TimeSpan.FromMilliseconds(50);

    protected ProfileBench() : base(Configuration)
    {
        Time = new SchedulerTime(Sys);
        LiveState = CreateTestProbe("live-state");
        Writer = CreateWriter();
    }

    private protected SchedulerTime Time { get; }

    private protected TestProbe LiveState { get; }

    private protected TestProbe Writer { get; }

    private protected FakeMeter Meter { get; set; } = new();

    private protected MeterSession Session { get; set; } = new(4711, SummerTimeHabit.SuBit, Duration.Zero);

    private protected ProfileSettings Settings { get; set; } =
        new("m-1", Curve.Hourly, FakeMeter.Point, Madrid.Zone, From: null, Duration.FromDays(20), Duration.FromMinutes(2));

    private protected Instant Moment => Time.Now();

    /// <summary>A writer whose tables are from the same moment as the journal.</summary>
    /// <param name="stored">What they hold, for a journal that lacks events.</param>
    private protected TestProbe CreateWriter(IReadOnlyList<StoredRun>? stored = null)
    {
        var writer = CreateTestProbe();
        writer.SetAutoPilot(new DelegateAutoPilot((sender, message) =>
        {
            if (message is CompareCurve question)
            {
                var contents = question.IsShort ? new CurveContents(DeletedBefore: null, stored ?? []) : null;
                sender.Tell(new StoredCurve(question.PersistenceId, question.LeastProgress, contents), writer.Ref);
            }
            return AutoPilot.KeepRunning;
        }));
        writer.IgnoreMessages(message => message is CompareCurve);
        return writer;
    }

    private protected IActorRef Start(TestProbe? writer = null) =>
        Sys.ActorOf(ProfileActor.Props(Settings, LiveState, writer ?? Writer, Time));

    private protected void Stop(IActorRef profile)
    {
        Watch(profile);
        profile.Tell(PoisonPill.Instance);
        ExpectTerminated(profile);
    }

    private protected void SetJournal(StoreMode mode, long lacking = 0) =>
        Set(Akka.Persistence.Persistence.Instance.Apply(Sys).JournalFor(""), new SetMode(mode, lacking));

    private protected void SetSnapshots(StoreMode mode) =>
        Set(Akka.Persistence.Persistence.Instance.Apply(Sys).SnapshotStoreFor(""), new SetMode(mode));

    private protected ReadChunk NextChunk(IActorRef profile, int octets = 28_800)
    {
        profile.Tell(new GetNextChunk(Session, octets), TestActor);
        return ExpectMsg<ReadChunk>();
    }

    private protected ChunkAnswered Answered(ReadChunk chunk) => new(chunk, Meter.Answer(chunk, Moment), Session);

    private protected int Record(IActorRef profile, ReadChunk chunk)
    {
        profile.Tell(Answered(chunk), TestActor);
        return ExpectMsg<ChunkRecorded>().Recorded;
    }

    /// <summary>Records this many small chunks, each confirmed by the writer; returns the number of the last event.</summary>
    private protected long RecordMany(IActorRef profile, int chunks)
    {
        var last = 0L;
        for (var i = 0; i < chunks; i++)
        {
            Record(profile, NextChunk(profile, octets: 100));
            last = Writer.ExpectMsg<StoreIntervals>().SequenceNr;
            profile.Tell(new IntervalsStored(Settings.PersistenceId, last), Writer);
        }

        return last;
    }

    private protected CoverageReport Coverage(IActorRef profile)
    {
        var probe = CreateTestProbe();
        profile.Tell(new GetCoverage(Range: null), probe);
        return probe.ExpectMsg<CoverageReport>();
    }

    /// <summary>Waits until the profile has handled everything that was sent to it.</summary>
    private protected void Settle(IActorRef profile) => Coverage(profile);

    private protected static Instant Hour(Instant instant) => IntervalGrid.Of(60).Floor(instant);

    private void Set(IActorRef plugin, SetMode mode)
    {
        var probe = CreateTestProbe();
        plugin.Tell(mode, probe);
        probe.ExpectMsg<ModeSet>();
    }
}
