using System.Globalization;
using System.Text;
using Iec102.Contract;

namespace Iec102.Page.Pages;

/// <summary>Which curves of which meters are to be downloaded, of which days, and in which form.</summary>
public sealed record DataChoice
{
    /// <summary>The curves, as the API names them.</summary>
    public static IReadOnlyList<string> AllCurves { get; } = ["hourly", "quarter-hour", DailyClosing];

    /// <summary>The periods: all but the last follow from the day.</summary>
    public static IReadOnlyList<string> Periods { get; } = ["yesterday", "week", "month", "last-month", Own];

    /// <summary>The absolute registers at midnight, whose gaps are not counted.</summary>
    private const string DailyClosing = "daily-closing";

    private const string Own = "own";

    /// <summary>A part of the id, a label or a number of the meters.</summary>
    public string Text { get; init; } = "";

    /// <summary>Their site; empty for all.</summary>
    public string Site { get; init; } = "";

    /// <summary>Their group; empty for all.</summary>
    public string Group { get; init; } = "";

    /// <summary>One of <see cref="Periods"/>.</summary>
    public string Period { get; init; } = Periods[0];

    /// <summary>The first day of a period of one's own.</summary>
    public DateOnly? First { get; init; }

    /// <summary>The last day of a period of one's own.</summary>
    public DateOnly? Last { get; init; }

    /// <summary>The chosen curves.</summary>
    public IReadOnlyList<string> Curves { get; init; } = [AllCurves[0]];

    /// <summary>The form: csv or json.</summary>
    public string Format { get; init; } = "csv";

    /// <summary>Whether the days are one's own.</summary>
    public bool IsOwn => Period == Own;

    /// <summary>Whether there is something to ask for.</summary>
    public bool IsWhole => Curves.Count > 0 && (!IsOwn || (First is not null && Last >= First));

    /// <summary>Whether the completeness of any chosen curve is known.</summary>
    public bool HasRecorded => Curves.Any(curve => curve != DailyClosing);

    /// <summary>Whether a meter is chosen.</summary>
    public bool Has(MeterModel meter) => new FleetFilter { Text = Text, Site = Site, Group = Group }.Apply([meter], _ => null).Count > 0;

    /// <summary>With a curve, or without it when it was chosen.</summary>
    public DataChoice Turn(string curve) =>
        this with { Curves = [.. AllCurves.Where(one => Curves.Contains(one) != (one == curve))] };

    /// <summary>The first and the last day.</summary>
    /// <param name="today">The day in the zone of the fleet.</param>
    public (DateOnly First, DateOnly Last) Days(DateOnly today)
    {
        var month = new DateOnly(today.Year, today.Month, 1);
        return Period switch
        {
            "yesterday" => (today.AddDays(-1), today.AddDays(-1)),
            // Weeks begin on Monday.
            "week" when today.AddDays(-7 - ((int)today.DayOfWeek + 6) % 7) is var monday => (monday, monday.AddDays(6)),
            "month" => (month, today),
            "last-month" => (month.AddMonths(-1), month.AddDays(-1)),
            _ => (First ?? today, Last ?? today),
        };
    }

    /// <summary>The call that says how complete it is.</summary>
    public string CompletenessPath(DateOnly today) =>
        $"/api/completeness?{Query(today, Curves.Where(curve => curve != DailyClosing))}";

    /// <summary>The call that writes the file.</summary>
    public string ExportPath(DateOnly today) => $"/api/export?{Query(today, Curves)}&format={Format}";

    private string Query(DateOnly today, IEnumerable<string> curves)
    {
        var (first, last) = Days(today);
        var query = new StringBuilder(
            string.Create(CultureInfo.InvariantCulture, $"from={first:yyyy-MM-dd}&to={last.AddDays(1):yyyy-MM-dd}"));
        query.Append("&curves=").Append(string.Join(',', curves));
        foreach (var (name, value) in ((string, string)[])[("q", Text.Trim()), ("site", Site), ("group", Group)])
        {
            if (value != "")
                query.Append('&').Append(name).Append('=').Append(Uri.EscapeDataString(value));
        }

        return query.ToString();
    }
}
