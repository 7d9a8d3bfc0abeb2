using System.Diagnostics;

namespace Iec102.Benchmarks.Wire;

/// <summary>The server as users run it, in its own process, with a fleet and an empty data directory.</summary>
internal sealed class ServerProcess : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("iec102-bench-");
    private readonly Process _process;
    private readonly List<string> _output = [];

    public ServerProcess(string fleet)
    {
        var fleetFile = Path.Combine(_directory.FullName, "fleet.conf");
        File.WriteAllText(fleetFile, fleet);
        var server = Path.Combine(Repository.Root, "src", "Iec102.Server", "bin", "Release", "net10.0", "iec102.dll");
        _process = new Process
        {
            StartInfo = new ProcessStartInfo(
                "dotnet",
                [
                    server, "serve", "--fleet", fleetFile, "--data", Path.Combine(_directory.FullName, "data"),
                    "--urls", "http://127.0.0.1:0",
                ])
            { RedirectStandardOutput = true, RedirectStandardError = true },
        };
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        StartedAt = Stopwatch.GetTimestamp();
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>When the process was started, as a timestamp.</summary>
    public long StartedAt { get; }

    /// <summary>Processor time of the process so far, user and system.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Whether the process has printed the text.</summary>
    public bool Says(string text) => Output().Any(line => line.Contains(text, StringComparison.Ordinal));

    /// <summary>
    /// Waits until a condition holds; fails with the server's own output when the server has ended or the patience has run out.
    /// </summary>
    public async Task UntilAsync(Func<bool> isSo, TimeSpan patience)
    {
        var began = Stopwatch.GetTimestamp();
        while (!isSo())
        {
            if (_process.HasExited || Stopwatch.GetElapsedTime(began) > patience)
                throw new InvalidOperationException($"The server does not do its work; it says:\n{string.Join('\n', Output())}");
            await Task.Delay(20);
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _directory.Delete(recursive: true);
    }

    private string[] Output()
    {
        lock (_output)
            return [.. _output];
    }

    private void Keep(string? line)
    {
        lock (_output)
            _output.Add(line ?? "");
    }
}
