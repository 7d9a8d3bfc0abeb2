namespace Iec102.Protocol;

/// <summary>Record addresses (protocol notes 2.3).</summary>
public static class RecordAddress
{
    /// <summary>0: no record (login, clock, identification, instantaneous values).</summary>
    public const byte Default = 0;

    /// <summary>11: load curve of integration period 1, hourly.</summary>
    public const byte LoadCurve1 = 11;

    /// <summary>12: load curve of integration period 2, usually quarter-hourly.</summary>
    public const byte LoadCurve2 = 12;

    /// <summary>13: load curve of integration period 3.</summary>
    public const byte LoadCurve3 = 13;

    /// <summary>21: daily totals of period 1, the daily closing.</summary>
    public const byte DailyTotals1 = 21;
}

/// <summary>Object addresses of totals and instantaneous values (protocol notes 2.4 and 4.6).</summary>
public static class ObjectAddress
{
    /// <summary>1: A+, active energy imported, the first of the eight totals.</summary>
    public const byte FirstTotal = 1;

    /// <summary>8: the second reserve, the last of the eight totals.</summary>
    public const byte LastTotal = 8;

    /// <summary>9: block of objects 1 to 8.</summary>
    public const byte BlockOf8 = 9;

    /// <summary>10: block of objects 1 to 6.</summary>
    public const byte BlockOf6 = 10;

    /// <summary>11: block of objects 1, 3 and 6.</summary>
    public const byte BlockOf3 = 11;

    /// <summary>192: instantaneous totals.</summary>
    public const byte Totals = 192;

    /// <summary>193: instantaneous powers.</summary>
    public const byte Powers = 193;

    /// <summary>194: currents and voltages.</summary>
    public const byte CurrentsAndVoltages = 194;
}
