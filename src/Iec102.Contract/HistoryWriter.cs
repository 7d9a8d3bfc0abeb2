using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Iec102.Contract;

/// <summary>Writes histories of current values, reading and writing as it goes; the stream stays open.</summary>
public static class HistoryWriter
{
    private const string Header = "meter,signal,step_end,value,unit,quality,meter_time,read_at";

    /// <summary>One meter as a JSON object.</summary>
    public static Task WriteJsonAsync(Stream output, CurrentHistoryModel meter, CancellationToken ct) =>
        JsonSerializer.SerializeAsync(output, meter, ContractJson.Options, ct);

    /// <summary>Meters as a JSON array.</summary>
    public static Task WriteJsonAsync(Stream output, IEnumerable<CurrentHistoryModel> meters, CancellationToken ct) =>
        JsonSerializer.SerializeAsync(output, meters, ContractJson.Options, ct);

    /// <summary>
    /// Meters as CSV with commas, LF and a header; a cell is empty where there is no value, date or step. No cell needs quotes.
    /// </summary>
    public static async Task WriteCsvAsync(Stream output, IEnumerable<CurrentHistoryModel> meters, CancellationToken ct)
    {
        var text = new StreamWriter(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
        await using (text)
        {
            await text.WriteAsync(Header + "\n");
            foreach (var meter in meters)
            {
                foreach (var signal in meter.Signals)
                {
                    foreach (var kept in signal.Values)
                        await text.WriteAsync(Line(meter.Meter, signal, kept).AsMemory(), ct);
                }
            }
        }
    }

    private static string Line(string meter, SignalHistoryModel signal, KeptValueModel kept) => string.Create(
        CultureInfo.InvariantCulture,
        $"{meter},{signal.Id},{kept.StepEnd},{kept.Value},{signal.Unit},{kept.Quality},{kept.MeterTime},{kept.ReadAt}\n");
}
