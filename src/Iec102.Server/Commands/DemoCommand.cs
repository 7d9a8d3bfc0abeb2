using System.CommandLine;
using Iec102.Fleet;
using Iec102.Lines;
using Iec102.Server.Api;
using Iec102.Server.Commands.Common;
using Iec102.Server.Hosting;
using Iec102.Server.Terminal;
using Iec102.Simulator.Hosting;
using Iec102.Storage;

namespace Iec102.Server.Commands;

/// <summary>demo: simulated meters on local TCP ports and a server that reads them, with a live table.</summary>
internal static class DemoCommand
{
    private const int MetersPerPort = 3;

    /// <summary>The speed of a typical line, slow enough to watch the reading.</summary>
    private static readonly LineFormat Speed = new(19200, 8, Parity.None, 1);

    public static Command Create()
    {
        var meters = CommonOptions.Number("--meters", 1, 9999, "How many simulated meters.", 12);
        var data = new Option<string?>("--data")
        {
            Description = "The data directory. [default: a temporary one, removed at the end]",
            HelpName = "DIR",
        };
        var urls = CommonOptions.Urls();
        var command = new Command("demo", "Runs simulated meters on local TCP ports and a server that reads them: no meter is needed.")
        {
            meters,
            data,
            urls,
        };
        command.SetAction(async (parsed, ct) =>
        {
            var simulation = new SimulatorOptions { Meters = parsed.GetValue(meters), MetersPerPort = MetersPerPort, Speed = Speed };
            if (simulation.Problem is { } problem)
                throw new CommandFailure(CommandFailure.WrongUsage, problem);
            var addresses = parsed.GetValue(urls)!;
            if ((ApiAccess.RefuseBinding(addresses, new ApiConfiguration()) ?? ApiCertificate.Refuse(addresses, null)) is { } refusal)
                throw new CommandFailure(CommandFailure.WrongUsage, refusal);
            var directory = parsed.GetValue(data);
            var temporary = directory is null ? Directory.CreateTempSubdirectory("iec102-demo-") : null;
            try
            {
                await using var simulator = await SimulatorHost.StartAsync(simulation);
                var fleet = FleetReader.Read(simulator.Fleet, "demo.conf").Configuration!;
                var store = DataDirectory.Create(directory ?? temporary!.FullName);
                var options = new ServerOptions(fleet, store, addresses)
                {
                    LogToConsole = false,
                    LogFile = Path.Combine(store.Path, "server.log"),
                };
                await using var host = await ServeCommand.StartAsync(options, ct);
                await LiveTable.ShowAsync(host.Node, host.Urls[0], ct);
                return 0;
            }
            finally
            {
                temporary?.Delete(recursive: true);
            }
        });
        return command;
    }
}
