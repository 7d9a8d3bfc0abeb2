namespace Iec102.Protocol.Application;

/// <summary>Record addresses (protocol notes 2.3).</summary>
public static class RecordAddress
{
    /// <summary>0: no record (login, clock, identification, instantaneous values).</summary>
    public const byte Default = 0;

    /// <summary>11: load curve of integration period 1, hourly.</summary>
    public const byte LoadCurve1 = 11;

    /// <summary>12: load curve of integration period 2, usually quarter-hourly.</summary>
    public const byte LoadCurve2 = 12;

    /// <summary>21: daily totals of period 1, the daily closing.</summary>
    public const byte DailyTotals1 = 21;

    /// <summary>52: start-up and voltage events, the first of the four event records 52 to 55.</summary>
    public const byte StartEvents = 52;

    /// <summary>134: tariff information of contract I; 135 and 136 are those of contracts II and III.</summary>
    public const byte Contract1 = 134;
}

/// <summary>
/// Object addresses of totals, instantaneous values, contracts and configuration (protocol notes 2.4, 4.6, 4.9 and 4.10). From 192 on, each
/// type uses the numbers for its own objects.
/// </summary>
public static class ObjectAddress
{
    /// <summary>1: A+, active energy imported, the first of the eight totals.</summary>
    public const byte FirstTotal = 1;

    /// <summary>8: the second reserve, the last of the eight totals.</summary>
    public const byte LastTotal = 8;

    /// <summary>9: a block of objects 1 to 8.</summary>
    public const byte BlockOf8 = 9;

    /// <summary>10: a block of objects 1 to 6.</summary>
    public const byte BlockOf6 = 10;

    /// <summary>11: a block of objects 1, 3 and 6.</summary>
    public const byte BlockOf3 = 11;

    /// <summary>192: instantaneous totals.</summary>
    public const byte Totals = 192;

    /// <summary>193: instantaneous powers.</summary>
    public const byte Powers = 193;

    /// <summary>194: currents and voltages.</summary>
    public const byte CurrentsAndVoltages = 194;

    /// <summary>20: tariff information for all periods together.</summary>
    public const byte TariffTotal = 20;

    /// <summary>193 of type 151: seasons of a contract.</summary>
    public const byte Seasons = 193;

    /// <summary>197 of type 151: tariff periods in force.</summary>
    public const byte CurrentPeriods = 197;

    /// <summary>192 of type 157: battery.</summary>
    public const byte Battery = 192;

    /// <summary>193 of type 157: automatic clock change.</summary>
    public const byte AutomaticClockChange = 193;

    /// <summary>194 of type 157: shortest time between two closings.</summary>
    public const byte MinutesBetweenClosings = 194;

    /// <summary>195 of type 157: alarms.</summary>
    public const byte Alarms = 195;

    /// <summary>196 of type 157: voltage faults.</summary>
    public const byte VoltageFaults = 196;

    /// <summary>197 of type 157: periods of the load curves.</summary>
    public const byte CurvePeriods = 197;

    /// <summary>198 of type 157: ratios of the measuring transformers.</summary>
    public const byte Ratios = 198;

    /// <summary>199 of type 157: reference of the clock.</summary>
    public const byte ClockReference = 199;

    /// <summary>200 of type 157: identification of the program.</summary>
    public const byte Program = 200;

    /// <summary>201 of type 157: closing by push button.</summary>
    public const byte ClosingByButton = 201;
}
