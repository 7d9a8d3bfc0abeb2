using System.CommandLine;
using Iec102.Fleet;

namespace Iec102.Server.Commands;

/// <summary>check: validates a fleet file and names every problem with its place.</summary>
internal static class CheckCommand
{
    public static Command Create()
    {
        var fleet = CommonOptions.Fleet();
        var command = new Command("check", "Validates a fleet file: every problem with file, line and column; exit status 2 if there is any.") { fleet };
        command.SetAction(parsed =>
        {
            var reading = FleetReader.ReadFile(parsed.GetValue(fleet)!);
            foreach (var problem in reading.Problems)
                parsed.InvocationConfiguration.Error.WriteLine(problem);
            if (reading.Problems.Count > 0)
                return CommandFailure.WrongUsage;
            parsed.InvocationConfiguration.Output.WriteLine($"{ServeCommand.Count(reading.Configuration!.Ports.Count, "port")}, {ServeCommand.Count(reading.Configuration.Meters.Count, "meter")}: no problems.");
            return 0;
        });
        return command;
    }
}
