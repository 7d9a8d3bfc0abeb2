using Iec102.Fleet;

namespace Iec102.Server.Tests.Commands;

public sealed class SimulateTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("iec102-simulate-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task The_meters_answer_where_the_fleet_file_says_until_they_are_stopped()
    {
        var file = Path.Combine(_folder.FullName, "fleet.conf");
        using var stop = new CancellationTokenSource();
        var simulating = Cli.RunAsync(
            ["simulate", "--meters", "3", "--meters-per-port", "2", "--listen", "127.0.0.1:0", "--key", "7", "--link-base", "40",
                "--fleet-out", file], ct: stop.Token);
        await EndToEnd.Site.UntilAsync(
            () => Task.FromResult(File.Exists(file) || simulating.IsCompleted), TimeSpan.FromSeconds(30), () => "There is no fleet file.");

        var fleet = FleetReader.ReadFile(file).Configuration.ShouldNotBeNull();
        var meter = fleet.Meters.Single(one => one.Id == "sim-2");
        var port = fleet.Ports.Single(one => one.Id == meter.Port);
        var read = await Cli.RunAsync($"read id --tcp {port.Tcp!.EndPoint} --link {meter.LinkAddress} --password 7 --format csv");
        await stop.CancelAsync();
        var simulated = await simulating;

        read.Status.ShouldBe(0, read.Error);
        meter.LinkAddress.ShouldBe((ushort)41);
        read.Lines[1].ShouldStartWith($"meter,{meter.SerialNumber},");
        simulated.Status.ShouldBe(0, simulated.Error);
        simulated.Lines[0].ShouldStartWith("3 meters on 2 lines: 127.0.0.1:");
    }

    [Fact]
    public async Task A_port_that_is_taken_is_one_sentence()
    {
        using var taken = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        taken.Start();

        var result = await Cli.RunAsync($"simulate --meters 1 --listen {taken.LocalEndpoint}");

        result.Status.ShouldBe(1);
        result.Sentence.ShouldContain($"port {((System.Net.IPEndPoint)taken.LocalEndpoint).Port} ");
    }
}
