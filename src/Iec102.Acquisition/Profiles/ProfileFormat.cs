using System.Collections.Frozen;
using Google.Protobuf;
using Google.Protobuf.Collections;
using Iec102.Protocol.Application;
using NodaTime;

namespace Iec102.Acquisition.Profiles;

/// <summary>
/// How the events of a profile and its snapshot are written in the journal (profile.proto). Manifests are two letters and a version: a new
/// version of a message gets a new manifest, and the old one is read for ever.
/// </summary>
public static class ProfileFormat
{
    /// <summary>The manifest of <see cref="IntervalsRecorded"/>.</summary>
    public const string IntervalsManifest = "ir1";

    /// <summary>Everything that is stored: the snapshot, and each kind of <see cref="IProfileEvent"/>.</summary>
    private static readonly Form[] Forms =
    [
        Form.Of<ProfileState, Stored.Snapshot>("st1", Write, Read),
        Form.Of<IntervalsRecorded, Stored.Intervals>(IntervalsManifest, StoredIntervals.Write, StoredIntervals.Read),
        Form.Of<StartSet, Stored.Start>("ss1", Write, Read),
        Form.Of<MeterSeen, Stored.Meter>(
            "ms1", seen => new() { SerialNumber = seen.SerialNumber }, stored => new MeterSeen(stored.SerialNumber)),
        Form.Of<SetUpSeen, Stored.SetUp>("su1", Write, Read),
        Form.Of<PeriodLearned, Stored.Period>("pl1", Write, Read),
        Form.Of<RangesLeftOut, Stored.LeftOut>("lo1", Write, Read),
        Form.Of<RereadRequested, Stored.Reread>(
            "rr1", reread => new() { Range = Write(reread.Range) }, stored => new RereadRequested(Read(stored.Range))),
        Form.Of<CoverageRebuilt, Stored.Rebuilt>("cr1", Write, Read),
        Form.Of<MethodChosen, Stored.Method>(
            "mc1", chosen => new() { Method_ = (uint)chosen.Method }, stored => new MethodChosen((ReadMethod)stored.Method_)),
        Form.Of<SupportLearned, Stored.Support>("sl1", Write, Read),
    ];

    private static readonly FrozenDictionary<Type, Form> ByType = Forms.ToFrozenDictionary(form => form.Type);

    private static readonly FrozenDictionary<string, Form> ByManifest = Forms.ToFrozenDictionary(form => form.Manifest);

    /// <summary>What can be stored.</summary>
    internal static IEnumerable<Type> Types => ByType.Keys;

    /// <summary>The manifest of an event or a snapshot.</summary>
    /// <exception cref="ArgumentException">It is neither.</exception>
    public static string Manifest(object stored) => FormOf(stored).Manifest;

    /// <summary>The octets of an event or a snapshot.</summary>
    /// <exception cref="ArgumentException">It is neither.</exception>
    public static byte[] Write(object stored) => FormOf(stored).Write(stored);

    /// <summary>The event or the snapshot (a <see cref="ProfileState"/>) that octets hold.</summary>
    /// <exception cref="ArgumentException">The manifest is not known.</exception>
    /// <exception cref="InvalidProtocolBufferException">The octets are damaged.</exception>
    public static object Read(byte[] octets, string manifest) => ByManifest.TryGetValue(manifest, out var form)
        ? form.Read(octets)
        : throw new ArgumentException($"A profile stores nothing under the manifest '{manifest}'.", nameof(manifest));

    private static Form FormOf(object stored) => ByType.TryGetValue(stored.GetType(), out var form)
        ? form
        : throw new ArgumentException($"A profile does not store {stored.GetType().Name}.", nameof(stored));

    private static Stored.Snapshot Write(ProfileState state)
    {
        var snapshot = new Stored.Snapshot
        {
            SegmentFrom = Ticks(state.SegmentFrom),
            PhaseMinutes = (uint)state.Grid.PhaseMinutes,
            Segments = { state.Grid.Segments.Select(Write) },
            Recorded = { state.Coverage.Recorded.Ranges.Select(Write) },
            OffGrid = { state.Coverage.OffGrid.Ranges.Select(Write) },
            Absent = { state.Coverage.Absent.Select(Write) },
            Reread = { state.Coverage.Reread.Ranges.Select(Write) },
            Method = (uint)state.Method,
            IsMethodProven = state.IsMethodProven,
            Unsupported = state.Unsupported is { } unsupported ? Write(unsupported) : null,
            SetUp = Write(state.SetUp),
            LastIntervals = state.LastIntervals,
        };
        if (state.Start is { } start)
            snapshot.Start = Ticks(start);
        if (state.SerialNumber is { } serial)
            snapshot.SerialNumber = serial;
        return snapshot;
    }

