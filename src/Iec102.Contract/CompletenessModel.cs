using Iec102.Acquisition.Profiles;
using NodaTime;

namespace Iec102.Contract;

/// <summary>
/// How much of a range of one curve is recorded, with the first stretches that are not and why; or why that is not known, and then nothing
/// else.
/// </summary>
public sealed record CompletenessModel(
    string Meter, string Curve, int? Expected, int? Recorded, int? Missing, int? Absent, int? Lost, IReadOnlyList<GapModel> Gaps,
    string? Unknown)
{
    private const int MostGaps = 3;

    public static CompletenessModel Of(string meter, string curve, CoverageReport report, DateTimeZone zone) => new(
        meter, curve, report.Expected, report.Recorded, report.Missing, report.Absent, report.Lost,
        [.. report.Gaps.Take(MostGaps).Select(gap => GapModel.Of(gap, zone))], null);

    /// <summary>Nothing is known of the curve.</summary>
    public static CompletenessModel NotKnown(string meter, string curve, string why) =>
        new(meter, curve, null, null, null, null, null, [], why);
}
