using Iec102.Acquisition.Profiles;
using Iec102.Protocol.Application;
using NodaTime;

namespace Iec102.Acquisition.Tests.Profiles;

/// <summary>
/// One of everything that a profile stores, with manifest and octets as version 0.1 wrote them (promise R9). They must never change.
/// </summary>
internal static class FirstVersion
{
    private static readonly TimeRange Range = new(Madrid.At(2024, 7, 1), Madrid.At(2024, 7, 2));
    private static readonly TimeRange Later = new(Madrid.At(2024, 7, 5), Madrid.At(2024, 7, 5, 3));
    private static readonly Instant At = Instant.FromUtc(2024, 7, 16, 8, 0);

    public static IntervalsRecorded Recorded
    {
        get
        {
            var (first, second) = (new FakeMeter().Row(Madrid.At(2024, 7, 15, 1)), new FakeMeter().Row(Madrid.At(2024, 7, 15, 2)));
            first.Set(1, 1234, Quality.None);
            second.Set(1, 1180, Quality.Invalid);
            return new IntervalsRecorded(
                48304838, 11, TypeIdentification.ReadIncrementalTotalBlocks, 60, At,
                [new RecordedInterval(Madrid.At(2024, 7, 15, 1), first), new RecordedInterval(Madrid.At(2024, 7, 15, 2), second)]);
        }
    }

    public static ProfileState State => new()
    {
        Start = Range.From,
        SerialNumber = 48304838,
        SegmentFrom = Range.From,
        Grid = IntervalGrid.Of(60).With(new TimeRange(Later.From, Instant.MaxValue), 15),
        Coverage = new Coverage
        {
            Recorded = RangeSet.Of([Range, Later]),
            Absent = [new AbsentRange(new TimeRange(Range.To, Later.From), 3, At, CauseOfTransmission.PeriodNotAvailable)],
            Reread = RangeSet.Of(Later),
        },
        Method = ReadMethod.Objects,
        IsMethodProven = true,
        Unsupported = new SupportLearned(CauseOfTransmission.AddressNotKnown, At),
    };

    public static IEnumerable<(string Manifest, object Stored, string Octets)> All =>
    [
        ("ss1", new StartSet(Range.From, 60, 0), "0880c087cfc0d68c3d103c"),
        ("ms1", new MeterSeen(48304838), "08c6a58417"),
        ("su1", new SetUpSeen("KA 77", 15), "0a054b41203737100f"),
        ("pl1", new PeriodLearned(Later with { To = Instant.MaxValue }, 15), "0a130880c0bfe9d59f8e3d10feff8dc8ff9fd4aa46100f"),
        ("lo1", new RangesLeftOut(RangeSet.Of([Range, Later]), At, CauseOfTransmission.PeriodNotAvailable, IsProof: true),
            "0a120880c087cfc0d68c3d1080c0d5f5e5888d3d0a120880c0bfe9d59f8e3d1080a0a9befaa58e3d108080faaceadd923d18122001"),
        ("rr1", new RereadRequested(Range), "0a120880c087cfc0d68c3d1080c0d5f5e5888d3d"),
        ("mc1", new MethodChosen(ReadMethod.BlocksOf6), "0802"),
        ("sl1", new SupportLearned(CauseOfTransmission.AddressNotKnown, At), "0810108080faaceadd923d"),
    ];

    public const string RecordedOctets =
        "08c6a58417100b18be01203c288080faaceadd923d30c8b0ad1b4201ff4a0a00812f071800822f0718522ed209868201938201a08201ad8201ba8201"
        + "c78201d482019c09da8201e78201f482018183018e83019b8301a883015a1000000000000080808000000000008080";

    public const string StateOctets =
        "0880c087cfc0d68c3d10c6a584171880c087cfc0d68c3d2a0c08ffffb3e5a2cdd4e968103c2a0b0880c0bfe9d59f8e3d100f32120880c087cfc0d68c"
        + "3d1080c0d5f5e5888d3d32120880c0bfe9d59f8e3d1080a0a9befaa58e3d3a210a120880c0d5f5e5888d3d1080c0bfe9d59f8e3d1003188080faacea"
        + "dd923d201242120880c0bfe9d59f8e3d1080a0a9befaa58e3d480350015a0b0810108080faaceadd923d";
}
