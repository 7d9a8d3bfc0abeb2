using System.CommandLine;
using Iec102.Fleet;
using Iec102.Storage.Databases;

namespace Iec102.Server.Commands.Common;

/// <summary>
/// The options of commands that work on what a server has stored, of which one is enough: the data directory, the fleet file, or the
/// PostgreSQL database.
/// </summary>
internal sealed class StoreOptions
{
    /// <summary>The environment variable that names the database when no option does.</summary>
    public const string Variable = "IEC102_POSTGRES";

    /// <summary>--data.</summary>
    public Option<string> Data { get; } = CommonOptions.Data();

    /// <summary>--fleet.</summary>
    public Option<string?> Fleet { get; } = new("--fleet")
    {
        Description = "The fleet file, in place of --data: the database is the one that its section iec102.store names.",
        HelpName = "FILE",
    };

    /// <summary>--postgres.</summary>
    public Option<string?> Postgres { get; } = new("--postgres")
    {
        Description = "The PostgreSQL database, in place of --data. Other users of this computer can see a password on the command line, "
            + $"but not in the environment variable {Variable}, which counts when none of these options is given.",
        HelpName = "CONNECTION",
    };

    /// <summary>The connection string of the PostgreSQL database that is meant; null when a data directory is.</summary>
    /// <exception cref="CommandFailure">The options contradict each other, or what they name is wrong.</exception>
    public SecretText? PostgresOf(ParseResult parsed)
    {
        var hasData = parsed.GetResult(Data) is { Implicit: false };
        var (fleet, postgres) = (parsed.GetValue(Fleet), parsed.GetValue(Postgres));
        if ((hasData ? 1 : 0) + (fleet is null ? 0 : 1) + (postgres is null ? 0 : 1) > 1)
            throw new CommandFailure(CommandFailure.WrongUsage, "Name the store only once: with --data, --fleet or --postgres.");
        if (fleet is not null)
            return StoreOf(fleet);
        return hasData ? null : Read("--postgres", postgres);
    }

    /// <summary>The connection string that an option gives, or else the environment; null when neither does.</summary>
    /// <exception cref="CommandFailure">It is not one.</exception>
    public static SecretText? Read(string option, string? given)
    {
        var (name, text) = given is not null ? (option, given) : (Variable, Environment.GetEnvironmentVariable(Variable));
        if (string.IsNullOrEmpty(text))
            return null;
        return StoreReader.Refuse(text) is { } problem
            ? throw new CommandFailure(CommandFailure.WrongUsage, $"{name}: {problem}")
            : new SecretText(text);
    }

    /// <summary>The database that is meant; it exists.</summary>
    /// <exception cref="CommandFailure">The options contradict each other, or what they name is wrong.</exception>
    public ReadingsDatabase Of(ParseResult parsed) => PostgresOf(parsed) is { } postgres
        ? new PostgresDatabase(postgres)
        : new SqliteDatabase(CommonOptions.OpenData(parsed.GetValue(Data)!));

    /// <summary>The options as they were given, for advice to run another command; without a connection string.</summary>
    public string Given(ParseResult parsed) => parsed.GetValue(Fleet) is { } fleet
        ? $"--fleet {fleet}"
        : PostgresOf(parsed) is null
            ? $"--data {parsed.GetValue(Data)}"
            : "--postgres ...";

    private static SecretText StoreOf(string fleet)
    {
        var reading = FleetReader.ReadFile(fleet);
        if (reading.Configuration is not { } configuration)
            throw new CommandFailure(CommandFailure.WrongUsage, string.Join(Environment.NewLine, reading.Problems));
        return configuration.Store?.Postgres
            ?? throw new CommandFailure(
                CommandFailure.WrongUsage, $"{fleet} has no iec102.store, so the store is a data directory: name it with --data.");
    }
}
