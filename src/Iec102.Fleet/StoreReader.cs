using System.Data.Common;
using Npgsql;

namespace Iec102.Fleet;

/// <summary>Reads the sections <c>store</c> and <c>backup</c>, and checks connection strings that come from elsewhere.</summary>
public static class StoreReader
{
    private const string Example = "Host=db;Database=iec102;Username=iec102;Password=...";

    // In small letters, as keywords are compared.
    private static readonly string[] Usual =
    [
        "host", "port", "database", "username", "password", "passfile", "ssl mode", "root certificate", "timeout", "command timeout",
        "keepalive", "target session attributes",
    ];

    /// <summary>What is wrong with a connection string, in a sentence that repeats nothing of it; null when it can be used.</summary>
    public static string? Refuse(string postgres)
    {
        try
        {
            var read = new NpgsqlConnectionStringBuilder(postgres);
            if (string.IsNullOrWhiteSpace(read.Host) || string.IsNullOrWhiteSpace(read.Database))
                return $"must name the server and the database, as in \"{Example}\".";
            return read.TargetSessionAttributes is null || read.Host.Contains(',', StringComparison.Ordinal)
                ? null
                : "must name several hosts if it has Target Session Attributes, which choose one of them.";
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            // What Npgsql says may quote a part of the text, such as one of a password that holds a semicolon.
            return $"must be a connection string such as \"{Example}\", with a value that holds ';' or '=' in single quotes; "
                + (MeantKeyword(postgres) is { } meant
                    ? $"the text here has a keyword that is not known, probably for '{meant}'."
                    : "the text here is not one.");
        }
    }

    /// <summary>What the first unknown keyword was meant to be, which repeats nothing of the text; null when that is not known.</summary>
    private static string? MeantKeyword(string postgres)
    {
        try
        {
            var known = new NpgsqlConnectionStringBuilder();
            var unknown = new DbConnectionStringBuilder { ConnectionString = postgres }.Keys.Cast<string>()
                .FirstOrDefault(keyword => !known.ContainsKey(keyword));
            return unknown is null ? null : Nearest.Meant(unknown.ToLowerInvariant(), Usual);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    internal static BackupConfiguration? ReadBackup(FleetSection section)
    {
        if (!section.Has("folder"))
            section.ReportMissing("folder", "is missing: write where the backups go, folder = \"/var/backups/iec102\".");
        var folder = section.Text("folder");
        if (folder is not null && !Path.IsPathFullyQualified(folder))
            section.ReportValue("folder", "must be a whole path, such as \"/var/backups/iec102\".");
        var keep = section.Number("keep", 1, BackupConfiguration.MostKept);
        section.RejectUnknown();
        return folder is null ? null : new BackupConfiguration(folder, (int)(keep ?? BackupConfiguration.UsuallyKept));
    }

    internal static StoreConfiguration? Read(FleetSection section)
    {
        if (!section.Has("postgres"))
            section.ReportMissing("postgres", $"is missing: write the connection string, postgres = \"{Example}\".");
        var postgres = section.Text("postgres");
        if (postgres is not null && Refuse(postgres) is { } sentence)
            section.ReportValue("postgres", sentence);
        section.RejectUnknown();
        return postgres is null ? null : new StoreConfiguration(new SecretText(postgres));
    }
}
