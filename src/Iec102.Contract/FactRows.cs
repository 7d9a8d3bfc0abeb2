using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Iec102.Contract;

/// <summary>
/// What meters report besides curves and current values, as lines of a CSV file for both read and export; a cell is empty where the meter
/// gave no value or no date.
/// </summary>
public static class FactRows
{
    private static readonly string[] Registers = ["a_plus", "a_minus", "r1", "r2", "r3", "r4", "res1", "res2"];

    /// <summary>A line for a meter.</summary>
    public static CsvRows Of(StoredMeterModel meter) => new(
        ["meter", "name", "site", "group", "tags", "cups", "meter_number", "time_zone", "serial_number", "manufacturer"],
        [
            [
                meter.Meter, meter.Name ?? "", meter.Site ?? "", meter.Group ?? "", string.Join(' ', meter.Tags), meter.Cups ?? "",
                meter.MeterNumber ?? "", meter.TimeZone ?? "", $"{meter.SerialNumber}", $"{meter.Manufacturer}",
            ],
        ]);

    /// <summary>A line for each event.</summary>
    public static CsvRows Of(EventsModel model) => CsvRows.Of(
        ["meter", "time", "record", "spa", "spq", "spi", "text", "read_at"], model.Events,
        one => [model.Meter, one.Time ?? "", Text(one.Record), Text(one.Spa), Text(one.Spq), Text(one.Spi), one.Text, one.ReadAt]);

    /// <summary>A line for each period of each contract; period 0 is the total.</summary>
    public static CsvRows Of(TariffModel model) => new(
        [
            "meter", "contract", "state", "period", "start", "end", "active", "active_increment", "active_q",
            "inductive", "inductive_increment", "inductive_q", "capacitive", "capacitive_increment", "capacitive_q",
            "maximum_kw", "maximum_at", "maximum_q", "excess", "excess_q", "read_at",
        ],
        from contract in model.Contracts
        from period in contract.Current.Select(one => (State: "current", Said: one))
            .Concat(contract.Closed.Select(one => (State: "closed", Said: one)))
        select OfPeriod([model.Meter, Text(contract.Contract), period.State], period.Said));

    /// <summary>A line for each closing.</summary>
    public static CsvRows Of(ClosingsModel model) => CsvRows.Of(
        ["meter", "at", .. Registers.SelectMany(name => (string[])[name, $"{name}_q"]), "derived", "read_at"], model.Closings, one =>
        [
            model.Meter, one.At,
            .. ((uint?[])[one.APlus, one.AMinus, one.R1, one.R2, one.R3, one.R4, one.Res1, one.Res2])
                .Zip(one.Quality, (register, quality) => (string[])[Text(register), Text(quality)]).SelectMany(cells => cells),
            one.Derived ? "true" : "false", one.ReadAt,
        ]);

    /// <summary>A line for each check, then one for each attempt to set the clock; both ordered by time.</summary>
    public static CsvRows Of(ClockModel model) => new(
        ["meter", "kind", "time", "label", "offset_seconds", "uncertainty_seconds", "drift_seconds_per_day", "outcome", "error"],
        model.Checks.Select(one => (string[])
        [
            model.Meter, "check", one.Time, one.MeterTime, Text(one.OffsetSeconds), Text(one.UncertaintySeconds),
            Text(one.DriftSecondsPerDay), "", "",
        ]).Concat(model.Writes.Select(one => (string[])
            [model.Meter, "write", one.Time, one.Written, Text(one.OffsetBeforeSeconds), "", "", one.Outcome, one.Error ?? ""])));

    /// <summary>A line for each field of each answer in the history.</summary>
    public static CsvRows Of(ConfigurationModel model) => new(
        ["meter", "type", "record", "first_read_at", "last_read_at", "serial_number", "field", "value"],
        from answer in model.History
        from field in Fields(answer.Value)
        select (string[])
        [
            model.Meter, Text(answer.Type), Text(answer.Record), answer.FirstReadAt, answer.LastReadAt, Text(answer.SerialNumber),
            field.Name, field.Value,
        ]);

    /// <summary>
    /// The single values of what is written as JSON, each named by its path: ratios.primaryVoltage, powers.1.power. Nulls, the meter and
    /// the time of reading are left out.
    /// </summary>
    public static List<(string Name, string Value)> Fields(object model)
    {
        var values = new List<(string, string)>();
        Flatten(JsonSerializer.SerializeToNode(model, model.GetType(), ContractJson.Options), "", values);
        return values;
    }

    private static void Flatten(JsonNode? node, string path, List<(string Field, string Value)> values)
    {
        switch (node)
        {
            case null:
                break;
            case JsonObject all:
                foreach (var (name, value) in all.Where(one => one.Key is not ("meter" or "readAt")))
                    Flatten(value, path.Length == 0 ? name : $"{path}.{name}", values);
                break;
            case JsonArray list when list.All(one => one is null or JsonValue):
                if (list.Count > 0)
                    values.Add((path, string.Join(", ", list.Select(one => one?.ToString() ?? "-"))));
                break;
            case JsonArray list:
                for (var i = 0; i < list.Count; i++)
                    Flatten(list[i], $"{path}.{i + 1}", values);
                break;
            default:
                values.Add((path, node.ToString()));
                break;
        }
    }

    private static string[] OfPeriod(string[] begin, TariffPeriodModel said) =>
    [
        .. begin, Text(said.Period), said.Start ?? "", said.End ?? "", .. OfEnergy(said.Active), .. OfEnergy(said.Inductive),
        .. OfEnergy(said.Capacitive), Text(said.MaximumDemand.Value), said.MaximumDemand.Time ?? "", Text(said.MaximumDemand.Quality),
        Text(said.Excess.Value), Text(said.Excess.Quality), said.ReadAt,
    ];

    private static string[] OfEnergy(TariffEnergyModel said) => [Text(said.Absolute), Text(said.Increment), Text(said.Quality)];

    private static string Text<T>(T? value) where T : IFormattable => value?.ToString(null, CultureInfo.InvariantCulture) ?? "";

    private static string Text<T>(T? value) where T : struct, IFormattable => value?.ToString(null, CultureInfo.InvariantCulture) ?? "";
}
