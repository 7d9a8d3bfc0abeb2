using System.Net;
using Iec102.Lines;
using Iec102.Simulator.Faults;
using Iec102.Simulator.Meters;
using NodaTime;

namespace Iec102.Simulator.Hosting;

/// <summary>What <see cref="SimulatorHost"/> starts; the options of the command <c>simulate</c>.</summary>
public sealed record SimulatorOptions
{
    /// <summary>How many meters there are: sim-1, sim-2, ...</summary>
    public int Meters { get; init; } = 1;

    /// <summary>How many meters share a line: line-1, line-2, ...; the last line may have fewer.</summary>
    public int MetersPerPort { get; init; } = 1;

    /// <summary>The address on which TCP lines listen.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>TCP port of the first line; the other lines have the ports after it. With 0 each line gets a free port.</summary>
    public int Port { get; init; }

    /// <summary>
    /// If given, the lines are pseudo terminals with links DIR/line0, DIR/line1, ... in this directory, instead of TCP ports.
    /// </summary>
    public string? PtyDirectory { get; init; }

    /// <summary>Link address of the first meter of each line; the other meters of the line have the addresses after it.</summary>
    public int LinkBase { get; init; } = 1;

    /// <summary>Measurement point of every meter.</summary>
    public ushort Point { get; init; } = 1;

    /// <summary>Access key of every meter.</summary>
    public uint Key { get; init; } = 1;

    /// <summary>How many whole days the meters' history reaches back.</summary>
    public int HistoryDays { get; init; } = 40;

    /// <summary>Seed of data, serial numbers and faults.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Speed and format of the wire that each line imitates; null to answer at once.</summary>
    public LineFormat? Speed { get; init; }

    /// <summary>The faults on each line.</summary>
    public FaultPlan? Faults { get; init; }

    /// <summary>The meters' time zone.</summary>
    public DateTimeZone Zone { get; init; } = DateTimeZoneProviders.Tzdb["Europe/Madrid"];

    /// <summary>The behaviour of all meters and lines.</summary>
    public BehaviourPlan Behaviour { get; init; } = BehaviourPlan.Plain;

    /// <summary>The behaviour of the meter with a given index, from 0, if it differs from that of the others.</summary>
    public Func<int, MeterBehaviour>? BehaviourOf { get; init; }

    /// <summary>How far the meters' clocks are ahead of true time at the start.</summary>
    public Duration ClockOffset { get; init; } = Duration.Zero;

    /// <summary>
    /// Changes the options of the meter with a given index, from 0, such as addresses and clocks that no other option sets.
    /// </summary>
    public Func<int, MeterOptions, MeterOptions>? MeterOf { get; init; }

    /// <summary>The path at which the matching fleet file is written.</summary>
    public string? FleetOut { get; init; }

    /// <summary>How often the fleet file tells the server to read current values.</summary>
    public Duration CurrentValuesEvery { get; init; } = Duration.FromSeconds(15);

    /// <summary>Whether the fleet file enables the quarter-hour curve.</summary>
    public bool QuarterHours { get; init; }

    /// <summary>Directory for the profile CSVs that hold what was measured; kept up to date while the meters run.</summary>
    public string? TruthOut { get; init; }

    /// <summary>Path of the counters file, written about every second and at the end.</summary>
    public string? CountersFile { get; init; }

    /// <summary>Path of the file in which each connection to a TCP port, and each frame that it brings, is a line.</summary>
    public string? RecordFile { get; init; }

    /// <summary>How many lines there are.</summary>
    public int LineCount => (Meters + MetersPerPort - 1) / MetersPerPort;

    /// <summary>The first contradiction in the options, as one sentence; null when there is none.</summary>
    public string? Problem =>
        Meters is < 1 or > 9999 ? $"There can be 1 to 9999 meters, not {Meters}."
        : MetersPerPort < 1 ? $"A line needs at least one meter, not {MetersPerPort}."
        : LinkBase < 0 || LinkBase + MetersOnFullLine - 1 > 65534
            ? $"Link addresses from {LinkBase} on would not stay within 0 to 65534 for {MetersOnFullLine} meters on a line."
        : HistoryDays is < 1 or > 9000 ? $"A history has 1 to 9000 days, not {HistoryDays}."
        : Port != 0 && PtyDirectory is null && (Port < 1 || Port + LineCount - 1 > 65535)
            ? $"TCP ports from {Port} on would not stay within 1 to 65535 for {LineCount} lines."
        : RecordFile is not null && PtyDirectory is not null ? "Who talks can be recorded only at TCP ports, not at pseudo terminals."
        : Speed is { IsValid: false } ? "The speed of a line is 300 to 115200 bits per second."
        : null;

    private int MetersOnFullLine => Math.Min(Meters, MetersPerPort);
}

/// <summary>The simulator cannot start as requested; the message is one plain sentence.</summary>
public sealed class SimulatorException : Exception
{
    /// <summary>A failure without a known cause.</summary>
    public SimulatorException() : base("The simulator cannot start.") { }

    /// <summary>A failure that the message explains.</summary>
    public SimulatorException(string message) : base(message) { }

    /// <summary>A failure that the message explains, with its cause.</summary>
    public SimulatorException(string message, Exception? innerException) : base(message, innerException) { }
}
