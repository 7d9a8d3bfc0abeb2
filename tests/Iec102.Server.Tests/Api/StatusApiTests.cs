using System.Text.Json.Nodes;
using Iec102.Acquisition.Meters;
using Iec102.Acquisition.Ports;
using Iec102.Acquisition.Profiles;
using Iec102.Fleet;
using NodaTime;

namespace Iec102.Server.Tests.Api;

public sealed class StatusApiTests(ToldServer server) : IClassFixture<ToldServer>
{
    [Fact]
    public async Task A_dead_port_is_one_problem_and_the_same_verdict_in_every_call()
    {
        var down = SystemClock.Instance.GetCurrentInstant() - Duration.FromHours(1);
        server.Tell(new PortStatus(
            "p-9", "tcp", "192.0.2.9:4001", PortState.BackingOff, down, "refused", new PortCounters(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4))
        {
            DownSince = down,
            NextTry = down + Duration.FromHours(2),
        });
        foreach (var id in (string[])["m-90", "m-91"])
            server.Tell(new MeterStatus(id, "p-9", 2, 1, MeterState.Offline, null, null, "refused", null));

        var status = (await server.GetAsync("/api/status"))!;
        var problem = status["problems"]!.AsArray().Single(one => one!["port"]!.ToString() == "p-9")!;
        problem["meter"].ShouldBeNull();
        problem["meters"]!.AsArray().Select(one => one!.ToString()).ShouldBe(["m-90", "m-91"]);
        Verdict(problem).ShouldBe("down line-down");
        problem["advice"]!["es"]!.ToString().ShouldStartWith("Revise el conversor en 192.0.2.9:4001");
        ((int)status["meters"]!["down"]!).ShouldBeGreaterThanOrEqualTo(2);
        ((int)status["meters"]!["ok"]!).ShouldBe(0);

        var port = (await server.GetAsync("/api/ports/p-9"))!;
        Verdict(port).ShouldBe("down line-down");
        (port["since"]!.ToString(), port["nextTry"]!.ToString()).ShouldBe((problem["since"]!.ToString(), problem["nextTry"]!.ToString()));
        ((int)port["counters"]!["failedConnects"]!).ShouldBe(4);
        var meter = (await server.GetAsync("/api/meters"))!.AsArray().Single(one => one!["id"]!.ToString() == "m-90")!;
        (Verdict(meter), meter["blame"]!.ToString(), meter["since"]!.ToString())
            .ShouldBe(("down line-down", "p-9", problem["since"]!.ToString()));
        (await server.Client.GetStringAsync("/metrics")).ShouldContain("iec102_port_verdict{port=\"p-9\",state=\"down\"} 1");
    }

    [Fact]
    public async Task A_curve_has_its_last_days_and_the_fleet_says_how_many_are_complete_for_yesterday()
    {
        var today = SystemClock.Instance.GetCurrentInstant().InZone(ToldServer.Madrid).Date;
        server.Tell(new ProfileStatus(ToldServer.Id, Curve.Hourly, CurveState.Ok, null, 30, 24, 5, 1, 0)
        {
            Days = [new DayCoverage(today.PlusDays(-1), 24, 23, 1), new DayCoverage(today, 6, 1)],
        });

        var days = (await server.GetAsync($"/api/meters/{ToldServer.Id}"))!["profiles"]!["hourly"]!["days"]!.AsArray();
        days.Select(day => day!.ToJsonString()).ShouldBe(
        [
            $$"""{"day":"{{today.PlusDays(-1):uuuu-MM-dd}}","expected":24,"recorded":23,"missing":0,"absent":1,"lost":0}""",
            $$"""{"day":"{{today:uuuu-MM-dd}}","expected":6,"recorded":1,"missing":5,"absent":0,"lost":0}""",
        ]);
        (await server.GetAsync("/api/status"))!["yesterday"]!.ToJsonString().ShouldBe("""{"complete":1,"of":1}""");
    }

    private static string Verdict(JsonNode node) => $"{node["verdict"]} {node["cause"]}";
}
