using System.Diagnostics.CodeAnalysis;

namespace Iec102.Protocol.Application;

/// <summary>No or yes, off or on, in type 157; only the low two bits of the octet count (protocol notes 4.9).</summary>
public enum OnOff : byte
{
    /// <summary>0: not specified.</summary>
    Unknown = 0,

    /// <summary>1: no, off.</summary>
    Off = 1,

    /// <summary>2: yes, on.</summary>
    On = 2,

    /// <summary>3: not used.</summary>
    Reserved = 3,
}

/// <summary>What the meter's clock follows, object 199.</summary>
public enum ClockReference : byte
{
    /// <summary>1: the frequency of the mains.</summary>
    Mains = 1,

    /// <summary>2: a quartz crystal.</summary>
    Quartz = 2,
}

/// <summary>The alarms that are enabled, object 195.</summary>
/// <param name="Critical">0: critical alarm.</param>
/// <param name="NonCritical">1: non-critical alarm.</param>
public readonly record struct AlarmSwitches(OnOff Critical, OnOff NonCritical);

/// <summary>Phases on which the voltage is missing, object 196.</summary>
/// <param name="Phase1">0: phase I.</param>
/// <param name="Phase2">1: phase II.</param>
/// <param name="Phase3">2: phase III.</param>
public readonly record struct VoltageFaults(OnOff Phase1, OnOff Phase2, OnOff Phase3);

/// <summary>Integration periods of the load curves, object 197.</summary>
/// <param name="Period1Minutes">0: period 1, minutes.</param>
/// <param name="Period2Minutes">1: period 2, minutes.</param>
public readonly record struct CurvePeriods(byte Period1Minutes, byte Period2Minutes);

/// <summary>
/// Further configuration of the registrar, type 157 (protocol notes 4.9): N objects one after the other, each with address (1) and value,
/// without a time tag. A property is null when its object is not in the ASDU.
/// </summary>
public sealed record FurtherConfiguration
{
    private const int ProgramLength = 25;

    /// <summary>192, 1 octet: battery charge, %.</summary>
    public byte? BatteryPercent { get; init; }

    /// <summary>193, 1 octet: whether the clock changes to and from summer time by itself.</summary>
    public OnOff? AutomaticClockChange { get; init; }

    /// <summary>194, 1 octet: shortest time between two closings of the billing period, minutes.</summary>
    public byte? MinutesBetweenClosings { get; init; }

    /// <summary>195, 2 octets: alarms.</summary>
    public AlarmSwitches? Alarms { get; init; }

    /// <summary>196, 3 octets: voltage faults.</summary>
    public VoltageFaults? VoltageFaults { get; init; }

    /// <summary>197, 2 octets: periods of the load curves.</summary>
    public CurvePeriods? CurvePeriods { get; init; }

    /// <summary>198, 16 octets: ratios of the measuring transformers.</summary>
    public TransformerRatios? Ratios { get; init; }

    /// <summary>199, 1 octet: reference of the clock.</summary>
    public ClockReference? ClockReference { get; init; }

    /// <summary>200, 25 octets: identification of the program, at most 25 characters.</summary>
    public string? Program { get; init; }

    /// <summary>201, 1 octet: whether the billing period can be closed by a push button.</summary>
    public OnOff? ClosingByButton { get; init; }

    /// <summary>Everything from the first object of unknown layout on; null when there is none.</summary>
    public RawObjects? Raw { get; init; }

    /// <summary>
    /// Reads an ASDU of type 157; false when it is of another type, an object is incomplete, or the number of objects is not N. If an
    /// object occurs twice, the later one counts.
    /// </summary>
    public static bool TryRead(in Asdu asdu, [NotNullWhen(true)] out FurtherConfiguration? configuration)
    {
        configuration = null;
        if (asdu.Header.Type != TypeIdentification.FurtherConfiguration)
            return false;
        var read = new FurtherConfiguration();
        var data = asdu.Data;
        for (var remaining = asdu.Header.Count; remaining > 0 && read.Raw is null; remaining--)
        {
            var length = ObjectLength(data);
            if (length == 0)
                return false;
            read = read.With(data[0], data[1..length], remaining);
            data = data[length..];
        }

        configuration = data.IsEmpty ? read : null;
        return configuration is not null;
    }

