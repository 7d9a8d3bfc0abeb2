using static Iec102.Conformance.Tests.SlaveReadCases;
using static Iec102.Conformance.Tests.Wire;

namespace Iec102.Conformance.Tests;

/// <summary>The slave's events, tariffs, contracts and configuration (protocol notes 4.5 and 4.7 to 4.10).</summary>
internal static class SlaveContractCases
{
    private const string Month = "00 80 21 07 18 00 80 81 08 18";
    private const string AfterJuly = "2024-08-02T00:00:00+02:00";

    // The values that the data formula gives for serial number 12345678: battery, current transformer, contracted powers.
    private const string Battery = "2a";
    private const string Ratios = "a0 0f 00 00 a0 0f 00 00 88 13 00 00 32 00 00 00";

    public static IEnumerable<Case> All =>
    [
        SeriesAt(AfterJuly, "AS-040", "102 -> 1 events of a range", "4.5", $"66 00 06 01 00 34 {Month}",
            "01 02 05 01 00 34 01 04 f4 31 1e 88 2f 07 18 03 05 28 1c 05 8d d4 07 18"),
        SeriesAt(AfterJuly, "AS-041", "102 with N = 1", "2.1, 4.5", $"66 01 06 01 00 34 {Month}",
            "01 02 05 01 00 34 01 04 f4 31 1e 88 2f 07 18 03 05 28 1c 05 8d d4 07 18"),
        SeriesAt(AfterJuly, "AS-042", "101 -> 1 all events of a record", "4.5", "65 00 06 01 00 34",
            "01 02 05 01 00 34 01 04 f4 31 1e 88 2f 07 18 03 05 28 1c 05 8d d4 07 18"),
        SeriesAt(AfterJuly, "AS-043", "102 -> 1 range without events", "4.2, 4.5", "66 00 06 01 00 34 00 80 6f 05 18 00 80 c1 06 18"),
        SeriesAt(AfterJuly, "AS-044", "134 -> 136 stored tariff information", "4.7", $"86 01 06 01 00 86 {Month}",
            "88 01 05 01 00 86 "
            + "14 a0 86 01 00 88 13 00 00 00 20 4e 00 00 20 03 00 00 00 2c 01 00 00 0c 00 00 00 00 00 00 00 00 80 00 00 00 00 80 "
            + "54 00 00 00 00 8c 92 07 18 00 00 00 00 00 00 00 80 21 07 18 00 80 81 08 18"),
        SeriesAt(AfterJuly, "AS-045", "133 -> 135 current tariff information", "4.7", "85 00 06 01 00 87",
            "87 01 05 01 00 87 "
            + "14 a0 86 01 00 88 13 00 00 00 20 4e 00 00 20 03 00 00 00 2c 01 00 00 0c 00 00 00 00 00 00 00 00 80 00 00 00 00 80 "
            + "54 00 00 00 00 8c 92 07 18 00 00 00 00 00 00 00 80 81 08 18 00 80 a2 08 18"),
        Answers("AS-046", "141 -> 142 registrar configuration, L = 255", "4.8", "8d 00 05 01 00 00",
            $"8e 01 05 01 00 00 42 53 31 0a 4e 61 bc 00 24 00 00 2a 02 03 {Battery} 06 07 ff "
            + $"41 54 45 30 3b 2b 43 50 49 4e 3d 37 33 39 31 {Zeros(5)} "
            + $"06 08 06 08 {Ratios} 3c 0f 00 1a {Zeros(184)}"),
        Answers("AS-047", "141 with N = 1", "2.1, 4.8", "8d 01 05 01 00 00",
            $"8e 01 05 01 00 00 42 53 31 0a 4e 61 bc 00 24 00 00 2a 02 03 {Battery} 06 07 ff "
            + $"41 54 45 30 3b 2b 43 50 49 4e 3d 37 33 39 31 {Zeros(5)} "
            + $"06 08 06 08 {Ratios} 3c 0f 00 1a {Zeros(184)}"),
        Answers("AS-048", "156 -> 157 objects 192 to 199 and 201", "4.9", "9c 09 05 01 00 00 c0 c1 c2 c3 c4 c5 c6 c7 c9",
            $"9d 09 05 01 00 00 c0 {Battery} c1 02 c2 0f c3 01 02 c4 01 01 01 c5 3c 0f c6 {Ratios} c7 02 c9 01"),
        Answers("AS-049", "156 -> 157 program identification, 25 octets", "4.9", "9c 01 05 01 00 00 c8",
            $"9d 01 05 01 00 00 c8 53 49 4d 20 31 2e 31 30 20 31 32 33 34 35 36 37 38 {Zeros(8)}"),
        Answers("AS-050", "182 -> 129 measurement point parameters", "4.9", "b6 00 05 01 00 00",
            $"81 01 05 01 00 00 01 00 01 01 00 00 00 00 00 3c 64 00 {Zeros(234)}"),
        Answers("AS-051", "185 -> 131 dates of the clock changes", "4.3", "b9 00 05 01 00 00",
            "83 01 05 01 00 00 00 02 ff 03 18 00 83 fb 0a 18"),
        Answers("AS-052", "144 -> 145 contracted powers", "4.10", "90 00 05 01 00 86",
            $"91 03 05 01 00 86 15 {U32(230)} 16 {U32(300)} 17 {U32(370)} 1e 82 2f 07 18"),
        Answers("AS-053", "147 -> 148 holidays", "4.10", "93 00 05 01 00 86",
            "94 09 05 01 00 86 00 00 81 01 63 00 00 46 01 63 00 00 a1 05 63 00 00 cf 08 63 00 00 2c 0a 63 "
            + "00 00 e1 0b 63 00 00 e6 0c 63 00 00 48 0c 63 00 00 b9 0c 63"),
        Answers("AS-054", "150 -> 151 seasons", "4.10", "96 01 05 01 00 86 c1",
            "97 01 05 01 00 86 c1 01 02 02 00 00 61 04 63 32 00 00 81 0a 63 31 03 "
            + "33 33 33 33 22 22 22 22 22 11 11 22 33 33 33 33 22 12 11 21 22 22 22 22 33 33 33 33 33 33 33 33 33 33 33 33 1e 82 2f 07 18"),
        Answers("AS-055", "150 -> 151 current periods", "4.10", "96 01 05 01 00 86 c5", "97 01 05 01 00 86 c5 01 01 00 1e 8b 2f 07 18",
            "2024-07-15T11:30:00+02:00"),
    ];
}
