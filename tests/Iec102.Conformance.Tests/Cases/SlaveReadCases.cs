using Iec102.Simulator.Meters;
using static Iec102.Conformance.Tests.Case;
using static Iec102.Conformance.Tests.Wire;

namespace Iec102.Conformance.Tests;

/// <summary>The slave's application layer over the data of the worked examples (protocol notes 4.2 to 4.6).</summary>
internal static class SlaveReadCases
{
    private const string Range = "01 80 2f 07 18 00 82 2f 07 18";
    private const string Zero8 =
        "02 00 00 00 00 00 03 47 94 03 00 00 04 00 00 00 00 00 05 00 00 00 00 00 06 80 0d 00 00 00 07 00 00 00 00 80 08 00 00 00 00 80";

    public static IEnumerable<Case> All =>
    [
        Answers("AS-001", "100 -> 71 device identification", "4.3", "64 00 05 01 00 00", "47 01 05 01 00 00 24 42 4e 61 bc 00"),
        Answers("AS-002", "100 with N = 1", "2.1", "64 01 05 01 00 00", "47 01 05 01 00 00 24 42 4e 61 bc 00"),
        Slave("AS-003", "103 -> 72 clock", "4.3", "The clock is read at 2024-03-27 10:15:30.250.", "The octets of the notes.",
            slave => slave.At("2024-03-27T10:15:30.25+01:00").LoggedIn().Follow(LinkMasterCases.ReadClock)),
        Slave("AS-004", "162 -> 163 instantaneous values", "4.6", "All three objects at 10:15 in summer.", "The octets of the notes.",
            slave => slave.At("2024-07-15T10:15:00+02:00").LoggedIn().Follow($"""
                -> 68 0c 0c 68 73 01 00 a2 03 05 01 00 00 c0 c1 c2 62 16
                <- {Ack}
                -> {Poll0}
                <- {MasterReadCases.Instantaneous}
                """)),
        Slave("AS-005", "162 -> 163 one object", "4.6", "Object 194 alone.", "That object alone, N = 1.",
            slave => slave.At("2024-07-15T10:15:00+02:00").LoggedIn().Follow($"""
                -> {Down1("a2 01 05 01 00 00 c2")}
                <- {Ack}
                -> {Poll0}
                <- {Up("a3 01 05 01 00 00 c2 19 00 00 06 09 00 00 18 00 00 01 09 00 00 17 00 00 11 09 00 00 0f 8a 2f 07 18")}
                """)),
        Slave("AS-006", "181 set the clock", "4.3", "The clock is set, then read.", "Mirror with cause 7; the clock shows what was set.",
            slave => slave.At("2024-03-27T11:00:00+01:00").LoggedIn().Follow($"""
                -> 68 10 10 68 73 01 00 b5 01 06 01 00 00 fa 78 0f 0a 7b 03 18 52 16
                <- {Ack}
                -> {Poll0}
                <- 68 10 10 68 08 01 00 b5 01 07 01 00 00 fa 78 0f 0a 7b 03 18 e8 16
                {LinkMasterCases.ReadClock}
                """)),
        Slave("AS-007", "187 end of the session", "4.3", "The session is ended, then the clock is read.",
            "Mirror with cause 7; after that cause 13, as outside a session.",
            slave => slave.LoggedIn().Follow($"""
                -> {Down1("bb 00 06 01 00 00")}
                <- {Ack}
                -> {Poll0}
                <- {Up("bb 00 07 01 00 00")}
                -> {Down1("67 00 05 01 00 00")}
                <- {Ack}
                -> {Poll0}
                <- {Up("67 00 0d 01 00 00")}
                """)),
        Slave("AS-008", "Idle session", "9", "Nothing is sent for six minutes after a login.", "The session has ended: cause 13.",
            slave => slave.LoggedIn().Follow($"""
                .. 360 s of silence
                -> {Down1("67 00 05 01 00 00")}
                <- {Ack}
                -> {Poll0}
                <- {Up("67 00 0d 01 00 00")}
                """)),

        Slave("AS-020", "123 -> 11 increments", "4.2, 4.4", "Two hours, objects 1 to 8, record 11.", "The octets of the notes.",
            slave => slave.LoggedIn().Follow(MasterSeriesCases.TwoHours)),
        Slave("AS-021", "190 -> 140 increments in blocks", "4.4", "Two hours as blocks of object 10.", "The octets of the notes.",
            slave => slave.LoggedIn().Follow(MasterSeriesCases.TwoHoursInBlocks)),
        Series("AS-022", "122 -> 8 daily closing", "4.4", "7a 01 06 01 00 15 01 08 00 80 2f 07 18 00 80 2f 07 18",
            $"08 08 05 01 00 15 01 4e 61 bc 00 00 {Zero8} 00 80 2f 07 18"),
        Series("AS-023", "122 -> 8 register at each hour, record 11", "4.4", "7a 01 06 01 00 0b 01 01 01 80 2f 07 18 00 81 2f 07 18",
            "08 01 05 01 00 0b 01 4e 61 bc 00 00 00 81 2f 07 18"),
        Series("AS-024", "189 -> 139 absolute totals in blocks of 1, 3, 6", "4.4", $"bd 01 06 01 00 0b 0b {Range}",
            "8b 02 05 01 00 0b 0b 4e 61 bc 00 00 47 94 03 00 00 80 0d 00 00 00 00 81 2f 07 18 "
            + "0b 4e 61 bc 00 00 47 94 03 00 00 80 0d 00 00 00 00 82 2f 07 18"),
        Series("AS-025", "123 -> 11 three objects", "4.4", $"7b 01 06 01 00 0b 01 03 {Range}",
            "0b 03 05 01 00 0b 01 d2 04 00 00 00 02 00 00 00 00 00 03 38 00 00 00 00 00 81 2f 07 18",
            "0b 03 05 01 00 0b 01 9c 04 00 00 00 02 00 00 00 00 00 03 33 00 00 00 00 00 82 2f 07 18"),
        Series("AS-026", "Range limits without SU in summer", "3.3", "7b 01 06 01 00 0b 01 01 01 00 2f 07 18 00 02 2f 07 18",
            "0b 01 05 01 00 0b 01 d2 04 00 00 00 00 81 2f 07 18", "0b 01 05 01 00 0b 01 9c 04 00 00 00 00 82 2f 07 18"),
        Series("AS-027", "Range that begins on an interval's end", "3.3", "7b 01 06 01 00 0b 01 01 00 81 2f 07 18 00 82 2f 07 18",
            "0b 01 05 01 00 0b 01 d2 04 00 00 00 00 81 2f 07 18", "0b 01 05 01 00 0b 01 9c 04 00 00 00 00 82 2f 07 18"),
        Series("AS-028", "Range in the future", "4.2", "7b 01 06 01 00 0b 01 08 01 80 2f 07 19 00 82 2f 07 19"),
        Slave("AS-029", "Empty range at a meter that answers with cause 18", "4.2", "A range in the future.",
            "Mirror with cause 18 and nothing more.",
            slave =>
            {
                slave.Options = slave.Options with { Behaviour = new MeterBehaviour { EmptyRange = EmptyRange.PeriodNotAvailable } };
                slave.LoggedIn().Follow($"""
                    -> {Down1("7b 01 06 01 00 0b 01 08 01 80 2f 07 19 00 82 2f 07 19")}
                    <- {Ack}
                    -> {Poll0}
                    <- {Up("7b 01 12 01 00 0b 01 08 01 80 2f 07 19 00 82 2f 07 19")}
                    -> {Poll1}
                    <- {NoData}
                    """);
            }),
    ];

