using Iec102.Storage.Reading;

namespace Iec102.Contract;

/// <summary>A meter of which something is stored: what it is called, where it belongs, and what it said of itself.</summary>
public sealed record StoredMeterModel(
    string Meter, string? Name, string? Site, string? Group, IReadOnlyList<string> Tags, string? Cups, string? MeterNumber,
    string? TimeZone, uint? SerialNumber, int? Manufacturer)
{
    public static StoredMeterModel Of(StoredMeter meter)
    {
        var labels = meter.Labels;
        return new StoredMeterModel(
            meter.Id, labels.Name, labels.Site, labels.Group, labels.Tags, labels.Cups, labels.MeterNumber, meter.ZoneId,
            meter.Identification?.SerialNumber, meter.Identification?.Manufacturer);
    }
}
