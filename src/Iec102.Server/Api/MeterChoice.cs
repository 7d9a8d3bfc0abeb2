using System.Globalization;
using Iec102.Contract;
using Iec102.Fleet;

namespace Iec102.Server.Api;

/// <summary>Which meters a call is for: by their ids, by port and labels, or by a text.</summary>
internal static class MeterChoice
{
    private const string All = "all";

    private static readonly Parameter Meters = new(
        "meters", "The ids of the meters, separated by commas; all of them with all, or without this.")
    {
        IsList = true,
    };

    private static readonly Parameter Port = new("port", "Only the meters of this port.");
    private static readonly Parameter Site = new("site", "Only the meters of this site.");
    private static readonly Parameter Group = new("group", "Only the meters of this group.");
    private static readonly Parameter Tag = new("tag", "Only the meters that have this tag.");

    private static readonly Parameter Search = new(
        "q", "Only the meters with this text in id, port, name, site, group, tags, CUPS, meter number or serial number.");

    /// <summary>The parameters that <see cref="Has"/> reads.</summary>
    public static Parameter[] Labels { get; } = [Port, Site, Group, Tag, Search];

    /// <summary>The parameters that <see cref="TryChoose"/> reads.</summary>
    public static Parameter[] Parameters { get; } = [Meters, .. Labels];

    /// <summary>
    /// The meters of the fleet file that a call chooses, as people count; otherwise the problem names what does not exist.
    /// </summary>
    public static bool TryChoose(
        ServerNode node, HttpContext context, out IReadOnlyList<MeterConfiguration> meters, out IResult? problem)
    {
        problem = UnknownPort(node, context);
        meters = [];
        var chosen = new HashSet<string>(StringComparer.Ordinal);
        if (Given(context, Meters) is { } ids && ids != All)
        {
            chosen = ids.Split(',', StringSplitOptions.TrimEntries).ToHashSet(StringComparer.Ordinal);
            foreach (var id in chosen)
            {
                if (!ApiEndpoints.TryFind(node, id, out _, out var notFound))
                    problem ??= notFound;
            }
        }

        if (problem is not null)
            return false;
        meters =
        [
            .. node.Fleet.Meters.Where(meter => chosen.Count == 0 || chosen.Contains(meter.Id))
                .Where(meter => Has(context, meter.Id, meter.Port, meter.Labels, meter.SerialNumber))
                .OrderBy(meter => meter.Id, NaturalOrder.Instance),
        ];
        return true;
    }

    /// <summary>What is wrong with a call that names a port that does not exist; null when it does not.</summary>
    public static IResult? UnknownPort(ServerNode node, HttpContext context) =>
        Given(context, Port) is { } port && node.Fleet.Ports.All(one => one.Id != port) ? ApiEndpoints.NoPort(port) : null;

    /// <summary>Whether a call is for a meter, by its port, labels and text.</summary>
    public static bool Has(HttpContext context, string id, string port, MeterLabels labels, uint? serialNumber) =>
        (Given(context, Port) is not { } wanted || port == wanted)
        && (Given(context, Site) is not { } site || Same(labels.Site, site))
        && (Given(context, Group) is not { } group || Same(labels.Group, group))
        && (Given(context, Tag) is not { } tag || labels.Tags.Any(one => Same(one, tag)))
        && (Given(context, Search) is not { } text
            || Texts(id, port, labels, serialNumber).Any(one => one?.Contains(text, StringComparison.OrdinalIgnoreCase) == true));

    /// <summary>The value of a parameter; null when it is not given, or empty.</summary>
    public static string? Given(HttpContext context, Parameter parameter) =>
        context.Request.Query[parameter.Name].ToString() is not "" and var value ? value : null;

    private static IEnumerable<string?> Texts(string id, string port, MeterLabels labels, uint? serialNumber) =>
    [
        id, port, labels.Name, labels.Site, labels.Group, .. labels.Tags, labels.Cups, labels.MeterNumber,
        serialNumber?.ToString(CultureInfo.InvariantCulture),
    ];

    private static bool Same(string? left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