    private static ProfileState Read(Stored.Snapshot stored) => new()
    {
        Start = stored.HasStart ? Instant(stored.Start) : null,
        SerialNumber = stored.HasSerialNumber ? stored.SerialNumber : null,
        SegmentFrom = Instant(stored.SegmentFrom),
        Grid = IntervalGrid.Of(
            stored.Segments.Select(one => new GridSegment(Instant(one.From), (int)one.PeriodMinutes)), (int)stored.PhaseMinutes),
        Coverage = new Coverage
        {
            Recorded = Read(stored.Recorded),
            OffGrid = Read(stored.OffGrid),
            Absent = [.. stored.Absent.Select(Read)],
            Reread = Read(stored.Reread),
        },
        Method = (ReadMethod)stored.Method,
        IsMethodProven = stored.IsMethodProven,
        Unsupported = stored.Unsupported is { } unsupported ? Read(unsupported) : null,
        SetUp = stored.SetUp is { } setUp ? Read(setUp) : SetUpSeen.Nothing,
        LastIntervals = stored.LastIntervals,
    };

    private static Stored.Start Write(StartSet start) =>
        new() { Start_ = Ticks(start.Start), PeriodMinutes = (uint)start.PeriodMinutes, PhaseMinutes = (uint)start.PhaseMinutes };

    private static StartSet Read(Stored.Start start) => new(Instant(start.Start_), (int)start.PeriodMinutes, (int)start.PhaseMinutes);

    private static Stored.SetUp Write(SetUpSeen seen)
    {
        var stored = new Stored.SetUp();
        if (seen.Firmware is { } firmware)
            stored.Firmware = firmware;
        if (seen.PeriodMinutes is { } period)
            stored.PeriodMinutes = (uint)period;
        if (seen.DepthDays is { } depth)
            stored.DepthDays = (uint)depth;
        return stored;
    }

    private static SetUpSeen Read(Stored.SetUp stored) => new(
        stored.HasFirmware ? stored.Firmware : null, stored.HasPeriodMinutes ? (int)stored.PeriodMinutes : null,
        stored.HasDepthDays ? (int)stored.DepthDays : null);

    private static Stored.Period Write(PeriodLearned learned) =>
        new() { Range = Write(learned.Range), PeriodMinutes = (uint)learned.PeriodMinutes };

    private static PeriodLearned Read(Stored.Period learned) => new(Read(learned.Range), (int)learned.PeriodMinutes);

    private static Stored.LeftOut Write(RangesLeftOut left) => new()
    {
        Ranges = { left.Ranges.Ranges.Select(Write) },
        At = Ticks(left.At),
        Refusal = (uint)left.Refusal,
        IsProof = left.IsProof,
    };

    private static RangesLeftOut Read(Stored.LeftOut left) =>
        new(Read(left.Ranges), Instant(left.At), (CauseOfTransmission)left.Refusal, left.IsProof);

    private static Stored.Rebuilt Write(CoverageRebuilt rebuilt) => new()
    {
        Recorded = { rebuilt.Recorded.Ranges.Select(Write) },
        OffGrid = { rebuilt.OffGrid.Ranges.Select(Write) },
    };

    private static CoverageRebuilt Read(Stored.Rebuilt rebuilt) => new(Read(rebuilt.Recorded), Read(rebuilt.OffGrid));

    private static Stored.Segment Write(GridSegment one) => new() { From = Ticks(one.From), PeriodMinutes = (uint)one.PeriodMinutes };

    private static Stored.Support Write(SupportLearned support) => new() { Refusal = (uint)support.Refusal, At = Ticks(support.At) };

    private static SupportLearned Read(Stored.Support support) => new((CauseOfTransmission)support.Refusal, Instant(support.At));

    private static Stored.Absent Write(AbsentRange absent) => new()
    {
        Range = Write(absent.Range),
        Attempts = (uint)absent.Attempts,
        NextRetry = Ticks(absent.NextRetry),
        Refusal = (uint)absent.Refusal,
    };

    private static AbsentRange Read(Stored.Absent absent) =>
        new(Read(absent.Range), (int)absent.Attempts, Instant(absent.NextRetry), (CauseOfTransmission)absent.Refusal);

    private static Stored.Range Write(TimeRange range) => new() { From = Ticks(range.From), To = Ticks(range.To) };

    private static TimeRange Read(Stored.Range range) => new(Instant(range.From), Instant(range.To));

    private static RangeSet Read(RepeatedField<Stored.Range> ranges) => RangeSet.Of(ranges.Select(Read));

    private static long Ticks(Instant instant) => instant.ToUnixTimeTicks();

    /// <summary>The end of time is not a whole number of ticks and would be read earlier than it was written.</summary>
    private static Instant Instant(long ticks) =>
        ticks == EndOfTime ? NodaTime.Instant.MaxValue : NodaTime.Instant.FromUnixTimeTicks(ticks);

    private static readonly long EndOfTime = NodaTime.Instant.MaxValue.ToUnixTimeTicks();

    /// <summary>How one type is stored.</summary>
    private sealed record Form(Type Type, string Manifest, Func<object, byte[]> Write, Func<byte[], object> Read)
    {
        public static Form Of<T, TStored>(string manifest, Func<T, TStored> write, Func<TStored, T> read)
            where T : notnull
            where TStored : IMessage<TStored>, new()
        {
            var parser = new MessageParser<TStored>(() => new TStored());
            return new(typeof(T), manifest, one => write((T)one).ToByteArray(), octets => read(parser.ParseFrom(octets)));
        }
    }
}
