using System.Net;
using Iec102.Lines;
using NodaTime;

namespace Iec102.Simulator;

/// <summary>What <see cref="SimulatorHost"/> starts; the options of the command <c>simulate</c>.</summary>
public sealed record SimulatorOptions
{
    /// <summary>How many meters: sim-1, sim-2, ...</summary>
    public int Meters { get; init; } = 1;

    /// <summary>How many of them share a line: line-1, line-2, ...; the last line may have fewer.</summary>
    public int MetersPerPort { get; init; } = 1;

    /// <summary>Where TCP lines listen.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>TCP port of the first line, the following lines have the ports after it; 0 gives each line a free one.</summary>
    public int Port { get; init; }

    /// <summary>With a directory the lines are pseudo terminals, reached through links DIR/line0, DIR/line1, ..., instead of TCP.</summary>
    public string? PtyDirectory { get; init; }

    /// <summary>Link address of the first meter of each line; the others of the line have the addresses after it.</summary>
    public int LinkBase { get; init; } = 1;

    /// <summary>Measurement point of every meter.</summary>
    public ushort Point { get; init; } = 1;

    /// <summary>Access key of every meter.</summary>
    public uint Key { get; init; } = 1;

    /// <summary>How many whole days back the meters' history reaches.</summary>
    public int HistoryDays { get; init; } = 40;

    /// <summary>Seed of data, serial numbers and faults.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Speed and format of the wire that each line imitates; none answers at once.</summary>
    public LineFormat? Speed { get; init; }

    /// <summary>What goes wrong on each line.</summary>
    public FaultPlan? Faults { get; init; }

    /// <summary>The meters' zone.</summary>
    public DateTimeZone Zone { get; init; } = DateTimeZoneProviders.Tzdb["Europe/Madrid"];

    /// <summary>How all meters and lines behave.</summary>
    public BehaviourPlan Behaviour { get; init; } = BehaviourPlan.Plain;

    /// <summary>How the meter of an index, from 0, differs from that.</summary>
    public Func<int, MeterBehaviour>? BehaviourOf { get; init; }

    /// <summary>How far the meters' clocks are ahead of true time when they start.</summary>
    public Duration ClockOffset { get; init; } = Duration.Zero;

    /// <summary>Changes what the meter of an index, from 0, is: addresses and clocks that no other option gives.</summary>
    public Func<int, MeterOptions, MeterOptions>? MeterOf { get; init; }

    /// <summary>Where the matching fleet file is written.</summary>
    public string? FleetOut { get; init; }

    /// <summary>Period of the current values in that file.</summary>
    public Duration CurrentValuesEvery { get; init; } = Duration.FromSeconds(15);

    /// <summary>Whether that file turns the quarter-hour curve on.</summary>
    public bool QuarterHours { get; init; }

    /// <summary>Directory of the profile CSVs that say what was measured; kept up to date while the meters run.</summary>
    public string? TruthOut { get; init; }

    /// <summary>File of the counters, written about every second and at the end.</summary>
    public string? CountersFile { get; init; }

    /// <summary>How many lines there are.</summary>
    public int LineCount => (Meters + MetersPerPort - 1) / MetersPerPort;

    /// <summary>The first thing that cannot be, as one sentence; null when all is well.</summary>
    public string? Problem =>
        Meters is < 1 or > 9999 ? $"There can be 1 to 9999 meters, not {Meters}."
        : MetersPerPort < 1 ? $"A line needs at least one meter, not {MetersPerPort}."
        : LinkBase < 0 || LinkBase + MetersOnFullLine - 1 > 65534
            ? $"Link addresses from {LinkBase} on would not stay within 0 to 65534 for {MetersOnFullLine} meters on a line."
        : HistoryDays is < 1 or > 9000 ? $"A history has 1 to 9000 days, not {HistoryDays}."
        : Port != 0 && PtyDirectory is null && (Port < 1 || Port + LineCount - 1 > 65535)
            ? $"TCP ports from {Port} on would not stay within 1 to 65535 for {LineCount} lines."
        : Speed is { IsValid: false } ? "The speed of a line is 300 to 115200 bits per second."
        : null;

    private int MetersOnFullLine => Math.Min(Meters, MetersPerPort);
}

/// <summary>The simulator cannot start as asked; the message is one plain sentence.</summary>
public sealed class SimulatorException : Exception
{
    /// <summary>A failure without a known cause.</summary>
    public SimulatorException() : base("The simulator cannot start.") { }

    /// <summary>A failure that the message explains.</summary>
    public SimulatorException(string message) : base(message) { }

    /// <summary>A failure that the message explains, with its cause.</summary>
    public SimulatorException(string message, Exception? innerException) : base(message, innerException) { }
}
