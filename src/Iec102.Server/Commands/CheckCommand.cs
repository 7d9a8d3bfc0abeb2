using System.CommandLine;
using Iec102.Fleet;
using Iec102.Server.Commands.Common;
using Iec102.Server.Hosting;

namespace Iec102.Server.Commands;

/// <summary>check: validates a fleet file and lists every problem with its position.</summary>
internal static class CheckCommand
{
    public static Command Create()
    {
        var fleet = CommonOptions.Fleet();
        var node = CommonOptions.NodeFile();
        const string Description =
            "Validates a fleet file and lists every problem with file, line and column; exit status 2 if there are any.";
        var command = new Command("check", Description)
        {
            fleet,
            node,
        };
        command.SetAction(parsed =>
        {
            var reading = new FleetFiles(parsed.GetValue(fleet)!, parsed.GetValue(node)).Read();
            foreach (var problem in reading.Problems)
                parsed.InvocationConfiguration.Error.WriteLine(problem);
            foreach (var file in reading.Files.Except(Public(reading.Configuration?.Node)).Where(PrivateFiles.IsReadByAll))
                parsed.InvocationConfiguration.Error.WriteLine(
                    $"Warning: every user of this computer can read {file}, which may hold passwords: chmod o-r {file}");
            if (reading.Problems.Count > 0)
                return CommandFailure.WrongUsage;
            foreach (var line in Shared(reading.Configuration!.Ports))
                parsed.InvocationConfiguration.Error.WriteLine(line);
            var (ports, meters) = (reading.Configuration!.Ports.Count, reading.Configuration.Meters.Count);
            parsed.InvocationConfiguration.Output.WriteLine(
                $"{ServeCommand.Count(ports, "port")}, {ServeCommand.Count(meters, "meter")}: no problems.");
            return 0;
        });
        return command;
    }

    /// <summary>Everybody may read certificates; the key is another file.</summary>
    private static IEnumerable<string> Public(NodeConfiguration? node) =>
        new[] { node?.Certificate, node?.CertificateAuthority }.OfType<string>();

    /// <summary>Ports that lead to the same place take the line from each other; only those that are dialled wait for their turn.</summary>
    private static IEnumerable<string> Shared(IEnumerable<PortConfiguration> ports) => ports
        .Where(port => port is { Enabled: true, Dial: null })
        .GroupBy(port => port.Tcp?.EndPoint.ToString() ?? port.Serial?.Device)
        .Where(group => group.Count() > 1)
        .Select(group => $"Warning: the ports {string.Join(", ", group.Select(port => port.Id))} all lead to {group.Key}, and most "
            + "converters take one connection: put the meters of one line on one port.");
}
