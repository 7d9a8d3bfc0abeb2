using Iec102.Protocol.Application;


namespace Iec102.Fleet;

/// <summary>The curves that are recorded: load profiles of a measurement point.</summary>
public enum Curve
{
    /// <summary>Hourly increments, record 11, integration period 1.</summary>
    Hourly,

    /// <summary>
    /// Increments of integration period 2, record 12; the actual period is set in the meter, and is normally a quarter of an hour.
    /// </summary>
    QuarterHour,
}

/// <summary>Names and record addresses of the curves.</summary>
public static class CurveExtensions
{
    /// <summary>The name in the fleet file, in commands, in the API and in exports.</summary>
    public static string Name(this Curve curve) => curve switch
    {
        Curve.Hourly => "hourly",
        _ => "quarter-hour",
    };

    /// <summary>The record that holds the curve in the meter.</summary>
    public static byte Record(this Curve curve) => curve switch
    {
        Curve.Hourly => RecordAddress.LoadCurve1,
        _ => RecordAddress.LoadCurve2,
    };

    /// <summary>The curve with this name; null when there is none.</summary>
    public static Curve? Parse(string name) => name switch
    {
        "hourly" => Curve.Hourly,
        "quarter-hour" => Curve.QuarterHour,
        _ => null,
    };
}
