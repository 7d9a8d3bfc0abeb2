using System.CommandLine;
using Iec102.Fleet;
using Iec102.Server.Commands.Common;

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
