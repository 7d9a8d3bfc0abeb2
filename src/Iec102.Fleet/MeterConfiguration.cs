using Iec102.Protocol.Time;
using NodaTime;

namespace Iec102.Fleet;

/// <summary>One measurement point of a meter, and what is read from it.</summary>
public sealed record MeterConfiguration
{
    /// <summary>The meter's name in paths, logs and the API: letters, digits, '-' and '_', 1 to 64.</summary>
    public required string Id { get; init; }

    /// <summary>The id of the meter's port.</summary>
    public required string Port { get; init; }

    /// <summary>The address in the frame, 0 to 65535.</summary>
    public required ushort LinkAddress { get; init; }

    /// <summary>The measurement point, which is the common address of the ASDU, 0 to 65535.</summary>
    public required ushort PointAddress { get; init; }

    /// <summary>The key for the login.</summary>
    public required Secret Password { get; init; }

    /// <summary>The key for the login before the clock is written; null if <see cref="Password"/> is enough for that.</summary>
    public Secret? WritePassword { get; init; }

    /// <summary>The preset that supplied the settings which the file leaves out, or null.</summary>
    public string? Preset { get; init; }

    /// <summary>What people call the meter, and where it belongs.</summary>
    public MeterLabels Labels { get; init; } = MeterLabels.None;

    /// <summary>The serial number that the meter must report at login; null accepts the first one that it reports.</summary>
    public uint? SerialNumber { get; init; }

    /// <summary>False keeps the meter in the configuration, but does not read it.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>False reads the meter and shows its current values, but does not record any curve.</summary>
    public bool Record { get; init; } = true;

    /// <summary>Which side of the meter is called imported.</summary>
    public Orientation Orientation { get; init; } = Orientation.Consumer;

    /// <summary>The time zone of the meter's civil time.</summary>
    public required DateTimeZone TimeZone { get; init; }

    /// <summary>How the meter labels its times in summer; if null, this is found out from the meter's clock.</summary>
    public SummerTimeHabit? SummerTime { get; init; }

    /// <summary>A session that was unused for longer than this is opened again before a request, 5 s to 1 h.</summary>
    public TimeSpan SessionIdle { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>The settings for current values.</summary>
    public CurrentValuesConfiguration CurrentValues { get; init; } = new();

    /// <summary>The settings for the hourly curve, record 11.</summary>
    public ProfileConfiguration Hourly { get; init; } = ProfileConfiguration.DefaultHourly;

    /// <summary>The settings for the curve of the second integration period, usually a quarter of an hour, record 12.</summary>
    public ProfileConfiguration QuarterHour { get; init; } = ProfileConfiguration.DefaultQuarterHour;

    /// <summary>How often the meter's events are read, 1 min to 7 d.</summary>
    public TimeSpan EventsEvery { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The settings for the check of the meter's clock.</summary>
    public ClockConfiguration Clock { get; init; } = new();

    /// <summary>The settings of a curve.</summary>
    public ProfileConfiguration ProfileOf(Curve curve) => curve == Curve.Hourly ? Hourly : QuarterHour;

    /// <summary>Whether a curve is recorded.</summary>
    public bool Records(Curve curve) => Record && ProfileOf(curve).Enabled;

    /// <summary>
    /// The instant at which a curve begins if the file gives a date: 00:00 of that day in the meter's time zone; otherwise null.
    /// </summary>
    public Instant? StartOf(ProfileConfiguration profile) => profile.From?.AtStartOfDayInZone(TimeZone).ToInstant();
}

/// <summary>Which current values are read, and how often.</summary>
public sealed record CurrentValuesConfiguration
{
    /// <summary>Whether current values are read at all.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>How often they are read, 1 s to 1 d.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Which objects are requested (protocol notes 4.6); at least one.</summary>
    public CurrentValueGroups Groups { get; init; } = CurrentValueGroups.All;

    /// <summary>How often a value is kept as history, 1 s to 1 d; null keeps none.</summary>
    public TimeSpan? HistoryEvery { get; init; }
}

/// <summary>The objects of the request for instantaneous values (protocol notes 4.6).</summary>
[Flags]
public enum CurrentValueGroups
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Object 192: the six registers.</summary>
    Totals = 1,

    /// <summary>Object 193: powers and power factors.</summary>
    Powers = 2,

    /// <summary>Object 194: currents and voltages.</summary>
    Voltages = 4,

    /// <summary>All three.</summary>
    All = Totals | Powers | Voltages,
}

/// <summary>Whether and from when a curve is recorded.</summary>
public sealed record ProfileConfiguration
{
    /// <summary>The greatest <see cref="Depth"/>, days.</summary>
    public const int MostDays = 3650;

    /// <summary>Whether the curve is recorded.</summary>
    public bool Enabled { get; init; }

    /// <summary>
    /// The first day, in the meter's time zone; if null, the curve begins <see cref="Depth"/> before the meter is first read.
    /// </summary>
    public LocalDate? From { get; init; }

    /// <summary>
    /// How far back the meter keeps the curve, 1 d to 3650 d: intervals that are older and were not recorded count as lost.
    /// </summary>
    public TimeSpan Depth { get; init; }

    /// <summary>Whether the file names the depth; otherwise a depth that the meter tells (type 182) takes its place.</summary>
    public bool IsDepthGiven { get; init; }

    /// <summary>How long after its end an interval is expected to be ready in the meter, 0 to 1 d.</summary>
    public TimeSpan Settle { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// The default for the hourly curve: on, with a depth of 180 days, about as long as meters of this profile keep hourly intervals.
    /// </summary>
    public static ProfileConfiguration DefaultHourly { get; } = new() { Enabled = true, Depth = TimeSpan.FromDays(180) };

    /// <summary>
    /// The default for the quarter-hour curve: off, with a depth of 60 days, since four times as many intervals fill the same memory.
    /// </summary>
    public static ProfileConfiguration DefaultQuarterHour { get; } = new() { Enabled = false, Depth = TimeSpan.FromDays(60) };
}

/// <summary>How often the meter's clock is read, and whether it is set.</summary>
public sealed record ClockConfiguration
{
    /// <summary>How often the meter's clock is compared with the server's, 1 min to 7 d.</summary>
    public TimeSpan CheckEvery { get; init; } = TimeSpan.FromHours(1);

    /// <summary>A clock that is this far off, or farther, is reported, whether or not it is set, 1 s to 1 d.</summary>
    public TimeSpan Alarm { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>When the meter's clock is set; null means never.</summary>
    public ClockSetConfiguration? Set { get; init; }
}

/// <summary>When a meter's clock is set.</summary>
/// <param name="Min">The clock is not set for a smaller difference than this, 1 s to 1 h.</param>
/// <param name="Max">A larger difference only raises an alarm; above <paramref name="Min"/>, at most 1 d.</param>
public sealed record ClockSetConfiguration(TimeSpan Min, TimeSpan Max);

/// <summary>Which side of the meter the descriptions call imported; the values themselves do not change.</summary>
public enum Orientation
{
    /// <summary>A+ is the energy that the customer takes from the network.</summary>
    Consumer,

    /// <summary>A+ is the energy that the generator feeds into the network.</summary>
    Producer,
}
