using System.Globalization;
using Iec102.Lines;
using Iec102.Simulator;

namespace Iec102.Benchmarks.Wire;

/// <summary>Meters in this process, one on each line, and the fleet file with which a server reads them.</summary>
internal sealed class FarEnd : IDisposable
{
    /// <summary>The wire that is imitated where one is.</summary>
    public static readonly LineFormat Speed = new(9600, 8, Parity.None, 1);

    private const int Seed = 1;

    // An hourly and a quarter-hour curve.
    private const int IntervalsPerDay = 24 + 96;
    private readonly int _historyDays;
    private readonly FarEndLine[] _lines;

    /// <param name="lines">How many.</param>
    /// <param name="historyDays">How far their curves reach back.</param>
    /// <param name="speed">Their pace; none answers at once.</param>
    public FarEnd(int lines, int historyDays, LineFormat? speed)
    {
        _historyDays = historyDays;
        _lines = [.. Enumerable.Range(0, lines).Select(index => new FarEndLine(MakeMeter(index, historyDays), speed))];
    }

    /// <summary>Reading each meter's whole hourly and quarter-hour history, everything else at its defaults.</summary>
    public string Fleet
    {
        get
        {
            var ports = _lines.Select((line, index) => $"p-{index} {{ tcp = \"127.0.0.1:{line.Port}\" }}");
            var meters = _lines.Select((line, index) =>
                $"m-{index} {{ port = p-{index}, link-address = {line.Meter.Options.LinkAddress}, point-address = 1, password = {line.Meter.Options.Key}, profiles {{ {Curves} }} }}");
            return string.Join('\n', ["iec102 {", "ports {", .. ports, "}", "meters {", .. meters, "}", "}", ""]);
        }
    }

    /// <summary>A meter has been read to the end, so that what follows is idleness.</summary>
    public bool IsExhausted => _lines.Any(line => line.Meter.Counters.Snapshot().Intervals.Values.Sum() >= _historyDays * IntervalsPerDay);

    private string Curves => string.Create(CultureInfo.InvariantCulture, $"hourly {{ depth = {_historyDays}d }}, quarter-hour {{ enabled = true, depth = {_historyDays}d }}");

    /// <summary>Takes out what was measured since the last call.</summary>
    public IReadOnlyList<DeadTime> Take() => [.. _lines.SelectMany(line => line.Take())];

    /// <summary>When the first octets came in on each line where they have.</summary>
    public IReadOnlyList<long> FirstOctets() => [.. _lines.Select(line => line.FirstOctetsAt).Where(at => at != 0)];

    public void Dispose()
    {
        foreach (var line in _lines)
            line.Dispose();
    }

    // Without block reads a series has the most exchanges per second that a wire can carry.
    private static SimulatedMeter MakeMeter(int index, int historyDays)
    {
        var serialNumber = SimulatorHost.SerialNumberOf(Seed, index);
        var options = new MeterOptions($"m-{index}", serialNumber) { HistoryDays = historyDays, Behaviour = new MeterBehaviour { HasBlocks = false } };
        return new SimulatedMeter(options, point => new MeterData(Seed, serialNumber, point), TimeProvider.System);
    }
}
