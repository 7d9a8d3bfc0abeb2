using Iec102.Protocol.Time;
using NodaTime;

namespace Iec102.Fleet;

/// <summary>One measurement point of a meter, and what is read of it.</summary>
public sealed record MeterConfiguration
{
    /// <summary>The meter's name in paths, logs and the API: letters, digits, '-' and '_', 1 to 64.</summary>
    public required string Id { get; init; }

    /// <summary>The id of its port.</summary>
    public required string Port { get; init; }

    /// <summary>The address of the frame, 0 to 65535.</summary>
    public required ushort LinkAddress { get; init; }

    /// <summary>The measurement point, the common address of the ASDU, 0 to 65535.</summary>
    public required ushort PointAddress { get; init; }

    /// <summary>The key of the login.</summary>
    public required Secret Password { get; init; }

    /// <summary>The key of the login before the clock is written; null where the meter lets <see cref="Password"/> write it.</summary>
    public Secret? WritePassword { get; init; }

    /// <summary>The distributor's usual settings that filled what the file leaves out, or null.</summary>
    public string? Preset { get; init; }

    /// <summary>The number on the meter's plate, or null.</summary>
    public string? MeterNumber { get; init; }

    /// <summary>The code of the supply point (CUPS), or null.</summary>
    public string? Cups { get; init; }

    /// <summary>The serial number that the meter must answer at login; null accepts the first one seen.</summary>
    public uint? SerialNumber { get; init; }

    /// <summary>False keeps the meter configured and silent.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>False reads the meter and shows its current values, but records no curve.</summary>
    public bool Record { get; init; } = true;

    /// <summary>Which side of the meter is called imported.</summary>
    public Orientation Orientation { get; init; } = Orientation.Consumer;

    /// <summary>The zone of the meter's civil time.</summary>
    public required DateTimeZone TimeZone { get; init; }

    /// <summary>How the meter labels its times in summer; null finds it out from the meter's clock.</summary>
    public SummerTimeHabit? SummerTime { get; init; }

    /// <summary>A session unused for longer is opened anew before a request, 5 s to 1 h.</summary>
    public TimeSpan SessionIdle { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>The current values.</summary>
    public CurrentValuesConfiguration CurrentValues { get; init; } = new();

    /// <summary>The hourly curve, record 11.</summary>
    public ProfileConfiguration Hourly { get; init; } = ProfileConfiguration.DefaultHourly;

    /// <summary>The curve of the second integration period, usually a quarter of an hour, record 12.</summary>
    public ProfileConfiguration QuarterHour { get; init; } = ProfileConfiguration.DefaultQuarterHour;

    /// <summary>How often the meter's events are read, 1 min to 7 d.</summary>
    public TimeSpan EventsEvery { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The check of the meter's clock.</summary>
    public ClockConfiguration Clock { get; init; } = new();

    /// <summary>The settings of a curve.</summary>
    public ProfileConfiguration ProfileOf(Curve curve) => curve == Curve.Hourly ? Hourly : QuarterHour;

    /// <summary>Whether a curve is recorded.</summary>
    public bool Records(Curve curve) => Record && ProfileOf(curve).Enabled;

    /// <summary>
    /// The instant a curve begins at when the file gives a date: 00:00 of that day in the meter's zone; null when it gives none.
    /// </summary>
    public Instant? StartOf(ProfileConfiguration profile) => profile.From?.AtStartOfDayInZone(TimeZone).ToInstant();
}

/// <summary>Which current values are read, and how often.</summary>
public sealed record CurrentValuesConfiguration
{
    /// <summary>Whether they are read at all.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>How often, 1 s to 1 d.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Which objects of the request (protocol notes 4.6); at least one.</summary>
    public CurrentValueGroups Groups { get; init; } = CurrentValueGroups.All;

    /// <summary>How often one is kept as history, 1 s to 1 d; null keeps none.</summary>
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
    /// <summary>Whether the curve is recorded.</summary>
    public bool Enabled { get; init; }

    /// <summary>The first day, in the meter's zone; null begins <see cref="Depth"/> before the meter is first seen.</summary>
    public LocalDate? From { get; init; }

    /// <summary>How far back the meter keeps the curve, 1 d to 3650 d: what is older and was not recorded counts as lost.</summary>
    public TimeSpan Depth { get; init; }

    /// <summary>How long after its end an interval is expected to be ready in the meter, 0 to 1 d.</summary>
    public TimeSpan Settle { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>On; 180 days, about what meters of the profile keep of hours.</summary>
    public static ProfileConfiguration DefaultHourly { get; } = new() { Enabled = true, Depth = TimeSpan.FromDays(180) };

    /// <summary>Off; 60 days, since four times as many intervals fill the same memory.</summary>
    public static ProfileConfiguration DefaultQuarterHour { get; } = new() { Enabled = false, Depth = TimeSpan.FromDays(60) };
}

/// <summary>How often the meter's clock is read, and whether it is set.</summary>
public sealed record ClockConfiguration
{
    /// <summary>How often it is compared with ours, 1 min to 7 d.</summary>
    public TimeSpan CheckEvery { get; init; } = TimeSpan.FromHours(1);

    /// <summary>When it is set; null never.</summary>
    public ClockSetConfiguration? Set { get; init; }
}

/// <summary>When a meter's clock is set.</summary>
/// <param name="Min">A smaller difference is left alone, 1 s to 1 h.</param>
/// <param name="Max">A larger one only raises an alarm; above <paramref name="Min"/>, at most 1 d.</param>
public sealed record ClockSetConfiguration(TimeSpan Min, TimeSpan Max);

/// <summary>Which side of the meter the descriptions call imported; values never move.</summary>
public enum Orientation
{
    /// <summary>A+ is what the customer takes from the network.</summary>
    Consumer,

    /// <summary>A+ is what the generator gives to the network.</summary>
    Producer,
}
