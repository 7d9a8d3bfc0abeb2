using System.CommandLine;
using Iec102.Server.Commands.Common;
using Iec102.Storage.Upkeep;

namespace Iec102.Server.Commands;

/// <summary>repair: has the coverage of curves that verify complains of rebuilt from what is stored.</summary>
internal static class RepairCommand
{
    private const string Description =
        "Verifies what is stored, and has the next start of the server rebuild the coverage of every curve with a difference from the "
        + "intervals that are stored; what is not stored is then read from the meter again. The server must be stopped, and so must all "
        + "that share the database.";

    public static Command Create()
    {
        var store = new StoreOptions();
        var command = new CommandWithExamples("repair", Description, "repair --data ./data", "repair --fleet fleet.conf")
        {
            store.Data, store.Fleet, store.Postgres,
        };
        command.SetAction(async (parsed, ct) =>
        {
            var console = parsed.InvocationConfiguration;
            var database = store.Of(parsed);
            VerifyReport? report = null;
            await ProgressBar.RunAsync(console.Error, "comparing", progress =>
            {
                report = Repair.Run(database, progress, ct);
                return Task.CompletedTask;
            });
            foreach (var difference in report!.Differences)
                await console.Output.WriteLineAsync(difference.Sentence);
            var curves = report.Differences.Select(one => one.Subject).Distinct().Count();
            await console.Output.WriteLineAsync(curves == 0
                ? $"{report.Profiles} curves, {report.Intervals} intervals: there is nothing to repair."
                : $"Start the server: it rebuilds the coverage of {ServeCommand.Count(curves, "curve")} and reads from the meters what is "
                    + "missing.");
            return 0;
        });
        return command;
    }
}
