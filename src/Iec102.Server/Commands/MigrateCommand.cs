using System.CommandLine;
using Iec102.Server.Commands.Common;
using Iec102.Storage.Databases;
using Iec102.Storage.Upkeep;

namespace Iec102.Server.Commands;

/// <summary>migrate: moves what a server has recorded from its data directory into a PostgreSQL database.</summary>
internal static class MigrateCommand
{
    private const string Description =
        "Copies everything that a server has recorded from its data directory into an empty PostgreSQL database, and verifies the copy. "
        + "The server must be stopped; the data directory stays as it is.";

    public static Command Create()
    {
        var data = CommonOptions.Data();
        var to = new Option<string?>("--to")
        {
            Description = "The PostgreSQL database. Other users of this computer can see a password on the command line, but not in the "
                + $"environment variable {StoreOptions.Variable}, which counts when this option is not given.",
            HelpName = "CONNECTION",
        };
        var command = new CommandWithExamples(
            "migrate", Description, "migrate --data ./data --to \"Host=db;Database=iec102;Username=iec102\"")
        {
            data, to,
        };
        command.SetAction(async (parsed, ct) =>
        {
            var console = parsed.InvocationConfiguration;
            var directory = CommonOptions.OpenData(parsed.GetValue(data)!);
            using var target = new PostgresDatabase(
                StoreOptions.Read("--to", parsed.GetValue(to))
                ?? throw new CommandFailure(
                    CommandFailure.WrongUsage, $"Name the database with --to or in the environment variable {StoreOptions.Variable}."));
            MigrationReport? report = null;
            await ProgressBar.RunAsync(console.Error, "copying", progress =>
            {
                report = StoreMigration.Run(directory, target, progress, ct);
                return Task.CompletedTask;
            });
            var (curves, intervals, differences) = report!.Verified;
            foreach (var difference in differences)
                await console.Output.WriteLineAsync(difference.Sentence);
            await console.Output.WriteLineAsync(
                $"Copied {report.Tables.Sum(table => table.Rows)} rows; {curves} curves, {intervals} intervals: "
                + (differences.Count == 0 ? "no differences." : $"{differences.Count} differences, which were in {directory.Path} too."));
            await console.Output.WriteLineAsync(
                $"Now write iec102.store into the fleet file and start the server: it goes on in the {target.Name}.");
            return differences.Count == 0 ? 0 : CommandFailure.Failed;
        });
        return command;
    }
}
