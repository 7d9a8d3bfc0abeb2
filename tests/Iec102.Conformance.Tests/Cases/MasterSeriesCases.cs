using Iec102.Protocol.Application;
using Iec102.Protocol.Time;
using Iec102.Testing;
using static Iec102.Conformance.Tests.Case;
using static Iec102.Conformance.Tests.Wire;

namespace Iec102.Conformance.Tests;

/// <summary>The master in pattern B: totals, blocks and events (protocol notes 4.2, 4.4 and 4.5).</summary>
internal static class MasterSeriesCases
{
    public const string IncrementsFrame = "68 15 15 68 73 01 00 7b 01 06 01 00 0b 01 08 01 80 2f 07 18 00 82 2f 07 18 aa 16";
    public const string IncrementsConfirmed = "68 15 15 68 08 01 00 7b 01 07 01 00 0b 01 08 01 80 2f 07 18 00 82 2f 07 18 40 16";
    public const string Hour1 =
        "68 3e 3e 68 08 01 00 0b 08 05 01 00 0b 01 d2 04 00 00 00 02 00 00 00 00 00 03 38 00 00 00 00 04 00 00 00 00 00 05 00 00 00 00 00 "
        + "06 07 00 00 00 00 07 00 00 00 00 80 08 00 00 00 00 80 00 81 2f 07 18 35 16";
    public const string Hour2 =
        "68 3e 3e 68 08 01 00 0b 08 05 01 00 0b 01 9c 04 00 00 00 02 00 00 00 00 00 03 33 00 00 00 00 04 00 00 00 00 00 05 00 00 00 00 00 "
        + "06 09 00 00 00 00 07 00 00 00 00 80 08 00 00 00 00 80 00 82 2f 07 18 fd 16";
    public const string IncrementsEnded = "68 15 15 68 08 01 00 7b 01 0a 01 00 0b 01 08 01 80 2f 07 18 00 82 2f 07 18 43 16";

    /// <summary>The series of the session in the protocol notes, as both stations exchange it.</summary>
    public const string TwoHours = $"""
        -> {IncrementsFrame}
        <- {Ack}
        -> {Poll0}
        <- {IncrementsConfirmed}
        -> {Poll1}
        <- {Hour1}
        = 2024-07-15 01:00 S: 1=1234 2=0 3=56 4=0 5=0 6=7 7=0/80 8=0/80
        -> {Poll0}
        <- {Hour2}
        = 2024-07-15 02:00 S: 1=1180 2=0 3=51 4=0 5=0 6=9 7=0/80 8=0/80
        -> {Poll1}
        <- {IncrementsEnded}
        ! Completed, cause 10, link up
        """;

    private const string BothBlocks =
        "68 51 51 68 08 01 00 8c 02 05 01 00 0b "
        + "0a d2 04 00 00 00 00 00 00 00 00 38 00 00 00 00 00 00 00 00 00 00 00 00 00 00 07 00 00 00 00 00 81 2f 07 18 "
        + "0a 9c 04 00 00 00 00 00 00 00 00 33 00 00 00 00 00 00 00 00 00 00 00 00 00 00 09 00 00 00 00 00 82 2f 07 18 4c 16";

    /// <summary>Blocks of objects 1 to 6 as both stations exchange them.</summary>
    public const string TwoHoursInBlocks = $"""
        -> 68 14 14 68 73 01 00 be 01 06 01 00 0b 0a 01 80 2f 07 18 00 82 2f 07 18 ee 16
        <- {Ack}
        -> {Poll0}
        <- 68 14 14 68 08 01 00 be 01 07 01 00 0b 0a 01 80 2f 07 18 00 82 2f 07 18 84 16
        -> {Poll1}
        <- {BothBlocks}
        = 2024-07-15 01:00 S: 1=1234 2=0 3=56 4=0 5=0 6=7
        = 2024-07-15 02:00 S: 1=1180 2=0 3=51 4=0 5=0 6=9
        -> {Poll0}
        <- 68 14 14 68 08 01 00 be 01 0a 01 00 0b 0a 01 80 2f 07 18 00 82 2f 07 18 87 16
        ! Completed, cause 10, link up
        """;

    private const string Range = "01 80 2f 07 18 00 82 2f 07 18";
    private const string Midnight = "00 80 2f 07 18 00 80 2f 07 18";

    public static readonly Request Increments =
        Request.ReadIncrementalTotals(1, 11, 1, 8, TimeTagA.Read(Octets.Of("01 80 2f 07 18")), TimeTagA.Read(Octets.Of("00 82 2f 07 18")));

    /// <summary>Objects 1 to 8, object k with value k and only bit k - 1 of its quality set.</summary>
    private static readonly string EveryQuality =
        string.Join(' ', Enumerable.Range(1, 8).Select(k => $"{k:x2} {U32((uint)k)} {1 << k - 1:x2}"));

