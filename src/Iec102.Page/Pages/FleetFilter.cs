using System.Globalization;
using Iec102.Contract;

namespace Iec102.Page.Pages;

/// <summary>Which meters of the fleet are shown, in which order.</summary>
public sealed record FleetFilter
{
    /// <summary>The most meters on one page of the table.</summary>
    public const int PageSize = 50;

    /// <summary>A part of id, name, site, CUPS, meter number or serial number.</summary>
    public string Text { get; init; } = "";

    /// <summary>The site; empty for all.</summary>
    public string Site { get; init; } = "";

    /// <summary>The group; empty for all.</summary>
    public string Group { get; init; } = "";

    /// <summary>The port; empty for all.</summary>
    public string Port { get; init; } = "";

    /// <summary>The node; empty for all.</summary>
    public string Node { get; init; } = "";

    /// <summary>The verdict as the API names it; empty for all.</summary>
    public string Verdict { get; init; } = "";

    /// <summary>The column by which the meters are sorted: verdict, name, site, power, clock or since.</summary>
    public string Sort { get; init; } = "verdict";

    /// <summary>Whether the order is turned round.</summary>
    public bool Descending { get; init; }

    /// <summary>Whether anything is filtered.</summary>
    public bool IsNarrowed => Text + Site + Group + Port + Node + Verdict != "";

    /// <summary>The meters that match, in order: by verdict what needs a person comes first.</summary>
    public IReadOnlyList<MeterModel> Apply(IEnumerable<MeterModel> meters, Func<MeterModel, double?> power)
    {
        var matching = meters.Where(Matches);
        var sorted = Sort switch
        {
            "name" => By(matching, meter => meter.Name ?? meter.Id, StringComparer.CurrentCultureIgnoreCase),
            "site" => By(matching, meter => meter.Site, StringComparer.CurrentCultureIgnoreCase),
            "power" => By<double?>(matching, power),
            "clock" => By<double?>(matching, meter => meter.ClockOffsetSeconds is { } offset ? -Math.Abs(offset) : null),
            "since" => By<long?>(matching, meter => TicksOf(meter.Since)),
            _ => By<int?>(matching, meter => Urgency(meter.Verdict)),
        };
        return [.. sorted];
    }

    private static long? TicksOf(string? moment) =>
        moment is null ? null : DateTimeOffset.Parse(moment, CultureInfo.InvariantCulture).UtcTicks;

    private static int Urgency(string verdict) => verdict switch
    {
        "down" => 0,
        "attention" => 1,
        "unknown" => 2,
        "catching-up" => 3,
        "ok" => 4,
        _ => 5,
    };

    /// <summary>What has no value comes last in either order; within the same value, the order of ids stays.</summary>
    private IEnumerable<MeterModel> By<T>(IEnumerable<MeterModel> meters, Func<MeterModel, T?> key, IComparer<T?>? comparer = null)
    {
        var known = meters.OrderBy(meter => key(meter) is null);
        return Descending ? known.ThenByDescending(key, comparer) : known.ThenBy(key, comparer);
    }

    private bool Matches(MeterModel meter) =>
        (Site == "" || meter.Site == Site) && (Group == "" || meter.Group == Group) && (Port == "" || meter.Port == Port)
        && (Node == "" || meter.Node == Node) && (Verdict == "" || meter.Verdict == Verdict)
        && (Text == "" || Texts(meter).Any(text => text?.Contains(Text.Trim(), StringComparison.CurrentCultureIgnoreCase) == true));

    private static string?[] Texts(MeterModel meter) =>
    [
        meter.Id, meter.Name, meter.Site, meter.Group, meter.Port, meter.Cups, meter.MeterNumber,
        meter.SerialNumber?.ToString(CultureInfo.InvariantCulture), .. meter.Tags,
    ];
}
