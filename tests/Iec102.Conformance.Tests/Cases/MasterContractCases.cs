using Iec102.Protocol.Application;
using Iec102.Protocol.Time;
using Iec102.Testing;
using static Iec102.Conformance.Tests.MasterReadCases;
using static Iec102.Conformance.Tests.MasterSeriesCases;
using static Iec102.Conformance.Tests.Wire;

namespace Iec102.Conformance.Tests;

/// <summary>The master reading tariffs, contracts and configuration (protocol notes 4.3 and 4.7 to 4.10).</summary>
internal static class MasterContractCases
{
    private const string Month = "00 80 21 07 18 00 80 81 08 18";
    private const string Total =
        "14 a0 86 01 00 88 13 00 00 00 20 4e 00 00 20 03 00 00 00 2c 01 00 00 0c 00 00 00 00 00 00 00 00 80 00 00 00 00 80 "
        + "54 00 00 00 00 8c 92 07 18 00 00 00 00 00 00 00 80 21 07 18 00 80 81 08 18";
    private const string TotalMeans =
        "20: active 100000 +5000, inductive 20000 +800, capacitive 300 +12, maximum 84 at 2024-07-18 12:00 S, excess 0, "
        + "2024-07-01 00:00 S .. 2024-08-01 00:00 S";

    // A period in which nothing was measured yet: it has no maximum, and its billing period has no end.
    private static readonly string Unused = $"15 {Zeros(27)} 00 00 00 00 80 00 00 00 00 80 {Zeros(15)} 00 80 21 07 18 {Zeros(5)}";
    private const string UnusedMeans =
        "21: active 0 +0, inductive 0 +0, capacitive 0 +0, maximum 0 at never, excess 0, 2024-07-01 00:00 S .. never";

    private static readonly TimeTagA July = TimeTagA.Read(Octets.Of("00 80 21 07 18"));
    private static readonly TimeTagA August = TimeTagA.Read(Octets.Of("00 80 81 08 18"));

