using System.Globalization;
using Iec102.Acquisition.Meters;
using Iec102.Acquisition.Profiles;
using Iec102.Fleet;
using Iec102.Server.Terminal;
using Iec102.Server.Tests.Api;
using NodaTime;
using Spectre.Console;

namespace Iec102.Server.Tests.Terminal;

public sealed class LiveTableTests(ToldServer server) : IClassFixture<ToldServer>
{
    [Theory]
    [InlineData(80, "Meter,State,Last value,Curve to,Recorded,Missing", "m-1,offline,-12345.678 kW,07-15 06:00,8760,123")]
    [InlineData(
        120, "Meter,Port,State,Last value,Curve to,Recorded,Missing,Absent,Per s",
        "m-1,p,offline,-12345.678 kW,2024-07-15 06:00,8760,123,45,9999")]
    public async Task The_table_fits_the_terminal_with_every_cell_whole(int width, string headings, string cells)
    {
        server.Tell(new ProfileStatus(
            ToldServer.Id, Curve.Hourly, CurveState.Ok, ToldServer.Day + Duration.FromHours(6), 8928, 8760, 123, 40, 5));
        server.Tell(new CurrentValuesRead(
            ToldServer.Id, Duration.FromSeconds(15),
            [new CurrentValue("power.active.total", -12345.678, "kW", ValueQuality.Good, ToldServer.Day, ToldServer.Day)]));
        var meters = (await server.Node.MetersAsync()).ById.Values.Where(meter => meter.Status is not null).ToList();

        var lines = Print(
            LiveTable.TableOf(meters, server.Node.Fleet, ToldServer.Day, new Dictionary<string, double> { ["m-1"] = 9999 }, width), width);

        lines.ShouldAllBe(line => line.Length <= width);
        Words(lines[1]).ShouldBe(headings);
        Words(lines[3]).ShouldBe(cells);
    }

    private static string Words(string line) =>
        string.Join(',', line.Split('│', StringSplitOptions.RemoveEmptyEntries).Select(cell => cell.Trim()));

    private static string[] Print(Table table, int width)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Out = new AnsiConsoleOutput(text),
        });
        console.Profile.Width = width;
        console.Profile.Capabilities.Unicode = true;
        console.Write(table);
        return text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
