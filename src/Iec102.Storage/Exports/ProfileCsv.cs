using System.Globalization;
using System.Text;
using CsvHelper;
using Iec102.Protocol.Application;
using Iec102.Storage.Schema;

namespace Iec102.Storage.Exports;

/// <summary>
/// Writes profiles as CSV: separated by commas, lines ended by LF, UTF-8 without a byte order mark, quality octets in decimal, and nothing
/// between the commas where a value was not delivered.
/// </summary>
public static class ProfileCsv
{
    /// <summary>The first line.</summary>
    public const string Header =
        "meter,curve,interval_end,a_plus,a_plus_q,a_minus,a_minus_q,r1,r1_q,r2,r2_q,r3,r3_q,r4,r4_q,res1,res1_q,res2,res2_q";

    private static readonly CsvWriterOptions Options = new() { NewLine = "\n" };

    /// <summary>Writes the header and all intervals. The intervals are read while the text is written, and the stream stays open.</summary>
    /// <param name="output">Where it is written.</param>
    /// <param name="series">The curves.</param>
    /// <param name="withLabels">Whether the lines end with the labels of the meters (<see cref="LabelColumns"/>).</param>
    /// <param name="cancellation">Stops it.</param>
    public static async Task WriteAsync(
        Stream output, IEnumerable<ProfileSeries> series, bool withLabels = false, CancellationToken cancellation = default)
    {
        var text = new StreamWriter(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
        await using (text)
        {
            await text.WriteAsync((withLabels ? $"{Header},{string.Join(',', LabelColumns.Names)}" : Header) + "\n");
            var csv = CsvWriter.Create(text, Options, leaveOpen: true);
            await using (csv)
            {
                foreach (var one in series)
                {
                    var labels = withLabels ? LabelColumns.CellsOf(one.Labels) : [];
                    foreach (var interval in one.Intervals)
                    {
                        cancellation.ThrowIfCancellationRequested();
                        WriteFields(csv, one, interval);
                        foreach (var label in labels)
                            csv.WriteField(label);
                        await csv.EndRecordAsync(cancellation);
                    }
                }
            }
        }
    }

    private static void WriteFields(CsvWriter csv, ProfileSeries series, StoredInterval interval)
    {
        csv.WriteField(series.Meter);
        csv.WriteField(series.Curve);
        csv.WriteField(ZonedText.Format(interval.End, series.Zone));
        for (int address = ObjectAddress.FirstTotal; address <= ObjectAddress.LastTotal; address++)
        {
            var present = interval.Row.Has(address);
            csv.WriteField(present ? interval.Row.GetValue(address).ToString(CultureInfo.InvariantCulture) : "");
            csv.WriteField(present ? ((byte)interval.Row.GetQuality(address)).ToString(CultureInfo.InvariantCulture) : "");
        }
    }
}
