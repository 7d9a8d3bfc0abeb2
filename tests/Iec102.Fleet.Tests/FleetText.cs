using Iec102.Hocon;

namespace Iec102.Fleet.Tests;

/// <summary>Short ways to read fleets in tests, without the real environment or files.</summary>
internal static class FleetText
{
    public const string File = "/etc/fleet.conf";

    /// <summary>Two valid ports, for tests of meters.</summary>
    public const string Ports =
        "ports { tcp-1 { tcp = \"192.0.2.10:4001\" }, com-1 { serial { device = \"/dev/ttyS0\", line = \"9600-8E1\" } } }\n";

    public static HoconOptions Options(Dictionary<string, string>? files = null, Dictionary<string, string>? environment = null) => new()
    {
        Environment = name => environment?.GetValueOrDefault(name),
        ReadFile = path => files?.GetValueOrDefault(path),
    };

    public static FleetReading Read(
        string text, Dictionary<string, string>? files = null, Dictionary<string, string>? environment = null) =>
        FleetReader.Read($"iec102 {{\n{text}\n}}", File, Options(files, environment));

    public static FleetConfiguration Fleet(
        string text, Dictionary<string, string>? files = null, Dictionary<string, string>? environment = null)
    {
        var reading = Read(text, files, environment);
        reading.Problems.ShouldBeEmpty();
        return reading.Configuration.ShouldNotBeNull();
    }

    public static PortConfiguration Port(string section) => Fleet($"ports.p {{ {section} }}").Ports.ShouldHaveSingleItem();

    public static MeterConfiguration Meter(string section) => Fleet($"{Ports} meters.m {{ {section} }}").Meters.ShouldHaveSingleItem();

    /// <summary>A meter with all required keys and whatever the section adds.</summary>
    public static MeterConfiguration PlainMeter(string section) =>
        Meter($"port = tcp-1, link-address = 5, point-address = 1, password = 9, {section}");

    public static FleetProblem Problem(string text, Dictionary<string, string>? files = null)
    {
        var reading = Read(text, files);
        reading.Configuration.ShouldBeNull();
        return reading.Problems.ShouldHaveSingleItem();
    }

    public static FleetProblem PortProblem(string section) => Problem($"ports.p {{ {section} }}");

    public static FleetProblem MeterProblem(string section) => Problem($"{Ports} meters.m {{ {section} }}");

    public static FleetProblem PlainMeterProblem(string section) =>
        MeterProblem($"port = tcp-1, link-address = 5, point-address = 1, password = 9, {section}");
}
