using Iec102.Protocol.Application;
using Iec102.Protocol.Description;
using Iec102.Server.Commands.Common;
using Iec102.Storage.Exports;
using Iec102.Storage.Schema;
using NodaTime;

namespace Iec102.Server.Commands.Reads;

/// <summary>
/// Intervals or closings in the formats of a profile; the table for people has civil times, units, and the quality octets in words.
/// </summary>
/// <param name="series">What was read.</param>
internal sealed class ProfileOutput(ProfileSeries series) : IReadOutput
{
    /// <summary>The headings of the table.</summary>
    public static IReadOnlyList<string> Headings { get; } =
        ["interval end", "A+ kWh", "A- kWh", "R1 kvarh", "R2 kvarh", "R3 kvarh", "R4 kvarh", "quality"];

    private static int Shown => Headings.Count - 2;

    /// <inheritdoc/>
    public async Task WriteAsync(TextWriter output, OutputFormat format)
    {
        if (format == OutputFormat.Csv)
            await ProfileCsv.WriteAsync(output.Octets(), [series]);
        else if (format == OutputFormat.Json)
            await ProfileJson.WriteAsync(output.Octets(), series);
        else
            TextTable.Write(output, Headings, series.Intervals.Select(interval => CellsOf(interval, series.Zone)));
    }

    /// <summary>The cells of an interval under <see cref="Headings"/>.</summary>
    public static string[] CellsOf(StoredInterval interval, DateTimeZone zone) =>
        [ValueRead.Local(interval.End, zone), .. Addresses().Select(address => ValueOf(interval.Row, address)), QualityOf(interval.Row)];

    private static IEnumerable<int> Addresses() => Enumerable.Range(ObjectAddress.FirstTotal, Shown);

    private static string ValueOf(in TotalsRow row, int address) => row.Has(address) ? $"{row.GetValue(address)}" : "-";

    /// <summary>The quality once if it is the same for all values, otherwise each value that is not good with its quality.</summary>
    private static string QualityOf(TotalsRow row)
    {
        var qualities = Addresses().Where(address => row.Has(address))
            .Select(address => (Address: address, Quality: row.GetQuality(address))).ToList();
        if (qualities.Select(value => value.Quality).Distinct().Count() <= 1)
            return qualities.Count == 0 ? "-" : qualities[0].Quality.InWords();
        var remarkable = qualities.Where(value => value.Quality != Quality.None);
        return string.Join("; ", remarkable.Select(value => $"{Headings[value.Address].Split(' ')[0]} {value.Quality.InWords()}"));
    }
}
