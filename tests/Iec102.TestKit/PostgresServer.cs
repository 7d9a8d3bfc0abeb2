using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Iec102.Testing;

/// <summary>
/// A PostgreSQL server of the tests' own: Debian's programs on a cluster directory in the temporary folder, on a free port of loopback. It
/// ends with the process that started it, however that ends.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    // PostgreSQL refuses to run as root; Debian's package brings a user for it.
    private static readonly string[] AsUser = Environment.IsPrivilegedProcess ? ["runuser", "-u", "postgres", "--"] : [];
    private static readonly string User = Environment.IsPrivilegedProcess ? "postgres" : Environment.UserName;
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);
    private static readonly Lazy<Task<PostgresServer>> SharedServer = new(() => StartAsync());
    private static int _databases;

    private readonly string _directory;
    private readonly string _address;
    private readonly IReadOnlyList<string> _before;
    private readonly string[] _settings;
    private Process? _process;

    private PostgresServer(string directory, string address, int port, IReadOnlyList<string> before, string[] settings)
    {
        _directory = directory;
        _address = address;
        Port = port;
        _before = before;
        _settings = settings;
    }

    /// <summary>Why there is no PostgreSQL on this machine; null when there is.</summary>
    public static string? Missing => Programs is null ? "PostgreSQL is not installed: apt-get install postgresql." : null;

    /// <summary>The server for tests that only need a database; it runs until the process ends.</summary>
    public static Task<PostgresServer> Shared => SharedServer.Value;

    /// <summary>The TCP port.</summary>
    public int Port { get; }

    /// <summary>The folder of the newest installed version's programs; null when there is none.</summary>
    public static string? Programs { get; } = FindPrograms();

    /// <summary>Makes a server and starts it.</summary>
    /// <param name="address">Where it listens.</param>
    /// <param name="before">A program that is to start the server, with its arguments.</param>
    /// <param name="settings">Further settings, such as <c>idle_session_timeout=0</c>.</param>
    public static async Task<PostgresServer> StartAsync(
        string address = "127.0.0.1", IReadOnlyList<string>? before = null, params string[] settings)
    {
        var directory = Directory.CreateTempSubdirectory("iec102-postgres-").FullName;
        using (var chown = Process.Start(Quiet("chown", User, directory))!)
            await chown.WaitForExitAsync();
        var port = 5432;
        if (address == "127.0.0.1")
        {
            using var free = new TcpListener(IPAddress.Loopback, 0);
            free.Start();
            port = ((IPEndPoint)free.LocalEndpoint).Port;
        }

        string[] init =
        [
            .. AsUser, $"{Programs}/initdb", "-D", $"{directory}/data", "-U", User, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync",
        ];
        using (var initdb = Process.Start(Quiet(init[0], init[1..]))!)
        {
            var output = initdb.StandardOutput.ReadToEndAsync();
            var errors = await initdb.StandardError.ReadToEndAsync();
            await initdb.WaitForExitAsync();
            if (initdb.ExitCode != 0)
                throw new InvalidOperationException($"initdb: {await output}{errors}");
        }

        await File.AppendAllTextAsync($"{directory}/data/pg_hba.conf", "host all all 0.0.0.0/0 trust\n");
        var server = new PostgresServer(directory, address, port, before ?? [], settings);
        await server.StartAgainAsync();
        return server;
    }

    /// <summary>Makes a database that is empty; returns its connection string.</summary>
    public async Task<string> NewDatabaseAsync()
    {
        var name = $"t{Interlocked.Increment(ref _databases).ToString(CultureInfo.InvariantCulture)}";
        await using var connection = new NpgsqlConnection(ConnectionString("postgres") + ";Pooling=false");
        await connection.OpenAsync();
        await using var create = new NpgsqlCommand($"CREATE DATABASE {name}", connection);
        await create.ExecuteNonQueryAsync();
        return ConnectionString(name);
    }

    /// <summary>The folder of the server's Unix socket.</summary>
    public string SocketFolder => _directory;

    /// <summary>The connection string of a database.</summary>
    public string ConnectionString(string database) => $"Host={_address};Port={Port};Username={User};Database={database}";

    /// <summary>Stops the server as its service does: sessions are ended, everything is written.</summary>
    public async Task StopAsync()
    {
        if (_process is null)
            return;
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    /// <summary>Starts the server after <see cref="StopAsync"/>, with what it had stored.</summary>
    public async Task StartAgainAsync()
    {
        // The shell ends the server when its input ends, which happens even when this process is killed.
        var postgres = string.Join(
            ' ',
            (string[])[
                $"{Programs}/postgres", "-D", $"{_directory}/data", "-h", _address, "-p", Port.ToString(CultureInfo.InvariantCulture),
                "-k", _directory, "-c", "max_connections=200", .. _settings.SelectMany(setting => (string[])["-c", setting]),
            ]);
        var shell = $"{string.Join(' ', [.. _before, .. AsUser])} {postgres} 2>&1 </dev/null & cat >/dev/null; "
            + $"pid=$(head -1 {_directory}/data/postmaster.pid) && kill -INT $pid; wait";
        var (log, ready) = (new ConcurrentQueue<string>(), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        _process = new Process { StartInfo = Quiet("bash", "-c", shell) };
        _process.OutputDataReceived += (_, line) =>
        {
            log.Enqueue(line.Data ?? "");
            if (line.Data?.Contains("database system is ready to accept connections", StringComparison.Ordinal) == true)
                ready.TrySetResult();
        };
        _process.Start();
        _process.BeginOutputReadLine();
        try
        {
            await ready.Task.WaitAsync(StartTimeout);
        }
        catch (TimeoutException)
        {
            throw new InvalidOperationException($"PostgreSQL did not start: {string.Join(Environment.NewLine, log)}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private static ProcessStartInfo Quiet(string program, params string[] arguments) => new(program, arguments)
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        WorkingDirectory = "/",
    };

    private static string? FindPrograms() => !Directory.Exists("/usr/lib/postgresql")
        ? null
        : Directory.GetDirectories("/usr/lib/postgresql").Select(version => $"{version}/bin")
            .Where(bin => File.Exists($"{bin}/postgres"))
            .OrderByDescending(bin => int.Parse(bin.Split('/')[^2], CultureInfo.InvariantCulture))
            .FirstOrDefault();
}
