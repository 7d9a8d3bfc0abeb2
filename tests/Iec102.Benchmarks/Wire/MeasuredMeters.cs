using System.Globalization;
using Iec102.Lines;
using Iec102.Simulator.Data;
using Iec102.Simulator.Hosting;
using Iec102.Simulator.Meters;

namespace Iec102.Benchmarks.Wire;

/// <summary>Meters in this process, one on each line, and the fleet file with which a server reads them.</summary>
internal sealed class MeasuredMeters : IDisposable
{
    /// <summary>The wire that is imitated where the lines keep a pace.</summary>
    public static readonly LineFormat Speed = new(9600, 8, Parity.None, 1);

    private const int Seed = 1;

    // One hourly and one quarter-hour curve.
    private const int IntervalsPerDay = 24 + 96;
    private readonly int _historyDays;
    private readonly MeasuredLine[] _lines;

    /// <param name="lines">How many lines there are, each with one meter.</param>
    /// <param name="historyDays">How many days the curves reach back.</param>
    /// <param name="speed">The pace of the lines; null to answer at once.</param>
    public MeasuredMeters(int lines, int historyDays, LineFormat? speed)
    {
        _historyDays = historyDays;
        _lines = [.. Enumerable.Range(0, lines).Select(index => new MeasuredLine(MakeMeter(index, historyDays), speed))];
    }

    /// <summary>A fleet that reads each meter's complete hourly and quarter-hour history, with defaults for everything else.</summary>
    public string Fleet
    {
        get
        {
            var ports = _lines.Select((line, index) => $"p-{index} {{ tcp = \"127.0.0.1:{line.Port}\" }}");
            var meters = _lines.Select((line, index) =>
                $"m-{index} {{ port = p-{index}, link-address = {line.Meter.Options.LinkAddress}, point-address = 1, "
                + $"password = {line.Meter.Options.Key}, profiles {{ {Curves} }} }}");
            return string.Join('\n', ["iec102 {", "ports {", .. ports, "}", "meters {", .. meters, "}", "}", ""]);
        }
    }

    /// <summary>Whether a meter has been read to the end: from then on its line is idle.</summary>
    public bool IsExhausted => _lines.Any(line => line.Meter.Counters.Snapshot().Intervals.Values.Sum() >= _historyDays * IntervalsPerDay);

    private string Curves => string.Create(
        CultureInfo.InvariantCulture, $"hourly {{ depth = {_historyDays}d }}, quarter-hour {{ enabled = true, depth = {_historyDays}d }}");

    /// <summary>Returns and removes what was measured since the last call.</summary>
    public IReadOnlyList<DeadTime> Take() => [.. _lines.SelectMany(line => line.Take())];

    /// <summary>When the first octets arrived, for each line on which any have arrived.</summary>
    public IReadOnlyList<long> FirstOctets() => [.. _lines.Select(line => line.FirstOctetsAt).Where(at => at != 0)];

    public void Dispose()
    {
        foreach (var line in _lines)
            line.Dispose();
    }

    // Without block reads a series has as many frames and answers per second as a wire can carry, so these meters refuse block reads.
    private static SimulatedMeter MakeMeter(int index, int historyDays)
    {
        var serialNumber = SimulatorHost.SerialNumberOf(Seed, index);
        var behaviour = new MeterBehaviour { HasBlocks = false };
        var options = new MeterOptions($"m-{index}", serialNumber) { HistoryDays = historyDays, Behaviour = behaviour };
        return new SimulatedMeter(options, point => new MeterData(Seed, serialNumber, point), TimeProvider.System);
    }
}
