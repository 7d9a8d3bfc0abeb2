using System.Text.Json;
using Iec102.Acquisition;
using Iec102.Contract;
using Iec102.Protocol.Application;
using Iec102.Server.Commands.Common;
using Iec102.Storage.Exports;
using Iec102.Storage.Reading;

namespace Iec102.Server.Commands;

/// <summary>What meters report besides curves and current values, in the same form as in the REST API.</summary>
/// <param name="Store">The store to read from.</param>
/// <param name="Meters">The meters, each with its range.</param>
/// <param name="What">One of <see cref="Whats"/>.</param>
/// <param name="Language">The language of events.</param>
/// <param name="Format">CSV or JSON.</param>
/// <param name="WithLabels">Whether lines of CSV end with the labels of the meter.</param>
/// <param name="AsList">Whether to write a list even for a single meter; matters only for JSON.</param>
internal sealed record FactExport(
    ReadingsStore Store, IReadOnlyList<(StoredMeter Meter, TimeRange Range)> Meters, string What, EventLanguage Language,
    OutputFormat Format, bool WithLabels, bool AsList) : IExport
{
    /// <summary>The values of --what that this export writes.</summary>
    public static readonly string[] Whats = ["events", "tariff", "closings", "configuration", "clock", "meters"];

    public string Title => What;

    public async Task WriteAsync(Stream output, Action<double>? done, CancellationToken ct)
    {
        var models = Meters.Select((one, i) =>
        {
            done?.Invoke((double)i / Meters.Count);
            return ModelOf(one.Meter, one.Range);
        });
        if (Format == OutputFormat.Csv)
        {
            foreach (var (model, i) in models.Select((model, i) => (model, i)))
            {
                var rows = RowsOf(model);
                if (WithLabels)
                    rows = rows.With(LabelColumns.Names, LabelColumns.CellsOf(Meters[i].Meter.Labels));
                await rows.WriteAsync(output, withHeadings: i == 0, ct);
            }
        }
        else if (AsList)
            await JsonSerializer.SerializeAsync(output, models, ContractJson.Options, ct);
        else
            await JsonSerializer.SerializeAsync(output, models.Single(), ContractJson.Options, ct);
    }

    private object ModelOf(StoredMeter stored, TimeRange range)
    {
        var (meter, zone) = (stored.Id, stored.Zone);
        return What switch
        {
            "events" => EventsModel.Of(meter, Store.Events(meter, range), zone, Language),
            "tariff" => TariffModel.Of(Store, meter, range, zone),
            "closings" => ClosingsModel.Of(meter, Store.Closings(meter, range), zone),
            "clock" => ClockModel.Of(meter, Store.ClockChecks(meter, range), Store.ClockWrites(meter, range), zone),
            "meters" => StoredMeterModel.Of(stored),
            _ => ConfigurationModel.Of(Store, meter, zone),
        };
    }

    private static CsvRows RowsOf(object model) => model switch
    {
        EventsModel events => FactRows.Of(events),
        TariffModel tariff => FactRows.Of(tariff),
        ClosingsModel closings => FactRows.Of(closings),
        ClockModel clock => FactRows.Of(clock),
        StoredMeterModel meter => FactRows.Of(meter),
        _ => FactRows.Of((ConfigurationModel)model),
    };
}
