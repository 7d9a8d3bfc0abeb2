using System.Globalization;
using System.Text;
using NodaTime;
using NodaTime.Text;

namespace Iec102.Simulator.Data;

/// <summary>
/// Writes what a meter measured as profile CSV, computed directly from the data formula: neither frames nor codecs are involved, so the
/// file can be compared with the data that were read over the wire. There is one file for each meter and curve, <c>METER-CURVE.csv</c>;
/// interval ends as ISO 8601 with offset in the meter's zone, quality octets in decimal, LF line ends.
/// </summary>
public sealed class TruthWriter
{
    /// <summary>The header line of the file.</summary>
    public const string Header =
        "meter,curve,interval_end,a_plus,a_plus_q,a_minus,a_minus_q,r1,r1_q,r2,r2_q,r3,r3_q,r4,r4_q,res1,res1_q,res2,res2_q";

    private static readonly OffsetDateTimePattern EndPattern =
        OffsetDateTimePattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd'T'HH':'mm':'sso<+HH:mm>");

    private readonly string _path;
    private readonly string _meter;
    private readonly SimulatedCurve _curve;
    private readonly IMeterData _data;
    private readonly DateTimeZone _zone;
    private readonly int _period2Minutes;
    private Instant _written;

    /// <summary>Creates the file, or replaces an existing one, with nothing but the header line.</summary>
    /// <param name="directory">Directory of the file; created if it does not exist.</param>
    /// <param name="meter">The meter's id.</param>
    /// <param name="curve">The curve.</param>
    /// <param name="data">What was measured.</param>
    /// <param name="zone">The meter's time zone.</param>
    /// <param name="after">Only intervals that end after this instant are written.</param>
    /// <param name="period2Minutes">Integration period 2, the period of record 12.</param>
    public TruthWriter(
        string directory, string meter, SimulatedCurve curve, IMeterData data, DateTimeZone zone, Instant after, int period2Minutes = 15)
    {
        (_meter, _curve, _data, _zone, _written, _period2Minutes) = (meter, curve, data, zone, after, period2Minutes);
        Directory.CreateDirectory(directory);
        _path = Path.Combine(directory, $"{meter}-{SimulatedCurves.NameOf(curve)}.csv");
        File.WriteAllText(_path, Header + "\n");
    }

    /// <summary>Appends the intervals that have ended since the last call, up to <paramref name="until"/> inclusive.</summary>
    public void WriteUntil(Instant until)
    {
        if (SimulatedCurves.EndAfter(_curve, _written, _zone, _period2Minutes) > until)
            return;
        using var file = new StreamWriter(_path, append: true, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { NewLine = "\n" };
        foreach (var end in SimulatedCurves.Ends(_curve, _written, until, _zone, _period2Minutes))
        {
            file.WriteLine(Line(end));
            _written = end;
        }
    }

    private string Line(Instant end)
    {
        var label = EndPattern.Format(end.InZone(_zone).ToOffsetDateTime());
        var line = new StringBuilder($"{_meter},{SimulatedCurves.NameOf(_curve)},{label}");
        for (var @object = 1; @object <= 8; @object++)
        {
            var reading = SimulatedCurves.Measured(_data, _curve, end, @object, _period2Minutes);
            line.Append(CultureInfo.InvariantCulture, $",{reading.Value},{(byte)reading.Quality}");
        }

        return line.ToString();
    }
}
