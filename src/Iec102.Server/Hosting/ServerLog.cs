using Serilog;
using Serilog.Events;

namespace Iec102.Server.Hosting;

/// <summary>The log: one line for each event that an operator cares about, on the console, in a file, or both.</summary>
internal static class ServerLog
{
    private const string Line = "{Timestamp:yyyy-MM-dd HH:mm:ss.fff zzz} {Level:u3} {Message:lj}{NewLine}{Exception}";
    private const int FilesKept = 14;
    private const long FileBytes = 50 * 1024 * 1024;

    /// <summary>Makes the host write its log so.</summary>
    public static void Configure(ILoggingBuilder logging, ServerOptions options)
    {
        var configuration = new LoggerConfiguration()
            .MinimumLevel.Is(options.TracedPorts.Count > 0 ? LogEventLevel.Debug : LogEventLevel.Information)
            .MinimumLevel.Override("Microsoft", LogEventLevel.Warning);
        if (options.LogToConsole)
            configuration.WriteTo.Console(outputTemplate: Line, standardErrorFromLevel: LogEventLevel.Error, formatProvider: System.Globalization.CultureInfo.InvariantCulture);
        if (options.LogFile is { } file)
            configuration.WriteTo.File(
                file, outputTemplate: Line, rollingInterval: RollingInterval.Day, retainedFileCountLimit: FilesKept, fileSizeLimitBytes: FileBytes, rollOnFileSizeLimit: true,
                formatProvider: System.Globalization.CultureInfo.InvariantCulture);
        logging.ClearProviders();
        logging.AddSerilog(configuration.CreateLogger(), dispose: true);
    }
}
