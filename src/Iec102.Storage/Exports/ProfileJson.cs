using System.Text.Encodings.Web;
using System.Text.Json;
using Iec102.Protocol.Application;
using Iec102.Storage.Schema;

namespace Iec102.Storage.Exports;

/// <summary>
/// Writes profiles as JSON in camelCase: meter, curve, units, intervals [ end, periodMinutes, aPlus, aMinus, r1, r2, r3, r4, res1, res2,
/// quality [8], revision ]; null where a value was not delivered.
/// </summary>
public static class ProfileJson
{
    private const int FlushAt = 32 * 1024;

    // The text is not put into an HTML page, so the plus sign of an offset need not be escaped.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly JsonEncodedText[] Totals =
        new[] { "aPlus", "aMinus", "r1", "r2", "r3", "r4", "res1", "res2" }.Select(name => JsonEncodedText.Encode(name)).ToArray();

    /// <summary>Writes one curve as an object. The intervals are read while the text is written, and the stream stays open.</summary>
    public static async Task WriteAsync(Stream output, ProfileSeries series, CancellationToken cancellation = default)
    {
        var json = new Utf8JsonWriter(output, Options);
        await using (json)
            await WriteSeries(json, series, cancellation);
    }

    /// <summary>Writes several curves as an array of objects, one for each curve.</summary>
    public static async Task WriteAllAsync(Stream output, IEnumerable<ProfileSeries> series, CancellationToken cancellation = default)
    {
        var json = new Utf8JsonWriter(output, Options);
        await using (json)
        {
            json.WriteStartArray();
            foreach (var one in series)
                await WriteSeries(json, one, cancellation);
            json.WriteEndArray();
        }
    }

    private static async Task WriteSeries(Utf8JsonWriter json, ProfileSeries series, CancellationToken cancellation)
    {
        json.WriteStartObject();
        json.WriteString("meter", series.Meter);
        json.WriteString("curve", series.Curve);
        json.WriteStartObject("units");
        foreach (var (name, unit) in EnergyUnits.ByName)
            json.WriteString(name, unit);
        json.WriteEndObject();
        json.WriteStartArray("intervals");
        foreach (var interval in series.Intervals)
        {
            WriteInterval(json, series, interval);
            if (json.BytesPending > FlushAt)
                await json.FlushAsync(cancellation);
        }
        json.WriteEndArray();
        json.WriteEndObject();
        await json.FlushAsync(cancellation);
    }

    private static void WriteInterval(Utf8JsonWriter json, ProfileSeries series, StoredInterval interval)
    {
        json.WriteStartObject();
        json.WriteString("end", ZonedText.Format(interval.End, series.Zone));
        json.WriteNumber("periodMinutes", interval.PeriodMinutes);
        for (int address = ObjectAddress.FirstTotal; address <= ObjectAddress.LastTotal; address++)
        {
            json.WritePropertyName(Totals[address - ObjectAddress.FirstTotal]);
            WriteNumber(json, interval.Row.Has(address) ? interval.Row.GetValue(address) : null);
        }
        json.WriteStartArray("quality");
        for (int address = ObjectAddress.FirstTotal; address <= ObjectAddress.LastTotal; address++)
            WriteNumber(json, interval.Row.Has(address) ? (uint)interval.Row.GetQuality(address) : null);
        json.WriteEndArray();
        json.WriteNumber("revision", interval.Revision);
        json.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter json, uint? number)
    {
        if (number is { } value)
            json.WriteNumberValue(value);
        else
            json.WriteNullValue();
    }
}
