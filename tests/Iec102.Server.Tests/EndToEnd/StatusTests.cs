using System.Net;
using System.Net.Sockets;
using Iec102.Lines;
using Iec102.Server.Tests.Api;
using Iec102.Server.Tests.Commands;
using Iec102.Simulator.Hosting;
using NodaTime;

namespace Iec102.Server.Tests.EndToEnd;

/// <summary>What an operator is told of a fleet with four faults.</summary>
public sealed class StatusTests
{
    /// <summary>The meters sim-1 to sim-30, five on each of the lines line-1 to line-6.</summary>
    private const int Meters = 30;

    [Fact]
    public async Task Thirty_meters_with_a_wrong_password_a_wrong_address_a_dead_port_and_a_wrong_clock_show_four_problems()
    {
        using var site = new Site();
        await using var simulator = await SimulatorHost.StartAsync(new SimulatorOptions
        {
            Meters = Meters,
            MetersPerPort = 5,
            HistoryDays = 2,
            Speed = new LineFormat(9600, 8, Parity.None, 1),
            MeterOf = (index, meter) => index == 16 ? meter with { ClockOffset = Duration.FromMinutes(40) } : meter,
        });
        var dead = simulator.Lines[5].Port!.Value;
        var fleet = simulator.Fleet.Replace($":{dead}\"", $":{ClosedPort()}\"", StringComparison.Ordinal) + """

            iec102.meters.sim-2.password = 4711
            iec102.meters.sim-8.link-address = 900
            iec102.ports.line-2.timing.reply-timeout = 1s
            """;
        await using var host = await RunningServer.StartAsync(fleet, site.Data);
        CliResult status;
        var last = "";
        await Site.UntilAsync(
            async () =>
            {
                last = (status = await Cli.RunAsync($"status --url {host.Urls[0]}")).Output;
                return last.Contains("4 problems.", StringComparison.Ordinal) && !last.Contains("unknown", StringComparison.Ordinal);
            },
            TimeSpan.FromMinutes(1), () => last);

        status = await Cli.RunAsync($"status --url {host.Urls[0]}");

        status.Status.ShouldBe(1);
        var problems = status.Output.Split("\n\n")[..^1];
        problems.Length.ShouldBe(4, status.Output);
        problems[0].ShouldSatisfyAllConditions(
            dead => dead.ShouldMatch("^DOWN  port line-6: line-down for [0-9]+ (s|min); next try in [0-9]+ s\n"),
            dead => dead.ShouldContain("\n  Check the converter at tcp://127.0.0.1:"),
            dead => dead.ShouldEndWith("\n  Not read because of it: sim-26, sim-27, sim-28, sim-29, sim-30"));
        problems[1].ShouldSatisfyAllConditions(
            password => password.ShouldMatch("^DOWN  meter sim-2 on port line-1: password for [0-9]+ (s|min); next try in 15 min\n"),
            password => password.ShouldContain("\n  Correct password in the fleet file"));
        problems[2].ShouldSatisfyAllConditions(
            address => address.ShouldMatch("^DOWN  meter sim-8 on port line-2: no-answer for [0-9]+ (s|min); next try in [0-9]+ s\n"),
            address => address.ShouldContain("\n  Check link-address = 900 in the fleet file"));
        problems[3].ShouldSatisfyAllConditions(
            clock => clock.ShouldMatch("^ATTENTION  meter sim-17 on port line-4: clock for [0-9]+ (s|min); next try in 1 h\n"),
            clock => clock.ShouldContain("\n  The clock is +40 min "),
            clock => clock.ShouldContain("\n  Set the meter's clock on its page"));
        status.Output.ShouldMatch("\nmeters  30: ([0-9]+ ok, )?([0-9]+ catching-up, )?1 attention, 7 down");
        status.Output.ShouldMatch("\nports   6: 5 ok, 1 down\ncurves  complete for yesterday: [0-9]+ of 30 meters\n$");

        await FailsAsync("sim-26", null, "line", "has been down for", "refuses the connection");
        await FailsAsync("sim-2", 2, "login", "link 2, point 1: answered", "refuses the login");
        await FailsAsync("sim-8", 900, "login", "link 900, point 1: has not answered", "Link 900 did not answer");
        await FailsAsync("sim-17", 2, "clock", "the clock is +40 min ");
        (await Cli.RunAsync($"why nobody --url {host.Urls[0]}")).Sentence.ShouldContain("'nobody'");

        async Task FailsAsync(string meter, int? link, string step, params string[] shown)
        {
            var why = await Cli.RunAsync($"why {meter} --url {host.Urls[0]}");
            why.Status.ShouldBe(1, why.Output);
            var failing = why.Lines.Where(line => line.Contains("FAILS", StringComparison.Ordinal)).ShouldHaveSingleItem();
            failing.ShouldStartWith(step);
            foreach (var text in shown)
                why.Output.ShouldContain(text);
            var frame = why.Lines.SingleOrDefault(line => line.StartsWith("last frame ", StringComparison.Ordinal));
            if (link is null)
                frame.ShouldBeNull("Nothing has passed on a line that was never open.");
            else
                frame.ShouldNotBeNull(why.Output).ShouldContain($" link {link} ");
            why.Lines[^1].ShouldMatch("^(Check|Correct|Set) ");
        }
    }

    private static int ClosedPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
