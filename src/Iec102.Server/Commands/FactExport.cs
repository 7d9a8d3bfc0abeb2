using System.Text;
using System.Text.Json;
using Iec102.Acquisition;
using Iec102.Protocol.Application;
using Iec102.Server.Commands.Common;
using Iec102.Server.Commands.Reads;
using Iec102.Server.Contract;
using Iec102.Storage.Reading;

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
        var text = new StreamWriter(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
        await using (text)
        {
            if (Format == OutputFormat.Json && AsList)
                await text.WriteAsync('[');
            for (var i = 0; i < Meters.Count; i++)
            {
                ct.ThrowIfCancellationRequested();
                Write(text, Meters[i].Meter, Meters[i].Range, isFirst: i == 0);
                done?.Invoke((i + 1.0) / Meters.Count);
            }
            if (Format == OutputFormat.Json && AsList)
                await text.WriteAsync(']');
        }
    }

    private void Write(StreamWriter text, StoredMeter meter, TimeRange range, bool isFirst)
    {
        var (model, rows) = Read(meter, range);
        if (Format == OutputFormat.Csv)
        {
            rows.WriteCsv(text, withHeadings: isFirst);
            return;
        }
        if (!isFirst)
            text.Write(',');
        text.Write(JsonSerializer.Serialize(model, ContractJson.Options));
    }

    private (object Model, Rows Rows) Read(StoredMeter meter, TimeRange range)
    {
        var (id, zone) = (meter.Id, meter.Zone);
        switch (What)
        {
            case "events":
                var events = EventsModel.Of(id, Store.Events(id, range), zone, Language);
                return (events, FactRows.Of(events));
            case "tariff":
                var tariff = TariffModel.Of(id, Store.Tariff(id, range), zone);
                return (tariff, FactRows.Of(tariff));
            case "closings":
                var closings = ClosingsModel.Of(id, Store.Closings(id, range), zone);
                return (closings, FactRows.Of(closings));
            case "clock":
                var clock = ClockModel.Of(id, Store.ClockChecks(id, range), Store.ClockWrites(id, range), zone);
                return (clock, FactRows.Of(clock));
            default:
                var configuration = ConfigurationModel.Of(Store, id, zone);
                return (configuration, FactRows.Of(configuration));
        }
    }
}