    /// <summary>
    /// Writes an ASDU of type 157 with the objects that are present in ascending order, then the raw ones; sets type and N. Returns its
    /// length.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The identification of the program is longer than 25 characters.</exception>
    public int Write(Span<byte> asdu, AsduHeader header)
    {
        var at = AsduHeader.Length;
        byte count = 0;
        for (var address = ObjectAddress.Battery; address <= ObjectAddress.ClosingByButton; address++)
        {
            if (!TryWriteValue(address, asdu[(at + 1)..]))
                continue;
            asdu[at] = address;
            at += 1 + ValueLength(address);
            count++;
        }

        if (Raw is not null)
        {
            Raw.Octets.Span.CopyTo(asdu[at..]);
            at += Raw.Octets.Length;
            count += Raw.Count;
        }

        (header with { Type = TypeIdentification.FurtherConfiguration, Count = count }).Write(asdu);
        return at;
    }

    /// <summary>
    /// The length of the object at the front, with its address; all remaining octets for an unknown object, 0 when a known one is
    /// incomplete.
    /// </summary>
    internal static int ObjectLength(ReadOnlySpan<byte> data)
    {
        if (data.IsEmpty)
            return 0;
        var length = ValueLength(data[0]);
        return length == 0 ? data.Length : length < data.Length ? 1 + length : 0;
    }

    /// <summary>The length of an object's value in octets; 0 for an unknown object.</summary>
    private static int ValueLength(byte objectAddress) => objectAddress switch
    {
        ObjectAddress.Alarms or ObjectAddress.CurvePeriods => 2,
        ObjectAddress.VoltageFaults => 3,
        ObjectAddress.Ratios => TransformerRatios.Length,
        ObjectAddress.Program => ProgramLength,
        >= ObjectAddress.Battery and <= ObjectAddress.ClosingByButton => 1,
        _ => 0,
    };

    private FurtherConfiguration With(byte objectAddress, ReadOnlySpan<byte> value, byte remaining) => objectAddress switch
    {
        ObjectAddress.Battery => this with { BatteryPercent = value[0] },
        ObjectAddress.AutomaticClockChange => this with { AutomaticClockChange = SwitchOf(value[0]) },
        ObjectAddress.MinutesBetweenClosings => this with { MinutesBetweenClosings = value[0] },
        ObjectAddress.Alarms => this with { Alarms = new AlarmSwitches(SwitchOf(value[0]), SwitchOf(value[1])) },
        ObjectAddress.VoltageFaults =>
            this with { VoltageFaults = new VoltageFaults(SwitchOf(value[0]), SwitchOf(value[1]), SwitchOf(value[2])) },
        ObjectAddress.CurvePeriods => this with { CurvePeriods = new CurvePeriods(value[0], value[1]) },
        ObjectAddress.Ratios => this with { Ratios = TransformerRatios.Read(value) },
        ObjectAddress.ClockReference => this with { ClockReference = (ClockReference)value[0] },
        ObjectAddress.Program => this with { Program = TextOctets.Read(value) },
        ObjectAddress.ClosingByButton => this with { ClosingByButton = SwitchOf(value[0]) },
        _ => this with { Raw = new RawObjects(remaining, (byte[])[objectAddress, .. value]) },
    };

    private bool TryWriteValue(byte objectAddress, Span<byte> value)
    {
        switch (objectAddress)
        {
            case ObjectAddress.Alarms when Alarms is { } alarms:
                (value[0], value[1]) = ((byte)alarms.Critical, (byte)alarms.NonCritical);
                return true;
            case ObjectAddress.VoltageFaults when VoltageFaults is { } faults:
                (value[0], value[1], value[2]) = ((byte)faults.Phase1, (byte)faults.Phase2, (byte)faults.Phase3);
                return true;
            case ObjectAddress.CurvePeriods when CurvePeriods is { } periods:
                (value[0], value[1]) = (periods.Period1Minutes, periods.Period2Minutes);
                return true;
            case ObjectAddress.Ratios when Ratios is { } ratios:
                ratios.Write(value);
                return true;
            case ObjectAddress.Program when Program is not null:
                TextOctets.Write(value, Program, ProgramLength);
                return true;
            default:
                return TryWriteOctet(objectAddress, value);
        }
    }

    private bool TryWriteOctet(byte objectAddress, Span<byte> value)
    {
        var octet = objectAddress switch
        {
            ObjectAddress.Battery => BatteryPercent,
            ObjectAddress.AutomaticClockChange => (byte?)AutomaticClockChange,
            ObjectAddress.MinutesBetweenClosings => MinutesBetweenClosings,
            ObjectAddress.ClockReference => (byte?)ClockReference,
            ObjectAddress.ClosingByButton => (byte?)ClosingByButton,
            _ => null,
        };
        if (octet is not { } present)
            return false;
        value[0] = present;
        return true;
    }

    private static OnOff SwitchOf(byte octet) => (OnOff)(octet & 3);
}
