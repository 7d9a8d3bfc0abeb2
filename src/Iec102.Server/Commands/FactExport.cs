using System.Text.Json;
using Iec102.Acquisition;
using Iec102.Protocol.Application;
using Iec102.Server.Commands.Common;
using Iec102.Server.Contract;
using Iec102.Storage.Reading;
using NodaTime;

namespace Iec102.Server.Commands;

/// <summary>What meters report besides curves and current values, in the same form as in the REST API.</summary>
/// <param name="Store">The store to read from.</param>
/// <param name="Meters">The meters, each with its range.</param>
/// <param name="What">One of <see cref="Whats"/>.</param>
/// <param name="Language">The language of events.</param>
/// <param name="Format">CSV or JSON.</param>
/// <param name="AsList">Whether to write a list even for a single meter; matters only for JSON.</param>
internal sealed record FactExport(
    ReadingsStore Store, IReadOnlyList<(StoredMeter Meter, TimeRange Range)> Meters, string What, EventLanguage Language,
    OutputFormat Format, bool AsList) : IExport
{
    /// <summary>The values of --what that this export writes.</summary>
    public static readonly string[] Whats = ["events", "tariff", "closings", "configuration", "clock"];

    public string Title => What;

    public async Task WriteAsync(Stream output, Action<double>? done, CancellationToken ct)
    {
        var models = Meters.Select((one, i) =>
        {
            done?.Invoke((double)i / Meters.Count);
            return ModelOf(one.Meter.Id, one.Range, one.Meter.Zone);
        });
        if (Format == OutputFormat.Csv)
        {
            var isFirst = true;
            foreach (var model in models)
            {
                await RowsOf(model).WriteAsync(output, withHeadings: isFirst, ct);
                isFirst = false;
            }
        }
        else if (AsList)
            await JsonSerializer.SerializeAsync(output, models, ContractJson.Options, ct);
        else
            await JsonSerializer.SerializeAsync(output, models.Single(), ContractJson.Options, ct);
    }

    private object ModelOf(string meter, TimeRange range, DateTimeZone zone) => What switch
    {
        "events" => EventsModel.Of(meter, Store.Events(meter, range), zone, Language),
        "tariff" => TariffModel.Of(Store, meter, range, zone),
        "closings" => ClosingsModel.Of(meter, Store.Closings(meter, range), zone),
        "clock" => ClockModel.Of(meter, Store.ClockChecks(meter, range), Store.ClockWrites(meter, range), zone),
        _ => ConfigurationModel.Of(Store, meter, zone),
    };

    private static CsvRows RowsOf(object model) => model switch
    {
        EventsModel events => FactRows.Of(events),
        TariffModel tariff => FactRows.Of(tariff),
        ClosingsModel closings => FactRows.Of(closings),
        ClockModel clock => FactRows.Of(clock),
        _ => FactRows.Of((ConfigurationModel)model),
    };
}
