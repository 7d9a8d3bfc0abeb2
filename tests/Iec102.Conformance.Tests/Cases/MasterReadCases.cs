using Iec102.Protocol.Application;
using Iec102.Protocol.Time;
using Iec102.Testing;
using static Iec102.Conformance.Tests.Case;
using static Iec102.Conformance.Tests.Wire;

namespace Iec102.Conformance.Tests;

/// <summary>
/// The master in patterns A and C: identification, clock, session, instantaneous values (protocol notes 4.2, 4.3 and 4.6).
/// </summary>
internal static class MasterReadCases
{
    /// <summary>The frame in the protocol notes with all three objects of instantaneous values.</summary>
    public const string Instantaneous =
        "68 68 68 68 08 01 00 a3 03 05 01 00 00 "
        + "c0 62 e7 03 00 00 00 00 00 99 b1 00 00 00 00 00 00 00 00 00 00 06 0b 00 00 0f 8a 2f 07 18 "
        + "c1 78 00 00 28 00 00 b5 03 29 00 00 0d 00 00 b9 03 28 00 00 0e 00 00 b0 03 27 00 00 0d 00 00 b5 03 0f 8a 2f 07 18 "
        + "c2 19 00 00 06 09 00 00 18 00 00 01 09 00 00 17 00 00 11 09 00 00 0f 8a 2f 07 18 ee 16";

    private static readonly TimeTagB Time = TimeTagB.Read(Octets.Of("fa 78 0f 0a 7b 03 18"));

    public static IEnumerable<Case> All =>
    [
        Reads("AM-001", "100 -> 71 device identification", "4.3", Request.ReadDeviceIdentification(1),
            "68 09 09 68 73 01 00 64 00 05 01 00 00 de 16", "68 0f 0f 68 08 01 00 47 01 05 01 00 00 24 42 4e 61 bc 00 28 16",
            "maker 66, serial 12345678, standard 4/2002"),
        Reads("AM-002", "103 -> 72 clock", "4.3", Request.ReadCurrentTime(1),
            "68 09 09 68 73 01 00 67 00 05 01 00 00 e1 16", "68 10 10 68 08 01 00 48 01 05 01 00 00 fa 78 0f 0a 7b 03 18 79 16",
            "2024-03-27 10:15:30.250 W"),
        Reads("AM-003", "103 -> 72 with N = 0", "2.1", Request.ReadCurrentTime(1),
            "68 09 09 68 73 01 00 67 00 05 01 00 00 e1 16", Up("48 00 05 01 00 00 fa 78 0f 0a 7b 03 18"), "2024-03-27 10:15:30.250 W"),
        Reads("AM-004", "162 -> 163 instantaneous values, objects 192, 193, 194", "4.6",
            Request.ReadInstantaneousValues(1, [192, 193, 194]),
            "68 0c 0c 68 73 01 00 a2 03 05 01 00 00 c0 c1 c2 62 16",
            Instantaneous,
            "2024-07-15 10:15 S: registers 255842 0 45465 0 0 2822",
            "2024-07-15 10:15 S: total 120 kW 40 kvar 0.949, I 41 kW 13 kvar 0.953, II 40 kW 14 kvar 0.944, III 39 kW 13 kvar 0.949",
            "2024-07-15 10:15 S: I 2.5 A 231 V, II 2.4 A 230.5 V, III 2.3 A 232.1 V"),
        Reads("AM-005", "162 -> 163 with one object, invalid register", "4.6", Request.ReadInstantaneousValues(1, [192]),
            "68 0a 0a 68 73 01 00 a2 01 05 01 00 00 c0 dd 16",
            Up("a3 01 05 01 00 00 c0 62 e7 03 80 00 00 00 00 99 b1 00 00 00 00 00 00 00 00 00 00 06 0b 00 00 0f 8a 2f 07 18"),
            "2024-07-15 10:15 S: registers invalid 0 45465 0 0 2822"),
        Reads("AM-006", "162 -> 163 exported power, quadrants 3 and 4, invalid phases", "4.6",
            Request.ReadInstantaneousValues(1, [193, 194]),
            Down1("a2 02 05 01 00 00 c1 c2"),
            Up($"a3 02 05 01 00 00 c1 23 00 00 0c 00 00 b2 0f 23 00 00 0c 00 00 b2 0f {Zeros(7)} 80 {Zeros(7)} 80 0f 8a 2f 07 18 "
                + "c2 19 00 00 06 09 00 00 00 00 00 00 00 00 80 00 00 00 00 00 00 80 0f 8a 2f 07 18"),
            "2024-07-15 10:15 S: total -35 kW -12 kvar 0.946, I -35 kW -12 kvar 0.946, II invalid, III invalid",
            "2024-07-15 10:15 S: I 2.5 A 231 V, II invalid, III invalid"),
        Reads("AM-007", "Answer of another point on the same link", "2", Request.ReadCurrentTime(7),
            Down1("67 00 05 07 00 00"), Up("48 01 05 07 00 00 fa 78 0f 0a 7b 03 18"), "2024-03-27 10:15:30.250 W"),

        Commands("AM-010", "183 login", "4.3", Request.Login(1, 1),
            "68 0d 0d 68 73 01 00 b7 01 06 01 00 00 01 00 00 00 34 16", "68 0d 0d 68 08 01 00 b7 01 07 01 00 00 01 00 00 00 ca 16"),
        Commands("AM-011", "187 end of the session", "4.3", Request.EndSession(1), Down1("bb 00 06 01 00 00"),
            "68 09 09 68 08 01 00 bb 00 07 01 00 00 cc 16"),
        Commands("AM-012", "181 set the clock", "4.3", Request.SetClock(1, Time),
            "68 10 10 68 73 01 00 b5 01 06 01 00 00 fa 78 0f 0a 7b 03 18 52 16",
            "68 10 10 68 08 01 00 b5 01 07 01 00 00 fa 78 0f 0a 7b 03 18 e8 16"),
        Commands("AM-013", "181 confirmed without the time tag", "4.2, 8", Request.SetClock(1, Time),
            "68 10 10 68 73 01 00 b5 01 06 01 00 00 fa 78 0f 0a 7b 03 18 52 16", Up("b5 01 07 01 00 00")),
        Commands("AM-014", "181 confirmed with another time", "4.2", Request.SetClock(1, Time),
            "68 10 10 68 73 01 00 b5 01 06 01 00 00 fa 78 0f 0a 7b 03 18 52 16", Up("b5 01 07 01 00 00 00 7c 0f 0a 7b 03 18")),

        Master("AM-015", "An unexpected type is ignored", "4.2, 9", "Before the answer a poll brings type 70, end of initialisation.",
            "It is not an answer: polling continues after a pause.",
            master => master.LoggedIn().Exchange(Request.ReadCurrentTime(1), $"""
                -> 68 09 09 68 73 01 00 67 00 05 01 00 00 e1 16
                <- {Ack}
                -> {Poll0}
                <- {Up("46 01 04 01 00 00 00")}
                .. 0.5 s pause
                -> {Poll1}
                <- 68 10 10 68 08 01 00 48 01 05 01 00 00 fa 78 0f 0a 7b 03 18 79 16
                = 2024-03-27 10:15:30.250 W
                ! Completed, cause 5, link up
                """)),
        Foreign("AM-016", "Answer for another measurement point", "48 01 05 02 00 00 fa 78 0f 0a 7b 03 18"),
        Foreign("AM-017", "Answer for another record", "48 01 05 01 00 0b fa 78 0f 0a 7b 03 18"),
    ];