    private static readonly TimeTagA From = TimeTagA.Read(Octets.Of("01 80 2f 07 18"));
    private static readonly TimeTagA To = TimeTagA.Read(Octets.Of("00 82 2f 07 18"));
    private static readonly TimeTagA Day = TimeTagA.Read(Octets.Of("00 80 2f 07 18"));
    private static readonly TimeTagA July = TimeTagA.Read(Octets.Of("00 80 21 07 18"));
    private static readonly TimeTagA August = TimeTagA.Read(Octets.Of("00 80 81 08 18"));

    public static IEnumerable<Case> All =>
    [
        Master("AM-020", "123 -> 11 increments", "4.2, 4.4, 1.7", "Two hours, objects 1 to 8, record 11.",
            "Mirror with cause 7, one hour in each frame, mirror with cause 10.",
            master => master.LoggedIn().Exchange(Increments, TwoHours)),
        Master("AM-021", "190 -> 140 increments in blocks", "4.4", "Two hours as blocks of object 10, two in one frame.",
            "Both blocks with their own times.",
            master => master.LoggedIn().Exchange(Request.ReadIncrementalTotalBlocks(1, 11, 10, From, To), TwoHoursInBlocks)),
        Series("AM-022", "122 -> 8 absolute totals, daily closing", "4.4",
            Request.ReadIntegratedTotals(1, 21, 1, 8, Day, Day), $"7a 01 06 01 00 15 01 08 {Midnight}",
            ["68 3e 3e 68 08 01 00 08 08 05 01 00 15 01 4e 61 bc 00 00 02 00 00 00 00 00 03 47 94 03 00 00 04 00 00 00 00 00 "
                + "05 00 00 00 00 00 06 80 0d 00 00 00 07 00 00 00 00 80 08 00 00 00 00 80 00 80 2f 07 18 fc 16"],
            "2024-07-15 00:00 S: 1=12345678 2=0 3=234567 4=0 5=0 6=3456 7=0/80 8=0/80"),
        Series("AM-023", "189 -> 139 absolute totals in blocks of 1, 3, 6", "4.4", Request.ReadIntegratedTotalBlocks(1, 11, 11, From, To),
            $"bd 01 06 01 00 0b 0b {Range}",
            [Up($"8b 02 05 01 00 0b {Block3(1234, 56, 7, "00 81 2f 07 18")} {Block3(2414, 107, 16, "00 82 2f 07 18")}")],
            "2024-07-15 01:00 S: 1=1234 3=56 6=7", "2024-07-15 02:00 S: 1=2414 3=107 6=16"),
        Series("AM-024", "190 -> 140 blocks of 1 to 8 over two frames", "4.4", Request.ReadIncrementalTotalBlocks(1, 11, 9, From, To),
            $"be 01 06 01 00 0b 09 {Range}",
            [Up($"8c 01 05 01 00 0b {Block8(1234, "00 81 2f 07 18")}"), Up($"8c 01 05 01 00 0b {Block8(1180, "00 82 2f 07 18")}")],
            "2024-07-15 01:00 S: 1=1234 2=0 3=0 4=0 5=0 6=0 7=0/80 8=0/80", "2024-07-15 02:00 S: 1=1180 2=0 3=0 4=0 5=0 6=0 7=0/80 8=0/80"),
        Series("AM-025", "123 -> 11 with one object though eight were asked", "4.4, 8", Increments, $"7b 01 06 01 00 0b 01 08 {Range}",
            [Up("0b 01 05 01 00 0b 01 d2 04 00 00 00 00 81 2f 07 18"), Up("0b 01 05 01 00 0b 01 9c 04 00 00 00 00 82 2f 07 18")],
            "2024-07-15 01:00 S: 1=1234", "2024-07-15 02:00 S: 1=1180"),
        Series("AM-026", "Every quality bit", "4.4", Increments, $"7b 01 06 01 00 0b 01 08 {Range}",
            [Up($"0b 08 05 01 00 0b {EveryQuality} 00 81 2f 07 18")],
            "2024-07-15 01:00 S: 1=1/01 2=2/02 3=3/04 4=4/08 5=5/10 6=6/20 7=7/40 8=8/80"),
        Series("AM-027", "Empty range: cause 7, then cause 10", "4.2", Increments, $"7b 01 06 01 00 0b 01 08 {Range}", []),
        Series("AM-028", "Quarter hours, record 12", "2.3, 4.4", Request.ReadIncrementalTotals(1, 12, 1, 1, From, To),
            $"7b 01 06 01 00 0c 01 01 {Range}",
            [Up("0b 01 05 01 00 0c 01 37 00 00 00 00 0f 80 2f 07 18"), Up("0b 01 05 01 00 0c 01 38 00 00 00 00 1e 80 2f 07 18")],
            "2024-07-15 00:15 S: 1=55", "2024-07-15 00:30 S: 1=56"),
        Master("AM-029", "Mirrors with other flags in their time tags", "3.3, 4.2",
            "The meter clears SU and fills the day of the week in its mirrors.",
            "The range is the same, so the mirrors count.",
            master => master.LoggedIn().Exchange(Increments, $"""
                -> {IncrementsFrame}
                <- {Ack}
                -> {Poll0}
                <- {Up("7b 01 07 01 00 0b 01 08 81 00 0f 07 18 00 02 ef 37 98")}
                -> {Poll1}
                <- {Up("7b 01 0a 01 00 0b 01 08 01 00 0f 07 18 00 02 0f 07 18")}
                ! Completed, cause 10, link up
                """)),
        Master("AM-030", "Mirror of another range", "4.2, 9", "The mirror with cause 7 names a range that was not requested.",
            "It answers another request: the stations are out of step.",
            master => master.LoggedIn().Exchange(Increments, $"""
                -> {IncrementsFrame}
                <- {Ack}
                -> {Poll0}
                <- {Up("7b 01 07 01 00 0b 01 08 01 80 2e 07 18 00 82 2e 07 18")}
                ! OutOfStep, link down
                """)),
        Series("AM-031", "102 -> 1 events, two in a frame", "4.5, 5", Request.ReadEventsInRange(1, 52, July, August),
            "66 00 06 01 00 34 00 80 21 07 18 00 80 81 08 18",
            ["68 1b 1b 68 08 01 00 01 02 05 01 00 34 01 04 f4 31 1e 88 2f 07 18 03 05 28 1c 05 8d d4 07 18 35 16"],
            "2024-07-15 08:30:12.500 S: 1/2 SPI 0, start after a power cut, data and clock kept",
            "2024-07-20 13:05:07.040 S: 3/2 SPI 1, measuring voltage missing on phase II, begins"),
        Master("AM-032", "102 -> 1, mirrors with N = 1", "2.1, 4.5", "The meter mirrors the request with N = 1.",
            "It is accepted: only the data must be the same.",
            master => master.LoggedIn().Exchange(Request.ReadEventsInRange(1, 52, July, August), $"""
                -> 68 13 13 68 73 01 00 66 00 06 01 00 34 00 80 21 07 18 00 80 81 08 18 f6 16
                <- {Ack}
                -> {Poll0}
                <- {Up("66 01 07 01 00 34 00 80 21 07 18 00 80 81 08 18")}
                -> {Poll1}
                <- {Up("66 01 0a 01 00 34 00 80 21 07 18 00 80 81 08 18")}
                ! Completed, cause 10, link up
                """)),
        Series("AM-033", "102 -> 1, a code that no table has", "5", Request.ReadEventsInRange(1, 55, July, August),
            "66 00 06 01 00 37 00 80 21 07 18 00 80 81 08 18",
            [Up("01 02 05 01 00 37 13 0e f4 31 1e 88 2f 07 18 c8 ff f4 31 1e 88 2f 07 18")],
            "2024-07-15 08:30:12.500 S: 19/7 SPI 0, internal error 7", "2024-07-15 08:30:12.500 S: 200/127 SPI 1, event 200/127 (SPI 1)"),
        Series("AM-034", "101 -> 1 events of a record", "4.1", Request.FromAsdu(Octets.Of("65 00 06 01 00 34"))!, "65 00 06 01 00 34",
            [Up("01 01 05 01 00 34 01 04 f4 31 1e 88 2f 07 18")],
            "2024-07-15 08:30:12.500 S: 1/2 SPI 0, start after a power cut, data and clock kept"),
    ];

