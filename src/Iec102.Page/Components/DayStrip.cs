using System.Globalization;
using System.Net;
using System.Text;
using Iec102.Contract;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;

namespace Iec102.Page.Components;

/// <summary>
/// A square for each of the last days of a meter's curves: complete, partly there, nothing there, nothing expected. Written as it is sent,
/// since the parts of so many squares, kept for each reader, would be most of what the page needs of the server's memory.
/// </summary>
public sealed class DayStrip
{
    /// <summary>The squares of a meter's curves; nothing when it records none.</summary>
    public static MarkupString Of(IReadOnlyDictionary<string, ProfileModel> profiles, IStringLocalizer<DayStrip> text)
    {
        var days = profiles.Values.SelectMany(profile => profile.Days).GroupBy(day => day.Day)
            .OrderBy(day => day.Key, StringComparer.Ordinal).Select(Together).ToList();
        if (days.Count == 0)
            return default;
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg class=\"days\" width=\"{days.Count * 12}\" height=\"14\" role=\"img\" ");
        svg.Append(CultureInfo.InvariantCulture, $"aria-label=\"{WebUtility.HtmlEncode(Summary(days, text))}\">");
        foreach (var (at, day) in days.Index())
        {
            svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{at * 12}\" y=\"1\" width=\"10\" height=\"12\" rx=\"2\" ");
            svg.Append(CultureInfo.InvariantCulture, $"class=\"{ClassOf(day)}\">");
            svg.Append(CultureInfo.InvariantCulture, $"<title>{WebUtility.HtmlEncode(TitleOf(day, text))}</title></rect>");
        }

        return new MarkupString(svg.Append("</svg>").ToString());
    }

    private static DayModel Together(IGrouping<string, DayModel> day) => new(
        day.Key, day.Sum(one => one.Expected), day.Sum(one => one.Recorded), day.Sum(one => one.Missing), day.Sum(one => one.Absent),
        day.Sum(one => one.Lost));

    private static string Summary(List<DayModel> days, IStringLocalizer<DayStrip> text) =>
        days.Find(day => day.Missing + day.Lost > 0) is { } incomplete
            ? text["Incomplete", days.Count(day => day.Missing + day.Lost == 0), days.Count, TitleOf(incomplete, text)]
            : text["Complete", days.Count];

    private static string ClassOf(DayModel day) =>
        day.Expected == 0 ? "empty" : day.Missing + day.Lost == 0 ? "full" : day.Recorded == 0 ? "none" : "part";

    private static string TitleOf(DayModel day, IStringLocalizer<DayStrip> text) => text[
        "Day", DateOnly.Parse(day.Day, CultureInfo.InvariantCulture).ToString("d", CultureInfo.CurrentCulture), day.Recorded, day.Expected];
}