    public static IEnumerable<Case> All =>
    [
        Series("AM-040", "133 -> 135 current tariff information", "4.7", Request.ReadCurrentTariff(1, 134), "85 00 06 01 00 86",
            [Up($"87 01 05 01 00 86 {Total}")], TotalMeans),
        Series("AM-041", "134 -> 136 stored tariff information", "4.7", Request.ReadStoredTariff(1, 134, July, August),
            $"86 01 06 01 00 86 {Month}",
            [$"68 48 48 68 08 01 00 88 01 05 01 00 86 {Total} 30 16"],
            TotalMeans),
        Series("AM-042", "134 -> 136 one frame for each object, one time all zero", "3.3, 4.7",
            Request.ReadStoredTariff(1, 135, July, August), $"86 01 06 01 00 87 {Month}",
            [Up($"88 01 05 01 00 87 {Total}"), Up($"88 01 05 01 00 87 {Unused}")], TotalMeans, UnusedMeans),
        Series("AM-043", "134 -> 136 several objects in a frame", "7.4", Request.ReadStoredTariff(1, 136, July, August),
            $"86 01 06 01 00 88 {Month}",
            [Up($"88 02 05 01 00 88 {Total} {Unused}")], TotalMeans, UnusedMeans),
        Reads("AM-044", "141 -> 142 registrar configuration, L = 255", "4.8", Request.ReadConfiguration(1), Down1("8d 00 05 01 00 00"),
            Up($"8e 01 05 01 00 00 07 5a 58 09 4e 61 bc 00 24 00 80 21 07 18 62 06 08 ff 41 54 5a {Zeros(17)} 0c 07 ff 0d "
                + $"e0 c8 10 00 4c 04 00 00 d0 07 00 00 32 00 00 00 3c 0f 00 06 {Zeros(184)}"),
            "maker 7, model ZX, firmware 9, serial 12345678, standard 4/2002, protocol of 2024-07-01 00:00 S, battery 98 %",
            "port 1 9600 8E1, modem string **, port 2 115200 8N1, optical other other",
            "110000:110 V, 200:5 A; periods 60, 15, 0 min; contracts Active, Inactive, None"),
        Reads("AM-045", "156 -> 157 further configuration, objects 192 to 201", "4.9",
            Request.ReadFurtherConfiguration(1, [192, 193, 194, 195, 196, 197, 198, 199, 200, 201]),
            Down1("9c 0a 05 01 00 00 c0 c1 c2 c3 c4 c5 c6 c7 c8 c9"),
            Up("9d 0a 05 01 00 00 c0 62 c1 02 c2 0a c3 01 02 c4 01 02 01 c5 3c 0f c6 e0 c8 10 00 4c 04 00 00 d0 07 00 00 32 00 00 00 c7 02 "
                + $"c8 50 52 4f 47 20 31 {Zeros(19)} c9 01"),
            "192 battery 98 %", "193 automatic clock change On", "194 at least 10 min between closings", "195 critical alarm Off, other On",
            "196 voltage fault I Off, II On, III Off", "197 curve periods 60, 15 min", "198 110000:110 V, 200:5 A",
            "199 clock reference Quartz",
            "200 program PROG 1", "201 closing by button Off"),
        Reads("AM-046", "156 -> 157 two objects, the example of the notes", "4.9", Request.ReadFurtherConfiguration(1, [195, 196]),
            "68 0b 0b 68 73 01 00 9c 02 05 01 00 00 c3 c4 9f 16", Up("9d 02 05 01 00 00 c3 fe fd c4 01 01 01"),
            "195 critical alarm On, other Off", "196 voltage fault I Off, II Off, III Off"),
        Reads("AM-047", "156 -> 157 an object of unknown layout", "4.9", Request.ReadFurtherConfiguration(1, [192, 202]),
            Down1("9c 02 05 01 00 00 c0 ca"),
            Up("9d 02 05 01 00 00 c0 62 ca 01 02 03"), "192 battery 98 %", "not decoded: ca 01 02 03"),
        Reads("AM-048", "182 -> 129 measurement point parameters", "4.9", Request.ReadPointParameters(1), Down1("b6 00 05 01 00 00"),
            Up($"81 01 05 01 00 00 01 00 02 01 00 01 00 00 00 3c 28 00 {Zeros(234)}"),
            "link 1, 2 points, point 1, key **, 60 min, depth 40"),
        Reads("AM-049", "185 -> 131 dates of the clock changes", "4.3", Request.ReadClockChangeDates(1), Down1("b9 00 05 01 00 00"),
            Up("83 01 05 01 00 00 00 02 ff 03 18 00 83 fb 0a 18"), "to summer 2024-03-31 02:00 W, to winter 2024-10-27 03:00 S"),
        Reads("AM-050", "185 -> 131 dates that are not set", "3.3, 4.3", Request.ReadClockChangeDates(1), Down1("b9 00 05 01 00 00"),
            Up($"83 01 05 01 00 00 {Zeros(10)}"), "to summer never, to winter never"),
        Reads("AM-051", "144 -> 145 contracted powers", "4.10", Request.ReadContractedPowers(1, 134), Down1("90 00 05 01 00 86"),
            Up("91 02 05 01 00 86 15 e8 03 00 00 16 d0 07 00 00 00 80 21 07 18"), "21: 1000, 22: 2000, 2024-07-01 00:00 S"),
        Reads("AM-052", "144 -> 145 of a latent contract", "2.3, 4.10", Request.ReadContractedPowers(1, 137), Down1("90 00 05 01 00 89"),
            Up("91 01 05 01 00 89 15 dc 05 00 00 00 80 21 07 18"), "21: 1500, 2024-07-01 00:00 S"),
        Reads("AM-053", "147 -> 148 holidays", "4.10", Request.ReadHolidays(1, 134), Down1("93 00 05 01 00 86"),
            Up("94 02 05 01 00 86 00 00 01 01 63 00 80 4f 08 18"), "2099-01-01 00:00 W, 2024-08-15 00:00 S"),
        Reads("AM-054", "150 -> 151 seasons", "4.10", Request.ReadContractObjects(1, 134, [193]), Down1("96 01 05 01 00 86 c1"),
            Up("97 01 05 01 00 86 c1 01 02 02 00 00 01 01 63 21 00 00 01 06 63 22 "
                + "02 66 66 66 66 12 33 33 33 33 33 33 33 66 66 66 66 66 66 66 66 66 66 66 66 0f 8a 2f 07 18"),
            "193 sense 1, type 2, seasons 2099-01-01 00:00 W day types 1, 2; 2099-06-01 00:00 W day types 2, 2, read 2024-07-15 10:15 S",
            "193 day type 1: 6 6 6 6 6 6 6 6 2 1 3 3 3 3 3 3 3 3 3 3 3 3 3 3",
            "193 day type 2: 6 6 6 6 6 6 6 6 6 6 6 6 6 6 6 6 6 6 6 6 6 6 6 6"),
        Reads("AM-055", "150 -> 151 current periods", "4.10", Request.ReadContractObjects(1, 134, [197]),
            "68 0a 0a 68 73 01 00 96 01 05 01 00 86 c5 5c 16",
            Up("97 01 05 01 00 86 c5 03 02 01 0f 8a 2f 07 18"), "197 current periods 3, 2, 1, 2024-07-15 10:15 S"),
        Reads("AM-056", "150 -> 151 objects of unknown layout", "4.10", Request.ReadContractObjects(1, 134, [197, 195]),
            Down1("96 02 05 01 00 86 c5 c3"),
            Up("97 02 05 01 00 86 c5 03 02 01 0f 8a 2f 07 18 c3 aa bb cc"), "197 current periods 3, 2, 1, 2024-07-15 10:15 S",
            "not decoded: c3 aa bb cc"),
    ];
}
