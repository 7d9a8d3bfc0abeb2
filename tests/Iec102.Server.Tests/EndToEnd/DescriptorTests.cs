using System.Net;
using System.Net.Sockets;
using Iec102.Simulator.Hosting;
using Iec102.Testing;

namespace Iec102.Server.Tests.EndToEnd;

/// <summary>A process that may have only the usual 1,024 descriptors, and clients of the API that would take them all.</summary>
public sealed class DescriptorTests
{
    private const int Limit = 1024;

    [Fact]
    public async Task Idle_connections_to_the_API_take_nothing_from_the_lines_nor_from_other_clients()
    {
        using var site = new Site();
        await using var simulator = await site.SimulateAsync(
            new SimulatorOptions { HistoryDays = 400, Speed = new Lines.LineFormat(19200, 8, Lines.Parity.None, 1) });
        await using var server = await ServerProcess.AnsweringAsync(
            ServerProcess.Start(site.Fleet, site.Data, before: ["sh", "-c", $"ulimit -n {Limit} && exec \"$0\" \"$@\""]));
        var idle = new List<Socket>();
        try
        {
            for (var i = 0; i < Limit + 200; i++)
            {
                idle.Add(new Socket(SocketType.Stream, ProtocolType.Tcp));
                await idle[^1].ConnectAsync(IPAddress.Loopback, new Uri(server.Url).Port);
            }

            var before = Exchanges();
            await Site.UntilAsync(() => Task.FromResult(Exchanges() > before + 5), TimeSpan.FromSeconds(60), () => server.Output);
            using var client = new HttpClient { BaseAddress = new Uri(server.Url), Timeout = TimeSpan.FromSeconds(30) };
            (await client.GetAsync("/api/meters/sim-1/profiles/hourly?from=2020-01-01&to=2040-01-01")).EnsureSuccessStatusCode();
            Directory.GetFileSystemEntries($"/proc/{server.Id}/fd").Length.ShouldBeLessThan(Limit - 200);
            (await server.TerminateAsync()).ShouldBe(0, server.Output);
        }
        finally
        {
            idle.ForEach(one => one.Dispose());
        }

        long Exchanges() => simulator.Meters.Sum(meter => meter.Counters.Snapshot().Requests.Values.Sum(count => (long)count));
    }
}
