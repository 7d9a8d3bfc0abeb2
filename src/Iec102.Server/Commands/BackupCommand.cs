using System.CommandLine;
using Iec102.Fleet;
using Iec102.Server.Commands.Common;
using Iec102.Storage.Upkeep;
using NodaTime;
using Npgsql;

namespace Iec102.Server.Commands;

/// <summary>backup: copies the data directory consistently into one file, and restores it.</summary>
internal static class BackupCommand
{
    private const string Description =
        "Copies the data directory consistently into one zip file, whether the server is running or not. With --restore it unpacks such a "
        + "file into a directory without databases; a server started there reads from the meters whatever is newer than the copy. For a "
        + "PostgreSQL database it only names the command of PostgreSQL that does the same.";

    public static Command Create()
    {
        var store = new StoreOptions();
        var file = new Option<string?>("--out")
        {
            Description = "The file to write; an existing file is replaced once the copy is complete.",
            HelpName = "FILE",
        };
        var restore = new Option<string?>("--restore") { Description = "The backup to unpack into the data directory.", HelpName = "FILE" };
        var command = new CommandWithExamples(
            "backup", Description, "backup --data ./data --out iec102-backup.zip", "backup --restore iec102-backup.zip --data ./restored")
        {
            store.Data, store.Fleet, store.Postgres, file, restore,
        };
        command.SetAction(async (parsed, ct) =>
        {
            var (directory, target, source) = (parsed.GetValue(store.Data)!, parsed.GetValue(file), parsed.GetValue(restore));
            var console = parsed.InvocationConfiguration;
            if (target is null == source is null)
                throw new CommandFailure(
                    CommandFailure.WrongUsage, "Say what to do: either --out FILE to write a backup or --restore FILE to unpack one.");
            if (store.PostgresOf(parsed) is { } postgres)
                throw new CommandFailure(CommandFailure.WrongUsage, PostgresTools(postgres, target, source));
            if (source is not null)
            {
                Backup.Restore(source, directory);
                await console.Output.WriteLineAsync($"Unpacked {source} into {directory}.");
                return 0;
            }

            var existing = CommonOptions.OpenData(directory);
            await ProgressBar.RunAsync(console.Error, "copying", progress =>
            {
                Backup.Write(existing, target!, SystemClock.Instance.GetCurrentInstant(), progress, ct);
                return Task.CompletedTask;
            });
            await console.Output.WriteLineAsync($"Copied {directory} to {target}, {new FileInfo(target!).Length / 1e6:0.0} MB.");
            return 0;
        });
        return command;
    }

    /// <summary>PostgreSQL comes with programs of its own for this, which copy consistently while servers write.</summary>
    private static string PostgresTools(SecretText postgres, string? target, string? source)
    {
        if (IsOfDirectory(source))
            return $"{source} is a backup of a data directory: name the directory with --data to unpack it there; iec102 migrate then "
                + "moves it into a PostgreSQL database.";
        var database = new NpgsqlConnectionStringBuilder(postgres.Reveal());
        var where = $"--host={database.Host} --port={database.Port} --username={database.Username ?? Environment.UserName}";
        if (target is null)
            return "A PostgreSQL database is restored, into an empty one, with its own program: "
                + $"pg_restore {where} --dbname={database.Database} {source}";
        var file = IsOfDirectory(target) ? Path.ChangeExtension(target, "dump") : target;
        return $"A PostgreSQL database is copied with its own program: pg_dump {where} --format=custom --file={file} {database.Database}";
    }

    /// <summary>PostgreSQL's own copies are no zip files.</summary>
    private static bool IsOfDirectory(string? file) => ".zip".Equals(Path.GetExtension(file), StringComparison.OrdinalIgnoreCase);
}