    /// <summary>
    /// A case of pattern B: request, ACK, mirror with cause 7, the data frames, mirror with cause 10, and the meaning of each row of data.
    /// </summary>
    internal static Case Series(
        string id, string title, string clause, Request request, string asked, string[] answers, params string[] meanings) =>
        Master(id, title, clause, "The request follows a login.",
            "The octets of the request, and the stated meaning of each row between the two mirrors.",
            master => master.LoggedIn().Exchange(request, Script(asked, answers, meanings)));

    private static string Script(string asked, string[] answers, string[] meanings)
    {
        List<string> lines = [$"-> {Down1(asked)}", $"<- {Ack}", $"-> {Poll0}", $"<- {Up(Mirror(asked, 7))}"];
        var perFrame = answers.Length == 0 ? 0 : meanings.Length / answers.Length;
        for (var i = 0; i < answers.Length; i++)
        {
            var explained = meanings[(i * perFrame)..((i + 1) * perFrame)].Select(meaning => $"= {meaning}");
            lines.AddRange([$"-> {PollOf(i + 1)}", $"<- {answers[i]}", .. explained]);
        }
        lines.AddRange([$"-> {PollOf(answers.Length + 1)}", $"<- {Up(Mirror(asked, 10))}", "! Completed, cause 10, link up"]);
        return string.Join('\n', lines);
    }

    private static string PollOf(int index) => index % 2 == 0 ? Poll0 : Poll1;

    private static string Block3(uint first, uint third, uint sixth, string time) =>
        $"0b {U32(first)} 00 {U32(third)} 00 {U32(sixth)} 00 {time}";

    private static string Block8(uint first, string time) => $"09 {U32(first)} 00 {Zeros(25)} 00 00 00 00 80 00 00 00 00 80 {time}";
}
