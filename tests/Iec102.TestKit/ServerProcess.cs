using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Iec102.Testing;

/// <summary>The iec102 program in its own process.</summary>
public sealed partial class ServerProcess : IAsyncDisposable
{
    private const int SigHup = 1;
    private const int SigTerm = 15;
    private const int SigCont = 18;
    private const int SigStop = 19;
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

    /// <summary>An HTTP client for the server's API; available once the API answers.</summary>
    public HttpClient Client { get; private set; } = null!;

    /// <summary>The address of the server's API; empty until the API answers.</summary>
    public string Url { get; private set; } = "";

    /// <summary>Everything that the program has printed so far.</summary>
    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    /// <summary>The process id.</summary>
    public int Id => _process.Id;

    /// <summary>Whether the process has ended, by itself or because it was killed.</summary>
    public bool HasEnded => _process.HasExited;

    /// <summary>When the process was started, as a timestamp of <see cref="Stopwatch"/>.</summary>
    public long StartedAt { get; }

    /// <summary>The processor time that the process has used so far, user and system.</summary>
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

    /// <summary>Starts a server without waiting for it.</summary>
    /// <param name="fleet">The fleet file.</param>
    /// <param name="data">The data directory.</param>
    /// <param name="environment">Additional environment variables.</param>
    /// <param name="before">A program that is to start the server, with its arguments.</param>
    /// <param name="more">Additional arguments.</param>
    public static ServerProcess Start(
        string fleet, string data, IReadOnlyDictionary<string, string>? environment = null, IReadOnlyList<string>? before = null,
        params string[] more) =>
        new(
            [
                "serve", "--fleet", fleet, "--data", data,
                .. more.Contains("--urls") ? [] : (string[])["--urls", "http://127.0.0.1:0"], .. more,
            ],
            environment, before);

    /// <summary>Waits until the API of the server answers.</summary>
    public static async Task<ServerProcess> AnsweringAsync(ServerProcess server)
    {
        var ended = server._process.WaitForExitAsync();
        if (await Task.WhenAny(server._address.Task, ended).WaitAsync(StartTimeout) == ended)
            throw new InvalidOperationException($"The server did not start:{Environment.NewLine}{server.Output}");
        server.Url = await server._address.Task;
        server.Client = new HttpClient { BaseAddress = new Uri(server.Url) };
        return server;
    }

    /// <summary>Runs a command to its end; returns its exit status and everything that it printed.</summary>
    public static Task<(int ExitCode, string Output)> RunAsync(params string[] arguments) => RunByAsync([], arguments);

    /// <summary>Starts a command that runs until it is disposed.</summary>
    public static ServerProcess Begin(params string[] arguments) => new(arguments);

    /// <summary>Starts a command through another program.</summary>
    /// <param name="before">The program that starts the command, with its arguments.</param>
    /// <param name="arguments">The arguments of the command.</param>
    /// <param name="environment">Additional environment variables.</param>
    public static ServerProcess BeginBy(
        IReadOnlyList<string> before, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null) =>
        new(arguments, environment, before);

    /// <summary>Runs a command through another program that starts it.</summary>
    /// <param name="before">The program that starts the command, with its arguments.</param>
    /// <param name="arguments">The arguments of the command.</param>
    public static async Task<(int ExitCode, string Output)> RunByAsync(IReadOnlyList<string> before, params string[] arguments)
    {
        await using var command = new ServerProcess(arguments, before: before);
        await command._process.WaitForExitAsync();
        return (command._process.ExitCode, command.Output);
    }

    /// <summary>Lets the process run for a time; throws when it ends by itself.</summary>
    public async Task AliveForAsync(TimeSpan time)
    {
        using var timer = new PeriodicTimer(time);
        var passed = timer.WaitForNextTickAsync().AsTask();
        if (await Task.WhenAny(passed, _process.WaitForExitAsync()) != passed)
            throw new InvalidOperationException($"The server ended by itself:{Environment.NewLine}{Output}");
    }

    /// <summary>Waits until the process ends by itself; returns its exit status.</summary>
    public async Task<int> EndedAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(StartTimeout);
        return _process.ExitCode;
    }

    /// <summary>Kills the process, as kill -9 does.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Sends SIGHUP.</summary>
    public void HangUp() => Signal(SigHup);

    /// <summary>Stops the process as SIGSTOP does: it does nothing, and everything that it has open stays open.</summary>
    public void Pause() => Signal(SigStop);

    /// <summary>Lets the process run on after <see cref="Pause"/>.</summary>
    public void Continue() => Signal(SigCont);

    /// <summary>Sends SIGTERM and waits for the end; returns the exit status.</summary>
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
