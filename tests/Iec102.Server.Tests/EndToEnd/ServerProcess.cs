using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Iec102.Server.Tests.EndToEnd;

/// <summary>The iec102 program in a process of its own: started, spoken to, and killed.</summary>
internal sealed partial class ServerProcess : IAsyncDisposable
{
    private const int SigTerm = 15;
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly TaskCompletionSource<string> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ServerProcess(IEnumerable<string> arguments)
    {
        _process = new Process
        {
            StartInfo = new ProcessStartInfo("dotnet", [Repository.Server, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true },
        };
        _process.OutputDataReceived += (_, line) => Take(line.Data);
        _process.ErrorDataReceived += (_, line) => Take(line.Data);
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

    /// <summary>Starts a server and waits until its API answers.</summary>
    public static async Task<ServerProcess> ServeAsync(string fleet, string data, params string[] more)
    {
        var server = new ServerProcess(["serve", "--fleet", fleet, "--data", data, "--urls", "http://127.0.0.1:0", .. more]);
        var ended = server._process.WaitForExitAsync();
        if (await Task.WhenAny(server._address.Task, ended).WaitAsync(StartTimeout) == ended)
            throw new InvalidOperationException($"The server did not start:{Environment.NewLine}{server.Output}");
        server.Url = await server._address.Task;
        server.Client = new HttpClient { BaseAddress = new Uri(server.Url) };
        return server;
    }

    /// <summary>Runs a command to its end; answers its exit status and everything it printed.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(params string[] arguments)
    {
        await using var command = new ServerProcess(arguments);
        await command._process.WaitForExitAsync();
        return (command._process.ExitCode, command.Output);
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGTERM; answers the exit status.</summary>
    public async Task<int> TerminateAsync()
    {
        Kill(_process.Id, SigTerm).ShouldBe(0);
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

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
