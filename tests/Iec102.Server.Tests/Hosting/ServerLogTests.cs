using System.Text.Json.Nodes;
using Iec102.Acquisition;
using Iec102.Fleet;
using Iec102.Server.Hosting;
using Iec102.Storage;
using Serilog;

namespace Iec102.Server.Tests.Hosting;

public sealed class ServerLogTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("iec102-log-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_line_of_text_has_time_level_and_the_values_as_they_are()
    {
        var line = Written(LogFormat.Text, log => log.Warning(LogEvents.PortLost, "north", "192.0.2.10:4001 refused the connection.", 2.5))
            .ShouldHaveSingleItem();

        line.ShouldMatch(
            @"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} [+-]\d\d:\d\d WRN port north: 192\.0\.2\.10:4001 refused the connection\. "
            + @"Next attempt in 2\.5 s\.$");
    }

    [Fact]
    public void A_line_of_JSON_has_the_name_of_the_event_and_its_values()
    {
        var line = JsonNode.Parse(
            Written(LogFormat.Json, log => log.Warning(LogEvents.PortLost, "north", "Nobody there.", 2.5)).ShouldHaveSingleItem())!;

        ((string)line["Event"]!).ShouldBe(nameof(LogEvents.PortLost));
        ((string)line["@l"]!).ShouldBe("Warning");
        ((string)line["Port"]!).ShouldBe("north");
        ((string)line["Error"]!).ShouldBe("Nobody there.");
        ((double)line["Pause"]!).ShouldBe(2.5);
    }

    [Fact]
    public void What_others_log_has_no_name()
    {
        var entry = Written(LogFormat.Json, log => log.Warning("The web server says {Something}", 1)).ShouldHaveSingleItem();
        JsonNode.Parse(entry)!["Event"].ShouldBeNull();
    }

    private string[] Written(LogFormat format, Action<Serilog.ILogger> write)
    {
        var options = new ServerOptions(new FleetConfiguration(), DataDirectory.Create(_folder.FullName), [])
        {
            LogToConsole = false,
            LogFile = Path.Combine(_folder.FullName, "server.log"),
            LogFormat = format,
        };
        var configuration = new LoggerConfiguration();
        ServerLog.Configure(configuration, options);
        using (var log = configuration.CreateLogger())
            write(log);
        return File.ReadAllLines(Directory.EnumerateFiles(_folder.FullName, "server*.log").Single());
    }
}