    /// <summary>A case of pattern A after a login, with the meter's clock at a given time.</summary>
    internal static Case Answers(
        string id, string title, string clause, string asked, string answer, string now = "2024-07-15T02:30:00+02:00") =>
        Slave(id, title, clause, $"The request follows a login, at {now}.", "ACK, the answer with cause 5, then no more data.",
            slave => slave.At(now).LoggedIn().Follow($"""
                -> {Down1(asked)}
                <- {Ack}
                -> {Poll0}
                <- {Up(answer)}
                -> {Poll1}
                <- {NoData}
                """));

    /// <summary>A case of pattern B after a login, at half past two on the day of the worked examples.</summary>
    internal static Case Series(string id, string title, string clause, string asked, params string[] answers) =>
        SeriesAt("2024-07-15T02:30:00+02:00", id, title, clause, asked, answers);

    internal static Case SeriesAt(string now, string id, string title, string clause, string asked, params string[] answers) =>
        Slave(id, title, clause, $"The request follows a login, at {now}.",
            "ACK, mirror with cause 7, the data with cause 5, mirror with cause 10, then no more data.",
            slave =>
            {
                List<string> given = [Up(Mirror(asked, 7)), .. answers.Select(Up), Up(Mirror(asked, 10)), NoData];
                slave.At(now).LoggedIn().Follow(
                    $"-> {Down1(asked)}\n<- {Ack}\n"
                        + string.Concat(given.Select((frame, i) => $"-> {(i % 2 == 0 ? Poll0 : Poll1)}\n<- {frame}\n")));
            });
}