    /// <summary>A case of pattern A: the request's octets, ACK, poll, the answer, its meaning.</summary>
    internal static Case Reads(
        string id, string title, string clause, Request request, string asked, string answer, params string[] meanings) =>
        Master(id, title, clause, "The request follows a login; the meter answers the first poll.",
            "The octets of the request, and the stated meaning of the answer.",
            master => master.LoggedIn().Exchange(request, $"""
                -> {asked}
                <- {Ack}
                -> {Poll0}
                <- {answer}
                {string.Join('\n', meanings.Select(meaning => $"= {meaning}"))}
                ! Completed, cause 5, link up
                """));

    private static Case Commands(string id, string title, string clause, Request request, string asked, string confirmation) =>
        Master(id, title, clause, "The command follows a login; the meter confirms it.",
            "The octets of the command; the mirror with cause 7 ends the exchange.",
            master => master.LoggedIn().Exchange(request, $"""
                -> {asked}
                <- {Ack}
                -> {Poll0}
                <- {confirmation}
                ! Completed, cause 7, link up
                """));

    private static Case Foreign(string id, string title, string answer) =>
        Master(id, title, "2, 9", "The clock of point 1 is requested; the answer has another address.",
            "It is not accepted: the stations are out of step, and the link is restarted.",
            master => master.LoggedIn().Exchange(Request.ReadCurrentTime(1), $"""
                -> 68 09 09 68 73 01 00 67 00 05 01 00 00 e1 16
                <- {Ack}
                -> {Poll0}
                <- {Up(answer)}
                ! OutOfStep, link down
                """));
}
