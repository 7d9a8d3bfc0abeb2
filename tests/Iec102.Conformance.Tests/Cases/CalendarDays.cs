using System.Globalization;
using static Iec102.Conformance.Tests.Wire;

namespace Iec102.Conformance.Tests;

/// <summary>Labels written by hand after the protocol notes 3.3, each with the instant that it means in Madrid.</summary>
internal static class CalendarDays
{
    /// <summary>2024-10-27: 25 labels, two of them 02:00.</summary>
    public static (string Label, string Instant)[] AutumnHours =>
    [
        ("00 81 fb 0a 18", "2024-10-27T01:00+02:00"),
        ("00 82 fb 0a 18", "2024-10-27T02:00+02:00"),
        .. Enumerable.Range(2, 22).Select(hour => ($"00 {hour:x2} fb 0a 18", $"2024-10-27T{hour:00}:00+01:00")),
        ("00 00 3c 0a 18", "2024-10-28T00:00+01:00"),
    ];

    /// <summary>2024-03-31: 23 labels; 01:00 is followed by 03:00.</summary>
    public static (string Label, string Instant)[] SpringHours =>
    [
        ("00 01 ff 03 18", "2024-03-31T01:00+01:00"),
        .. Enumerable.Range(3, 21).Select(hour => ($"00 {0x80 + hour:x2} ff 03 18", $"2024-03-31T{hour:00}:00+02:00")),
        ("00 80 21 04 18", "2024-04-01T00:00+02:00"),
    ];

    public static (string Label, string Instant)[] AutumnQuarters =>
    [
        ("00 82 fb 0a 18", "2024-10-27T02:00+02:00"),
        ("0f 82 fb 0a 18", "2024-10-27T02:15+02:00"),
        ("1e 82 fb 0a 18", "2024-10-27T02:30+02:00"),
        ("2d 82 fb 0a 18", "2024-10-27T02:45+02:00"),
        ("00 02 fb 0a 18", "2024-10-27T02:00+01:00"),
        ("0f 02 fb 0a 18", "2024-10-27T02:15+01:00"),
        ("1e 02 fb 0a 18", "2024-10-27T02:30+01:00"),
        ("2d 02 fb 0a 18", "2024-10-27T02:45+01:00"),
        ("00 03 fb 0a 18", "2024-10-27T03:00+01:00"),
        ("0f 03 fb 0a 18", "2024-10-27T03:15+01:00"),
    ];

    public static (string Label, string Instant)[] SpringQuarters =>
    [
        ("2d 01 ff 03 18", "2024-03-31T01:45+01:00"),
        ("00 83 ff 03 18", "2024-03-31T03:00+02:00"),
        ("0f 83 ff 03 18", "2024-03-31T03:15+02:00"),
        ("1e 83 ff 03 18", "2024-03-31T03:30+02:00"),
    ];

    public static (string Label, string Instant)[] YearEnd =>
    [
        ("00 17 5f 0c 18", "2024-12-31T23:00+01:00"),
        ("00 00 61 01 19", "2025-01-01T00:00+01:00"),
        ("00 01 61 01 19", "2025-01-01T01:00+01:00"),
        ("00 02 61 01 19", "2025-01-01T02:00+01:00"),
    ];

    public static (string Label, string Instant)[] LeapDay =>
    [
        ("00 17 7c 02 18", "2024-02-28T23:00+01:00"),
        .. Enumerable.Range(0, 24).Select(hour => ($"00 {hour:x2} 9d 02 18", $"2024-02-29T{hour:00}:00+01:00")),
        ("00 00 a1 03 18", "2024-03-01T00:00+01:00"),
        ("00 01 a1 03 18", "2024-03-01T01:00+01:00"),
    ];

    /// <summary>Type 140 on record 11, blocks of objects 1, 3 and 6: the value of object 1, the others 0.</summary>
    public static string Blocks(IReadOnlyList<(string Label, uint Value)> rows, byte record = 11) =>
        $"8c {rows.Count:x2} 05 01 00 {record:x2} "
        + $"{string.Join(' ', rows.Select(row => $"0b {U32(row.Value)} 00 {Zeros(10)} {row.Label}"))}";

    /// <summary>The UTC time of an instant as <see cref="CalendarData"/> counts it: hours times 100 plus minutes.</summary>
    public static uint UtcOf(string iso)
    {
        var utc = DateTimeOffset.Parse(iso, CultureInfo.InvariantCulture).UtcDateTime;
        return (uint)(utc.Hour * 100 + utc.Minute);
    }
}
