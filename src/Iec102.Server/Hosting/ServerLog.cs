using System.Globalization;
using Iec102.Storage.Databases;
using Serilog;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Formatting.Compact;
using Serilog.Formatting.Display;

namespace Iec102.Server.Hosting;

/// <summary>How a line of the log is written.</summary>
internal enum LogFormat
{
    /// <summary>For people.</summary>
    Text,

    /// <summary>For programs: one object per line, in the format CLEF.</summary>
    Json,
}

/// <summary>
/// The log: one line for each event that matters to an operator, on the console, in a file, or both. Akka.Logger.Serilog writes to the one
/// logger of the process (Log.Logger), so only one server in a process can have a log; tests that start several in one process give none of
/// them a log.
/// </summary>
internal static class ServerLog
{
    private const string Line = "{Timestamp:yyyy-MM-dd HH:mm:ss.fff zzz} {Level:u3} {Message:lj}{NewLine}{Exception}";
    private const int FilesKept = 14;
    private const long FileBytes = 50 * 1024 * 1024;

    /// <summary>Sets up the log.</summary>
    public static void Configure(LoggerConfiguration log, ServerOptions options)
    {
        log.MinimumLevel.Is(options.TracedPorts.Count > 0 ? LogEventLevel.Debug : LogEventLevel.Information)
            .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
            // Whoever calls is told what failed; a node that is not there is logged once, by the directory.
            .MinimumLevel.Override("Yarp", LogEventLevel.Fatal)
            // A fault is logged when it begins; the health probes need not repeat it.
            .MinimumLevel.Override("Microsoft.Extensions.Diagnostics.HealthChecks", LogEventLevel.Fatal)
            // The keys of sessions are protected by the permissions of their files, as everything in the data directory is.
            .MinimumLevel.Override("Microsoft.AspNetCore.DataProtection", LogEventLevel.Error)
            .Enrich.With<EventNames>();
        // Each curve would complain of a database that is away, again and again: that it is away is said once (StoreAway).
        if (options.Fleet.Store is not null)
            log.Filter.ByExcluding(line => line.Exception is { } e && PostgresDatabase.IsAwayBecauseOf(e));
        var isJson = options.LogFormat == LogFormat.Json;
        ITextFormatter format = isJson ? new CompactJsonFormatter() : new MessageTemplateTextFormatter(Line, CultureInfo.InvariantCulture);
        if (options.LogToConsole && isJson)
            log.WriteTo.Console(format, standardErrorFromLevel: LogEventLevel.Error);
        else if (options.LogToConsole)
            log.WriteTo.Console(
                outputTemplate: Line, standardErrorFromLevel: LogEventLevel.Error, formatProvider: CultureInfo.InvariantCulture);
        if (options.LogFile is { } file)
        {
            log.WriteTo.File(
                format, file, rollingInterval: RollingInterval.Day, retainedFileCountLimit: FilesKept, fileSizeLimitBytes: FileBytes,
                rollOnFileSizeLimit: true);
        }
    }
}
