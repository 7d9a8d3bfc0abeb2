using Iec102.Protocol.Application;
using Iec102.Protocol.Time;
using Iec102.Simulator.Data;
using NodaTime;

namespace Iec102.Simulator.Meters;

/// <summary>
/// The configuration of a simulated meter (protocol notes 4.3, 4.8 and 4.9). Battery and transformer ratios depend on its serial number.
/// </summary>
internal static class ConfigurationData
{
    // REE's standard dates from April 2002, its extension from 2003-02-10.
    private const int StandardYear = 2002;
    private const int StandardMonth = 4;

    private static readonly LocalDateTime ProtocolDate = new(2003, 2, 10, 0, 0);

    /// <summary>Port 1 is 9600-8N1; port 2 and the optical head are 9600-8E1.</summary>
    private static readonly PortFormat Port1 = new(6, 7);
    private static readonly PortFormat OtherPorts = new(6, 8);

    /// <summary>
    /// Primary currents of the current transformers in tenths of an ampere, for 5 A; there are no voltage transformers: the meter is
    /// connected to 230/400 V directly.
    /// </summary>
    private static readonly uint[] PrimaryCurrents = [1000, 2000, 5000, 10000];

    public static DeviceIdentification Identification(MeterOptions options) =>
        new(StandardYear, StandardMonth, options.Manufacturer, options.SerialNumber);

    public static TransformerRatios Ratios(uint serialNumber) =>
        new(4000, 4000, PrimaryCurrents[Mix.Hash(serialNumber, 0, 20, 0) % (ulong)PrimaryCurrents.Length], 50);

    /// <summary>Type 142. Contracts I and II are active, III is not. The modem string must never be shown.</summary>
    public static RegistrarConfiguration Registrar(MeterOptions options, MeterBehaviour behaviour) => new()
    {
        Manufacturer = options.Manufacturer,
        Model = "S1",
        Firmware = behaviour.Firmware,
        SerialNumber = options.SerialNumber,
        StandardYear = StandardYear,
        StandardMonth = StandardMonth,
        ProtocolDate = new TimeTagA(ProtocolDate, summerTime: false),
        BatteryPercent = Battery(options.SerialNumber),
        Port1 = Port1,
        Port1StartMode = 255,
        Modem = new Masked<string>("ATE0;+CPIN=7391"),
        Port2 = OtherPorts,
        OpticalPort = OtherPorts,
        Ratios = Ratios(options.SerialNumber),
        Period1Minutes = 60,
        Period2Minutes = Period2(behaviour),
        Period3Minutes = 0,
        Contract1 = ContractState.Active,
        Contract2 = ContractState.Active,
        Contract3 = ContractState.Inactive,
    };

    /// <summary>Type 157 with the requested objects, 192 to 201.</summary>
    public static FurtherConfiguration Further(ReadOnlySpan<byte> wanted, MeterOptions options, MeterBehaviour behaviour)
    {
        var serialNumber = options.SerialNumber;
        var answer = new FurtherConfiguration();
        foreach (var address in wanted)
        {
            answer = address switch
            {
                ObjectAddress.Battery => answer with { BatteryPercent = Battery(serialNumber) },
                ObjectAddress.AutomaticClockChange =>
                    answer with { AutomaticClockChange = behaviour.SummerTime == SummerTimeHabit.AlwaysWinter ? OnOff.Off : OnOff.On },
                ObjectAddress.MinutesBetweenClosings => answer with { MinutesBetweenClosings = 15 },
                ObjectAddress.Alarms => answer with { Alarms = new AlarmSwitches(OnOff.Off, OnOff.On) },
                ObjectAddress.VoltageFaults => answer with { VoltageFaults = new VoltageFaults(OnOff.Off, OnOff.Off, OnOff.Off) },
                ObjectAddress.CurvePeriods => answer with { CurvePeriods = new CurvePeriods(60, Period2(behaviour)) },
                ObjectAddress.Ratios => answer with { Ratios = Ratios(serialNumber) },
                ObjectAddress.ClockReference => answer with { ClockReference = ClockReference.Quartz },
                ObjectAddress.Program => answer with { Program = $"SIM 1.{behaviour.Firmware} {serialNumber}" },
                _ => answer with { ClosingByButton = OnOff.Off },
            };
        }

        return answer;
    }

    /// <summary>
    /// Type 131: the two clock changes of this civil year, each labelled as if the change had not happened yet; empty tags in a zone
    /// without changes.
    /// </summary>
    public static ClockChangeDates ClockChanges(Instant now, DateTimeZone zone)
    {
        var year = now.InZone(zone).Year;
        var from = zone.AtStartOfDay(new LocalDate(year, 1, 1)).ToInstant();
        var to = zone.AtStartOfDay(new LocalDate(year + 1, 1, 1)).ToInstant();
        var (toSummer, toWinter) = (default(TimeTagA), default(TimeTagA));
        foreach (var interval in zone.GetZoneIntervals(from, to).Where(interval => interval.HasEnd && interval.End < to))
        {
            var label = new TimeTagA(interval.End.WithOffset(interval.WallOffset).LocalDateTime, interval.Savings > Offset.Zero);
            (toSummer, toWinter) = interval.Savings > Offset.Zero ? (toSummer, label) : (label, toWinter);
        }

        return new ClockChangeDates(toSummer, toWinter);
    }

    private static byte Battery(uint serialNumber) => (byte)(40 + Mix.Hash(serialNumber, 0, 21, 0) % 61);

    private static byte Period2(MeterBehaviour behaviour) => (byte)(behaviour.HasQuarterHours ? behaviour.Period2Minutes : 0);
}
