using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Iec102.Testing;

/// <summary>The iec102 program in a process of its own: started, spoken to, and killed.</summary>
public sealed partial class ServerProcess : IAsyncDisposable
{
    private const int SigHup = 1;
    private const int SigTerm = 15;
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly TaskCompletionSource<string> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ServerProcess(
        IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, IReadOnlyList<string>? before = null)
    {
        IReadOnlyList<string> line = [.. before ?? [], "dotnet", Repository.Program, .. arguments];
        _process = new Process
        {
            StartInfo = new ProcessStartInfo(line[0], line.Skip(1)) { RedirectStandardOutput = true, RedirectStandardError = true },
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            _process.StartInfo.Environment[name] = value;
        _process.OutputDataReceived += (_, line) => Take(line.Data);
        _process.ErrorDataReceived += (_, line) => Take(line.Data);
        StartedAt = Stopwatch.GetTimestamp();
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>A client of its API.</summary>
    public HttpClient Client { get; private set; } = null!;

    /// <summary>Where its API is.</summary>
    public string Url { get; private set; } = "";

    /// <summary>What it has printed so far.</summary>
    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    /// <summary>The number of the process.</summary>
    public int Id => _process.Id;

    /// <summary>Whether it has ended, by itself or killed.</summary>
    public bool HasEnded => _process.HasExited;

    /// <summary>When the process was started, as a timestamp of <see cref="Stopwatch"/>.</summary>
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

    /// <summary>Starts a server and waits until its API answers.</summary>
    public static Task<ServerProcess> ServeAsync(string fleet, string data, params string[] more) =>
        AnsweringAsync(Start(fleet, data, more: more));

    /// <summary>Starts a server and does not wait for it.</summary>
    /// <param name="fleet">The fleet file.</param>
    /// <param name="data">The data directory.</param>
    /// <param name="environment">Variables of its environment.</param>
    /// <param name="before">A program that starts it, with its arguments.</param>
    /// <param name="more">More arguments.</param>
    public static ServerProcess Start(
        string fleet, string data, IReadOnlyDictionary<string, string>? environment = null, IReadOnlyList<string>? before = null,
        params string[] more) =>
        new(["serve", "--fleet", fleet, "--data", data, "--urls", "http://127.0.0.1:0", .. more], environment, before);

    /// <summary>Waits until the API of a server answers.</summary>
    public static async Task<ServerProcess> AnsweringAsync(ServerProcess server)
    {
        var ended = server._process.WaitForExitAsync();
        if (await Task.WhenAny(server._address.Task, ended).WaitAsync(StartTimeout) == ended)
            throw new InvalidOperationException($"The server did not start:{Environment.NewLine}{server.Output}");
        server.Url = await server._address.Task;
        server.Client = new HttpClient { BaseAddress = new Uri(server.Url) };
        return server;
    }

    /// <summary>Runs a command to its end; answers its exit status and everything it printed.</summary>
    public static Task<(int ExitCode, string Output)> RunAsync(params string[] arguments) => RunByAsync([], arguments);

    /// <summary>Begins a command that goes on until it is disposed.</summary>
    public static ServerProcess Begin(params string[] arguments) => new(arguments);

    /// <summary>Runs a command by way of another program.</summary>
    /// <param name="before">That program, with its arguments.</param>
    /// <param name="arguments">The command.</param>
    public static async Task<(int ExitCode, string Output)> RunByAsync(IReadOnlyList<string> before, params string[] arguments)
    {
        await using var command = new ServerProcess(arguments, before: before);
        await command._process.WaitForExitAsync();
        return (command._process.ExitCode, command.Output);
    }

    /// <summary>Lets it run for a time; fails when it ends by itself.</summary>
    public async Task AliveForAsync(TimeSpan time)
    {
        using var timer = new PeriodicTimer(time);
        var passed = timer.WaitForNextTickAsync().AsTask();
        if (await Task.WhenAny(passed, _process.WaitForExitAsync()) != passed)
            throw new InvalidOperationException($"The server ended by itself:{Environment.NewLine}{Output}");
    }

    /// <summary>Waits until it ends by itself; answers the exit status.</summary>
    public async Task<int> EndedAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(StartTimeout);
        return _process.ExitCode;
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGHUP.</summary>
    public void HangUp() => Signal(SigHup);

    /// <summary>SIGTERM; answers the exit status.</summary>
    public async Task<int> TerminateAsync()
    {
        Signal(SigTerm);
        await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await KillAsync();
        Client?.Dispose();
        _process.Dispose();
    }

    private void Take(string? line)
    {
        if (line is null)
            return;
        lock (_output)
            _output.AppendLine(line);
        const string mark = "API at ";
        var at = line.IndexOf(mark, StringComparison.Ordinal);
        if (at >= 0)
            _address.TrySetResult(line[(at + mark.Length)..].Split(',')[0].Trim());
    }

    private void Signal(int signal)
    {
        if (Kill(_process.Id, signal) != 0)
            throw new InvalidOperationException($"The process {_process.Id} does not take signal {signal}.");
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
