using Iec102.Protocol.Link;
using Iec102.Protocol.Time;
using Iec102.Simulator.Data;
using Iec102.Simulator.Faults;
using Iec102.Simulator.Meters;
using NodaTime;

namespace Iec102.Simulator.Tests;

/// <summary>Makes meters for tests.</summary>
internal static class Meters
{
    public static readonly DateTimeZone Madrid = DateTimeZoneProviders.Tzdb["Europe/Madrid"];

    public static SimulatedMeter Make(
        TimeProvider time, MeterBehaviour? behaviour = null, int historyDays = 40, uint serialNumber = 12345678, ushort link = 1) =>
        new(
            new MeterOptions("sim-1", serialNumber) { HistoryDays = historyDays, Behaviour = behaviour ?? new(), LinkAddress = link },
            point => new MeterData(1, serialNumber, point), time);

    public static LinkSlave Slave(this SimulatedMeter meter) => new(meter.Options.LinkAddress, meter);

    public static TimeTagA Tag(string local, bool summer = false) =>
        new(NodaTime.Text.LocalDateTimePattern.CreateWithInvariantCulture("yyyy-MM-dd HH:mm").Parse(local).Value, summer);

    public static FaultPlan Faults(string text) =>
        FaultPlan.TryParse(text, out var plan, out var error) ? plan : throw new ArgumentException(error);

    public static byte CauseOf(byte[] asdu) => asdu[2];
}

/// <summary>A row decoded by hand from the layouts in the protocol notes 3.1 and 4.4; no codec of the product is used.</summary>
internal sealed record PlainRow(string End, uint[] Values, byte[] Qualities)
{
    public static IEnumerable<PlainRow> Of(IEnumerable<byte[]> asdus) =>
        asdus.Where(asdu => asdu[2] == 5).SelectMany(asdu => asdu[0] is 8 or 11 ? [Totals(asdu)] : Blocks(asdu));

    /// <summary>The label in the form of the profile CSV: summer time is two hours ahead of UTC, winter time one.</summary>
    public static string Label(ReadOnlySpan<byte> tag) =>
        $"20{tag[4] & 0x7F:00}-{tag[3] & 0x0F:00}-{tag[2] & 0x1F:00}T{tag[1] & 0x1F:00}:{tag[0] & 0x3F:00}:00"
        + ((tag[1] & 0x80) != 0 ? "+02:00" : "+01:00");

    public string Csv(string meter, string curve) =>
        $"{meter},{curve},{End}" + string.Concat(Values.Zip(Qualities, (value, quality) => $",{value},{quality}"));

    private static PlainRow Totals(byte[] asdu)
    {
        var count = asdu[1];
        var objects = Enumerable.Range(0, count).Select(i => asdu.AsSpan(6 + 6 * i, 6).ToArray()).ToList();
        objects.Select(octets => (int)octets[0]).ShouldBe(Enumerable.Range(objects[0][0], count));
        asdu.Length.ShouldBe(6 + 6 * count + 5);
        return new PlainRow(
            Label(asdu.AsSpan(6 + 6 * count)), [.. objects.Select(octets => U32(octets, 1))], [.. objects.Select(octets => octets[5])]);
    }

    private static IEnumerable<PlainRow> Blocks(byte[] asdu)
    {
        var values = asdu[6] switch { 9 => 8, 10 => 6, _ => 3 };
        var length = 1 + 5 * values + 5;
        asdu.Length.ShouldBe(6 + length * asdu[1]);
        for (var at = 6; at < asdu.Length; at += length)
        {
            var block = asdu.AsSpan(at, length).ToArray();
            yield return new PlainRow(
                Label(block.AsSpan(1 + 5 * values)),
                [.. Enumerable.Range(0, values).Select(k => U32(block, 1 + 5 * k))],
                [.. Enumerable.Range(0, values).Select(k => block[5 + 5 * k])]);
        }
    }

    private static uint U32(byte[] octets, int at) =>
        (uint)(octets[at] | octets[at + 1] << 8 | octets[at + 2] << 16 | octets[at + 3] << 24);
}
