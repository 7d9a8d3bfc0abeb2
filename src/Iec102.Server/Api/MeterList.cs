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
    public static Parameter[] Parameters { get; } = [Verdict, .. MeterChoice.Labels, Sort, Cursor, Limit];

    /// <summary>Whether something with this verdict is wanted.</summary>
    public static bool WantsVerdict(HttpContext context, string verdict) =>
        MeterChoice.Given(context, Verdict) is not { } wanted || wanted.Split(',').Contains(verdict);

    /// <summary>
    /// The page of meters that a call selects, or what is wrong with the call. If there is a next page, the Link header of the answer says
    /// where.
    /// </summary>
    public static async Task<(IReadOnlyList<MeterModel> Meters, IResult? Problem)> SelectAsync(ServerNode node, HttpContext context)
    {
        if (MeterChoice.UnknownPort(node, context) is { } problem)
            return ([], problem);
        var limit = int.MaxValue;
        if (MeterChoice.Given(context, Limit) is { } most
            && (!int.TryParse(most, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > MostOnPage))
        {
            return ([], Problem.Bad($"limit = '{most}' is not a whole number from 1 to {MostOnPage}."));
        }

        var wanted = (await ChosenAsync(node, context)).Where(meter => WantsVerdict(context, meter.Verdict));
        var meters = Sorted(wanted, MeterChoice.Given(context, Sort) ?? "id").ToList();
        var begin = 0;
        if (MeterChoice.Given(context, Cursor) is { } last)
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

    private static async Task<IEnumerable<MeterModel>> ChosenAsync(ServerNode node, HttpContext context)
    {
        var live = await node.LiveFleetAsync();
        var configured = node.Fleet.Meters.ToDictionary(meter => meter.Id, StringComparer.Ordinal);
        return from meter in live.Meters.ById.Values
               let its = configured.GetValueOrDefault(meter.Id)
               let labels = its?.Labels ?? MeterLabels.None
               where meter.Status is { } status && MeterChoice.Has(context, meter.Id, status.Port, labels, status.SerialNumber)
               select MeterModel.Of(meter, live.Verdicts.OfMeter(meter.Id), its?.TimeZone ?? node.Fleet.TimeZone, labels);
    }

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

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
