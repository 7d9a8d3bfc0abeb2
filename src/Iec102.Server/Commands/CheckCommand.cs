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
        const string Description =
            "Validates a fleet file and lists every problem with file, line and column; exit status 2 if there are any.";
        var command = new Command("check", Description)
        {
            fleet,
        };
        command.SetAction(parsed =>
        {
            var reading = FleetReader.ReadFile(parsed.GetValue(fleet)!);
            foreach (var problem in reading.Problems)
                parsed.InvocationConfiguration.Error.WriteLine(problem);
            foreach (var file in reading.Files.Where(PrivateFiles.IsReadByAll))
                parsed.InvocationConfiguration.Error.WriteLine(
                    $"Warning: every user of this computer can read {file}, which may hold passwords: chmod o-r {file}");
            if (reading.Problems.Count > 0)
                return CommandFailure.WrongUsage;
            var (ports, meters) = (reading.Configuration!.Ports.Count, reading.Configuration.Meters.Count);
            parsed.InvocationConfiguration.Output.WriteLine(
                $"{ServeCommand.Count(ports, "port")}, {ServeCommand.Count(meters, "meter")}: no problems.");
            return 0;
        });
        return command;
    }
}
