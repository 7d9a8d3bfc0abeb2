using Iec102.Lines;
using Iec102.Simulator.Data;
using Iec102.Simulator.Lines;
using Iec102.Simulator.Meters;
using NodaTime;

namespace Iec102.Simulator.Hosting;

/// <summary>One line of a running simulator.</summary>
/// <param name="Line">The line with its meters and counters.</param>
/// <param name="Address">Where a master connects: HOST:PORT or a device.</param>
/// <param name="Port">The TCP port; null for a pseudo terminal.</param>
public sealed record ServedLine(SimulatedLine Line, string Address, int? Port);

/// <summary>
/// Simulated meters that answer on TCP ports or pseudo terminals until the host is disposed. It does all the work of the command
/// <c>simulate</c> and half of that of <c>demo</c>. The host writes the fleet file once, before <see cref="StartAsync"/> returns, and
/// updates the truth files and the counters about every second. Intervals that end while it runs can be read without further action.
/// </summary>
public sealed class SimulatorHost : IAsyncDisposable
{
    private static readonly TimeSpan BookkeepingPeriod = TimeSpan.FromSeconds(1);

    private readonly SimulatorOptions _options;
    private readonly TimeProvider _time;
    private readonly WireTimer _timer;
    private readonly List<IStation> _stations = [];
    private readonly List<(TruthWriter Writer, SimulatedMeter Meter)> _truths = [];
    private readonly CancellationTokenSource _stopping = new();
    private TalkRecord? _record;
    private long _framesInBook = -1;
    private bool _started;

    private SimulatorHost(SimulatorOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
        _timer = new WireTimer(time);
    }

    /// <summary>The lines, in order.</summary>
    public IReadOnlyList<ServedLine> Lines { get; private set; } = [];

    /// <summary>The meters, in order.</summary>
    public IEnumerable<SimulatedMeter> Meters => Lines.SelectMany(line => line.Line.Meters);

    /// <summary>The text of the matching fleet file.</summary>
    public string Fleet => FleetFile.Text(_options, _stations);

    /// <summary>
    /// Completes when the simulator has stopped; fails when it cannot continue, for example because the disk for the counters is full.
    /// </summary>
    public Task Running { get; private set; } = Task.CompletedTask;

    /// <summary>The serial number of the meter with this index, from 0; serial numbers are distinct within a seed.</summary>
    public static uint SerialNumberOf(long seed, int index) =>
        (uint)(10_000_000 + Mix.Hash((ulong)seed, 0, 0, 0) % 8000 * 10_000 + (ulong)index);

    /// <summary>Starts the meters; every line is reachable when the task completes.</summary>
    /// <param name="options">What to start.</param>
    /// <param name="time">The clock; the system's by default.</param>
    /// <exception cref="SimulatorException">The options contradict each other, or a port, device or file is not available.</exception>
    public static async Task<SimulatorHost> StartAsync(SimulatorOptions options, TimeProvider? time = null)
    {
        if (options.Problem is { } problem)
            throw new SimulatorException(problem);
        var host = new SimulatorHost(options, time ?? TimeProvider.System);
        try
        {
            host.Start();
            return host;
        }
        catch (Exception error)
        {
            await host.DisposeAsync();
            if (error is LineException or IOException or UnauthorizedAccessException)
                throw new SimulatorException(error.Message, error);
            throw;
        }
    }

    /// <summary>Stops the meters, and writes the truth files and the counters a last time.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var station in _stations)
            await station.DisposeAsync();
        _record?.Dispose();
        _timer.Dispose();
        _stopping.Dispose();
        if (_started)
            KeepBooks();
    }

    private void Start()
    {
        if (_options.PtyDirectory is { } directory)
            Directory.CreateDirectory(directory);
        if (_options.RecordFile is { } record)
            _record = new TalkRecord(record, _time);
        for (var index = 0; index < _options.LineCount; index++)
            _stations.Add(MakeStation(index));
        Lines = [.. _stations.Select(station => new ServedLine(station.Line, station.Address, (station as TcpStation)?.Port))];
        foreach (var meter in Meters)
            BeginTruth(meter);
        KeepBooks();
        if (_options.FleetOut is { } fleet)
            File.WriteAllText(fleet, Fleet);
        Running = RunAsync();
        _started = true;
    }

    private async Task RunAsync()
    {
        Task[] parts = [.. _stations.Select(station => station.RunAsync(_stopping.Token)), KeepBooksAsync(_stopping.Token)];
        try
        {
            // The parts run until cancelled; one that ends earlier has failed.
            await await Task.WhenAny(parts);
        }
        finally
        {
            await _stopping.CancelAsync();
            await Task.WhenAll(parts).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private IStation MakeStation(int index)
    {
        var first = index * _options.MetersPerPort;
        var count = Math.Min(_options.MetersPerPort, _options.Meters - first);
        var meters = Enumerable.Range(first, count).Select(meter => MakeMeter(meter, meter - first)).ToList();
        var line = new SimulatedLine(
            $"line-{index + 1}", meters, _timer, _options.Speed, _options.Faults, _options.Seed, index, _options.Behaviour.Line);
        return _options.PtyDirectory is { } directory
            ? new PtyStation(line, Path.Combine(directory, $"line{index}"))
            : new TcpStation(
                line, _options.Address, _options.Port == 0 ? 0 : _options.Port + index, _options.Behaviour.Line.IsShared, _record, _time);
    }

    private SimulatedMeter MakeMeter(int index, int placeOnLine)
    {
        var serialNumber = SerialNumberOf(_options.Seed, index);
        var options = new MeterOptions($"sim-{index + 1}", serialNumber)
        {
            LinkAddress = (ushort)(_options.LinkBase + placeOnLine),
            Points = [_options.Point],
            Key = _options.Key,
            Zone = _options.Zone,
            HistoryDays = _options.HistoryDays,
            ClockOffset = _options.ClockOffset,
            Behaviour = _options.BehaviourOf?.Invoke(index) ?? _options.Behaviour.Meter,
        };
        options = _options.MeterOf?.Invoke(index, options) ?? options;
        return new SimulatedMeter(options, point => new MeterData(_options.Seed, serialNumber, point), _time);
    }

    private void BeginTruth(SimulatedMeter meter)
    {
        if (_options.TruthOut is not { } directory)
            return;
        foreach (var curve in SimulatedCurves.All)
        {
            var writer = new TruthWriter(
                directory, meter.Options.Id, curve, meter.DataOf(_options.Point), _options.Zone, meter.HistoryStart,
                meter.Behaviour.Period2Minutes);
            _truths.Add((writer, meter));
        }
    }

    private async Task KeepBooksAsync(CancellationToken ct)
    {
        using var timer = new PeriodicTimer(BookkeepingPeriod, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(ct))
                KeepBooks();
        }
        catch (OperationCanceledException)
        {
            // The simulator is stopping.
        }
    }

    private void KeepBooks()
    {
        foreach (var (writer, meter) in _truths)
            writer.WriteUntil(meter.Clock);
        var counts = _stations.Select(station => station.Line.Counts);
        var frames = counts.Sum(line => line.FramesIn + line.FramesOut + line.Connections);
        if (_options.CountersFile is not { } path || frames == _framesInBook)
            return;
        CountersFile.Write(path, Instant.FromDateTimeOffset(_time.GetUtcNow()), _stations);
        _framesInBook = frames;
    }
}
