using System.Text.RegularExpressions;
using Iec102.Hocon;

namespace Iec102.Fleet.Tests;

/// <summary>
/// Users copy hocon/fleet.example.conf: it must be valid and complete, and the defaults that it shows must be the real ones.
/// </summary>
public partial class FleetExampleTests
{
    private const string KeyVariable = "IEC102_CLUSTER_KEY";

    private static readonly HoconOptions NoEnvironment = new() { Environment = _ => null };

    private static readonly HoconOptions OnlyKey = new() { Environment = name => name == KeyVariable ? "0123456789abcdef" : null };

    [Fact]
    public void The_example_has_no_problem()
    {
        var reading = FleetReader.ReadFile(ExamplePath(), NoEnvironment);
        reading.Problems.ShouldBeEmpty();
        reading.Configuration!.Ports.Count.ShouldBe(4);
        reading.Configuration.Meters.Count.ShouldBe(6);
    }

    [Fact]
    public void Every_key_that_is_not_called_an_example_has_its_default()
    {
        // Where the value of a key is an example or has no default, the comment above the key says so.
        var example = FleetReader.ReadFile(ExamplePath(), NoEnvironment).Configuration;
        var compared = 0;
        var lines = File.ReadAllLines(ExamplePath());
        for (var i = 0; i < lines.Length; i++)
        {
            if (!SimpleKey().IsMatch(lines[i]) || CommentAbove(lines, i).Contains("Example")
                || CommentAbove(lines, i).Contains("Required"))
                continue;

            var without = FleetReader.Read(string.Join('\n', lines.Where((_, at) => at != i)), ExamplePath(), NoEnvironment);
            without.Problems.ShouldBeEmpty($"line {i + 1}: {lines[i]}");
            without.Configuration.ShouldBe(example, $"line {i + 1}: {lines[i]}");
            FleetHash.Of(without.Configuration!).ShouldBe(FleetHash.Of(example!));
            compared++;
        }

        compared.ShouldBeGreaterThan(30);
    }

    [Theory]
    [InlineData("iec102", "time-zone ports meters meters-csv retention alarms deliveries store cluster backup api")]
    [InlineData("iec102.alarms", "delay language webhook email morning-sheet")]
    [InlineData("iec102.alarms.webhook", "url secret")]
    [InlineData("iec102.alarms.email", "host port security user password from to")]
    [InlineData("iec102.alarms.morning-sheet", "at month-curves")]
    [InlineData("iec102.deliveries.daily", "at what curves meters port site group tag format folder")]
    [InlineData("iec102.ports.north-com1", "enabled node serial timing hold gateway")]
    [InlineData("iec102.ports.north-tcp", "tcp nodes")]
    [InlineData("iec102.cluster", "handback key")]
    [InlineData("iec102.ports.site-gsm", "node serial dial")]
    [InlineData("iec102.ports.site-gsm.dial", "number init connect-timeout max-call")]
    [InlineData("iec102.ports.north-com1.serial", "device line driver dtr rts rs485")]
    [InlineData(
        "iec102.ports.north-com1.timing",
        "reply-timeout retries inter-request-delay inter-character-timeout connect-delay reconnect-min reconnect-max")]
    [InlineData("iec102.ports.north-com1.gateway", "listen allow mode keys max-clients idle-timeout answer-hold max-hold")]
    [InlineData("iec102.meters.m-34572", "port link-address point-address password write-password name site group tags "
        + "meter-number cups serial-number enabled record orientation time-zone summer-time session-idle current-values "
        + "profiles events clock")]
    [InlineData("iec102.meters.m-34572.current-values", "enabled every groups history-every")]
    [InlineData("iec102.meters.m-34572.profiles", "hourly quarter-hour")]
    [InlineData("iec102.meters.m-34572.profiles.hourly", "enabled from depth settle")]
    [InlineData("iec102.meters.m-34572.profiles.quarter-hour", "enabled from depth settle")]
    [InlineData("iec102.meters.m-34572.clock", "check-every alarm set")]
    [InlineData("iec102.meters.m-2", "port preset meter-number")]
    [InlineData("iec102.retention", "profiles current-history events audit")]
    [InlineData("iec102.store", "postgres")]
    [InlineData("iec102.api", "keys allow-anonymous")]
    public void The_example_shows_every_key(string section, string keys) =>
        section.Split('.').Aggregate(
            (HoconValue)HoconParser.ParseFile(ExamplePath(), OnlyKey), (within, key) => ((HoconObject)within).Field(key)!.Value)
            .ShouldBeOfType<HoconObject>().Fields.Select(field => field.Key).ShouldBe(keys.Split(' '));

    [Fact]
    public void The_example_of_a_cluster_shows_every_key_of_a_node_and_has_no_problem()
    {
        var file = Path.Combine(Path.GetDirectoryName(ExamplePath())!, "cluster.example.conf");
        FleetReader.ReadFile(file, OnlyKey).Problems.ShouldBeEmpty();
        FleetReader.ReadFile(file, NoEnvironment).Problems.ShouldHaveSingleItem().Sentence
            .ShouldStartWith($"${{{KeyVariable}}} is defined neither", customMessage: "a key that everybody knows must not do");

        // The example names no certificate, since there is none beside it.
        var reading = FleetReader.ReadFile(
            file, new HoconOptions { Environment = name => name.Contains("CERTIFICATE") ? file : OnlyKey.Environment(name) });
        reading.Problems.ShouldBeEmpty();
        var expected = new NodeConfiguration("centre-1", new Uri("https://centre-1.example:8102"))
        {
            Certificate = file,
            CertificateKey = file,
            CertificateAuthority = file,
        };
        reading.Configuration!.Node.ShouldBe(expected, "so the ttl that it shows is the default");
        reading.Configuration.Ports.Select(port => port.Placement).ShouldBe(
        [
            new PortPlacement { Node = "substation-1" }, new PortPlacement { Nodes = ["centre-1", "centre-2"] }, PortPlacement.Any,
        ]);
    }

    private static string CommentAbove(string[] lines, int at)
    {
        // Keys on consecutive lines share the comment above the first of them.
        while (at > 0 && SimpleKey().IsMatch(lines[at - 1]))
            at--;
        var end = at;
        while (at > 0 && lines[at - 1].TrimStart().StartsWith('#'))
            at--;
        return string.Join(' ', lines[at..end]);
    }

    internal static string ExamplePath()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Iec102Actors.sln")))
            folder = folder.Parent.ShouldNotBeNull();
        return Path.Combine(folder.FullName, "hocon", "fleet.example.conf");
    }

    [GeneratedRegex(@"^\s*[a-z0-9-]+ = [^\[{]+$|^\s*[a-z0-9-]+ = \[[^\]]+\]$")]
    private static partial Regex SimpleKey();
}
