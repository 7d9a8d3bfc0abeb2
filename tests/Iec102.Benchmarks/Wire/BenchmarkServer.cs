using Iec102.Testing;

namespace Iec102.Benchmarks.Wire;

/// <summary>The server as users run it, in its own process, with a fleet and an empty data directory.</summary>
internal sealed class BenchmarkServer : IAsyncDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("iec102-bench-");
    private readonly ServerProcess _process;

    /// <param name="fleet">The text of the fleet file.</param>
    public BenchmarkServer(string fleet)
    {
        var fleetFile = Path.Combine(_directory.FullName, "fleet.conf");
        File.WriteAllText(fleetFile, fleet);
        _process = ServerProcess.Start(fleetFile, Path.Combine(_directory.FullName, "data"));
    }

    /// <inheritdoc cref="ServerProcess.StartedAt"/>
    public long StartedAt => _process.StartedAt;

    /// <inheritdoc cref="ServerProcess.ProcessorTime"/>
    public TimeSpan ProcessorTime => _process.ProcessorTime;

    /// <summary>Whether the server has printed the text.</summary>
    public bool Says(string text) => _process.Output.Contains(text, StringComparison.Ordinal);

    /// <summary>Waits until a condition holds; fails with the server's own output when the server ends or the time is up.</summary>
    public Task UntilAsync(Func<bool> isSo, TimeSpan patience) => Wait.UntilAsync(
        () => isSo() || (_process.HasEnded ? throw new InvalidOperationException($"The server has ended: {_process.Output}") : false),
        patience, () => $"The server does not do its work; it says:\n{_process.Output}");

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _directory.Delete(recursive: true);
    }
}
