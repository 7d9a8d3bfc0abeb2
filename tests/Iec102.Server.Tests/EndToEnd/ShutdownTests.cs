using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Iec102.Protocol.Application;
using Iec102.Simulator.Data;
using Iec102.Simulator.Hosting;
using Iec102.Testing;

namespace Iec102.Server.Tests.EndToEnd;

/// <summary>Starting and stopping the server as a service manager does.</summary>
public sealed class ShutdownTests
{
    [Fact]
    public async Task Sigterm_in_mid_download_ends_the_sessions_and_the_process_within_ten_seconds()
    {
        using var site = new Site();
        await using var simulator = await site.SimulateAsync(
            new SimulatorOptions
            {
                Meters = 4,
                MetersPerPort = 2,
                HistoryDays = 40,
                Speed = new Lines.LineFormat(9600, 8, Lines.Parity.None, 1),
            });
        await using var server = await ServerProcess.ServeAsync(site.Fleet, site.Data);
        await Site.UntilAsync(
            () => Task.FromResult(simulator.Meters.All(meter => meter.Counters.Snapshot().Logins > 0)), TimeSpan.FromSeconds(30),
            () => server.Output);
        await Site.UntilAsync(
            () => Task.FromResult(
                simulator.Meters.Sum(meter => meter.Counters.Snapshot().Intervals.GetValueOrDefault(SimulatedCurve.Hourly)) > 100),
            TimeSpan.FromSeconds(30), () => server.Output);

        var began = Stopwatch.StartNew();
        (await server.TerminateAsync()).ShouldBe(0, server.Output);

        began.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(10), server.Output);
        simulator.Meters.ShouldAllBe(
            meter => meter.Counters.Snapshot().Requests.GetValueOrDefault((byte)TypeIdentification.EndSession) > 0);
        (await ServerProcess.RunAsync("verify", "--data", site.Data)).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task Clients_of_the_API_that_are_slow_hold_up_neither_the_meters_nor_the_end()
    {
        using var site = new Site();
        await using var simulator = await site.SimulateAsync(new SimulatorOptions { Meters = 2, HistoryDays = 40 });
        await using var server = await ServerProcess.ServeAsync(site.Fleet, site.Data);
        await Site.CompleteAsync(server, 2, TimeSpan.FromSeconds(60));
        const string download = "GET /api/meters/sim-1/profiles/hourly?from=2020-01-01&to=2040-01-01 HTTP/1.1\r\nHost: localhost\r\n\r\n";
        using var halfHead = await SlowClientAsync(server, "GET /api/meters HTTP/1.1\r\nHos");
        using var halfBody = await SlowClientAsync(
            server,
            "POST /api/meters/sim-1/read HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{");
        // Forty answers are more than the buffers of both sides hold.
        using var halfAnswer = await SlowClientAsync(server, string.Concat(Enumerable.Repeat(download, 40)));
        (await halfAnswer.ReceiveAsync(new byte[1])).ShouldBe(1);

        (await server.TerminateAsync()).ShouldBe(0, server.Output);

        simulator.Meters.ShouldAllBe(
            meter => meter.Counters.Snapshot().Requests.GetValueOrDefault((byte)TypeIdentification.EndSession) == 1);
        Directory.GetFiles(site.Data, "*-wal").ShouldBeEmpty();
        server.Output.ShouldNotContain("Exception");
    }

    [Fact]
    public async Task A_service_manager_is_told_when_the_server_is_ready_and_when_it_goes()
    {
        using var site = new Site();
        await using var simulator = await site.SimulateAsync(new SimulatorOptions { HistoryDays = 1 });
        var path = site.File("notify");
        using var manager = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        manager.Bind(new UnixDomainSocketEndPoint(path));
        await using var server = ServerProcess.Start(site.Fleet, site.Data, new Dictionary<string, string> { ["NOTIFY_SOCKET"] = path });

        (await ToldAsync(manager)).ShouldContain("READY=1");
        await ServerProcess.AnsweringAsync(server);
        (await server.Client.GetAsync("/health/ready")).EnsureSuccessStatusCode();
        (await server.TerminateAsync()).ShouldBe(0, server.Output);
        (await ToldAsync(manager)).ShouldContain("STOPPING=1");
    }

    /// <summary>A client that sends this and then neither reads nor sends any more.</summary>
    private static async Task<Socket> SlowClientAsync(ServerProcess server, string request)
    {
        var client = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await client.ConnectAsync("127.0.0.1", new Uri(server.Url).Port);
        await client.SendAsync(Encoding.ASCII.GetBytes(request));
        return client;
    }

    private static async Task<string> ToldAsync(Socket manager)
    {
        var buffer = new byte[256];
        var length = await manager.ReceiveAsync(buffer).WaitAsync(TimeSpan.FromSeconds(60));
        return Encoding.UTF8.GetString(buffer, 0, length);
    }
}
