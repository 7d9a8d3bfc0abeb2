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

    private static async Task<string> ToldAsync(Socket manager)
    {
        var buffer = new byte[256];
        var length = await manager.ReceiveAsync(buffer).WaitAsync(TimeSpan.FromSeconds(60));
        return Encoding.UTF8.GetString(buffer, 0, length);
    }
}
