using System.Collections.Immutable;
using System.Globalization;
using Iec102.Acquisition.Verdicts;
using Iec102.Contract;
using Iec102.Fleet;

namespace Iec102.Server.Api;

/// <summary>Which meters a call about many of them is for, in which order, and which page of them.</summary>
internal static class MeterList
{
    private const int MostOnPage = 1000;

    private static readonly ImmutableArray<string> Verdicts = [.. Enum.GetValues<VerdictKind>().Select(Names.Of)];

    private static readonly Dictionary<string, Func<MeterModel, string?>> Orders = new(StringComparer.Ordinal)
    {
        ["id"] = meter => meter.Id,
        ["port"] = meter => meter.Port,
        ["name"] = meter => meter.Name,
        ["site"] = meter => meter.Site,
        ["group"] = meter => meter.Group,
        ["state"] = meter => meter.State,
        ["verdict"] = meter => Number(Verdicts.IndexOf(meter.Verdict)),
        ["lastSeen"] = meter => meter.LastSeen is { } seen
            ? Number(DateTimeOffset.Parse(seen, CultureInfo.InvariantCulture).ToUnixTimeSeconds())
            : null,
    };

    private static readonly Parameter Port = new("port", "Only the meters of this port.");
    private static readonly Parameter Site = new("site", "Only the meters of this site.");
    private static readonly Parameter Group = new("group", "Only the meters of this group.");
    private static readonly Parameter Tag = new("tag", "Only the meters that have this tag.");

    private static readonly Parameter Search = new(
        "q", "Only the meters with this text in id, port, name, site, group, tags, CUPS, meter number or serial number.");

    private static readonly Parameter Sort = new(
        "sort", "By what the meters are sorted; with - in front the other way round. Otherwise by id, as people count.",
        [.. Orders.Keys, .. Orders.Keys.Select(name => '-' + name)]);

    private static readonly Parameter Cursor = new("cursor", "The id of the last meter that was received: the page begins behind it.");
    private static readonly Parameter Limit = new("limit", $"The most meters on a page, 1 to {MostOnPage}. Otherwise there is one page.");

    /// <summary>Only what has one of these verdicts.</summary>
    public static Parameter Verdict { get; } = new("verdict", "Only what has one of these verdicts, separated by commas.", Verdicts)
    {
        IsList = true,
    };

    /// <summary>The parameters that <see cref="SelectAsync"/> reads.</summary>
    public static Parameter[] Parameters { get; } = [Verdict, Port, Site, Group, Tag, Search, Sort, Cursor, Limit];

    /// <summary>Whether something with this verdict is wanted.</summary>
    public static bool WantsVerdict(HttpContext context, string verdict) =>
        Given(context, Verdict) is not { } wanted || wanted.Split(',').Contains(verdict);

    /// <summary>
    /// The page of meters that a call selects, or what is wrong with the call. If there is a next page, the Link header of the answer says
    /// where.
    /// </summary>
    public static async Task<(IReadOnlyList<MeterModel> Meters, IResult? Problem)> SelectAsync(ServerNode node, HttpContext context)
    {
        if (Given(context, Port) is { } port && node.Fleet.Ports.All(one => one.Id != port))
            return ([], ApiEndpoints.NoPort(port));
        var limit = int.MaxValue;
        if (Given(context, Limit) is { } most
            && (!int.TryParse(most, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > MostOnPage))
        {
            return ([], Problem.Bad($"limit = '{most}' is not a whole number from 1 to {MostOnPage}."));
        }

        var meters = Sorted((await AllAsync(node)).Where(meter => IsWanted(context, meter)), Given(context, Sort) ?? "id").ToList();
        var begin = 0;
        if (Given(context, Cursor) is { } last)
        {
            begin = meters.FindIndex(meter => meter.Id == last) + 1;
            if (begin == 0)
                return ([], Problem.Bad($"cursor = '{last}' is not a meter of this list (any more): begin again without it."));
        }

        var page = meters.Skip(begin).Take(limit).ToList();
        if (begin + page.Count < meters.Count)
            context.Response.Headers.Link = $"<{Next(context, page[^1].Id)}>; rel=\"next\"";
        return (page, null);
    }

    private static async Task<IEnumerable<MeterModel>> AllAsync(ServerNode node)
    {
        var live = await node.LiveFleetAsync();
        var configured = node.Fleet.Meters.ToDictionary(meter => meter.Id, StringComparer.Ordinal);
        return from meter in live.Meters.ById.Values
               where meter.Status is not null
               let its = configured.GetValueOrDefault(meter.Id)
               select MeterModel.Of(
                   meter, live.Verdicts.OfMeter(meter.Id), its?.TimeZone ?? node.Fleet.TimeZone, its?.Labels ?? MeterLabels.None);
    }

    private static bool IsWanted(HttpContext context, MeterModel meter) =>
        WantsVerdict(context, meter.Verdict)
        && (Given(context, Port) is not { } port || meter.Port == port)
        && (Given(context, Site) is not { } site || Same(meter.Site, site))
        && (Given(context, Group) is not { } group || Same(meter.Group, group))
        && (Given(context, Tag) is not { } tag || meter.Tags.Any(one => Same(one, tag)))
        && (Given(context, Search) is not { } text
            || Texts(meter).Any(one => one?.Contains(text, StringComparison.OrdinalIgnoreCase) == true));

    private static IEnumerable<string?> Texts(MeterModel meter) =>
    [
        meter.Id, meter.Port, meter.Name, meter.Site, meter.Group, .. meter.Tags, meter.Cups, meter.MeterNumber,
        meter.SerialNumber?.ToString(CultureInfo.InvariantCulture),
    ];

    /// <summary>Those without what they are sorted by come last either way; those that are equal in it are sorted by id.</summary>
    private static IEnumerable<MeterModel> Sorted(IEnumerable<MeterModel> meters, string sort)
    {
        var key = Orders[sort.TrimStart('-')];
        var known = meters.OrderBy(meter => key(meter) is null);
        var sorted = sort[0] == '-'
            ? known.ThenByDescending(key, NaturalOrder.Instance)
            : known.ThenBy(key, NaturalOrder.Instance);
        return sorted.ThenBy(meter => meter.Id, NaturalOrder.Instance);
    }

    private static QueryString Next(HttpContext context, string cursor) => QueryString.Create(
        context.Request.Query.Where(one => !one.Key.Equals(Cursor.Name, StringComparison.OrdinalIgnoreCase))
            .Select(one => KeyValuePair.Create(one.Key, (string?)one.Value.ToString()))
            .Append(KeyValuePair.Create(Cursor.Name, (string?)cursor)));

    private static string? Given(HttpContext context, Parameter parameter) =>
        context.Request.Query[parameter.Name].ToString() is not "" and var value ? value : null;

    private static bool Same(string? left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
