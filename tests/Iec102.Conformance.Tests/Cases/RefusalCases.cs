using Iec102.Protocol.Application;
using Iec102.Protocol.Time;
using Iec102.Testing;
using static Iec102.Conformance.Tests.Case;
using static Iec102.Conformance.Tests.Wire;

namespace Iec102.Conformance.Tests;

/// <summary>Refusals at both stations: causes 13 to 18 and the negative confirmation (protocol notes 2.2 and 4.2).</summary>
internal static class RefusalCases
{
    private const string Increments = "7b 01 06 01 00 0b 01 08 01 80 2f 07 18 00 82 2f 07 18";

    public static IEnumerable<Case> All =>
    [
        .. Enumerable.Range(13, 6).Select(cause =>
            Refused($"AM-0{47 + cause}", $"Series refused with cause {cause}", MasterSeriesCases.Increments, Increments, (byte)cause)),
        .. Enumerable.Range(13, 6).Select(cause =>
            Refused($"AM-0{53 + cause}", $"Read refused with cause {cause}", Request.ReadCurrentTime(1), "67 00 05 01 00 00", (byte)cause)),
        Refused("AM-080", "Command refused with cause 14", Request.SetClock(1, TimeTagB.Read(Octets.Of("fa 78 0f 0a 7b 03 18"))),
            "b5 01 06 01 00 00 fa 78 0f 0a 7b 03 18", 14),
        Refused("AM-081", "Login refused: P/N set in cause 7", Request.Login(1, 1), "b7 01 06 01 00 00 01 00 00 00", 0x47,
            "Refused, cause 7 negative, link up"),
        Refused("AM-082", "Series refused: P/N set in cause 7", MasterSeriesCases.Increments, Increments, 0x47,
            "Refused, cause 7 negative, link up"),
        Refused("AM-083", "Refusal with cause 18 and P/N", MasterSeriesCases.Increments, Increments, 0x52,
            "Refused, cause 18 negative, link up"),

        Refuses("AS-060", "Request outside a session", "13", false, "67 00 05 01 00 00", 13),
        Refuses("AS-061", "A type that the meter does not support", "14", true, "b4 00 06 01 00 0b", 14),
        Refuses("AS-062", "A record that the meter does not have", "15", true, "7b 01 06 01 00 1f 01 08 01 80 2f 07 18 00 82 2f 07 18", 15),
        Refuses("AS-063", "A measurement point that the meter does not have", "16", true, "67 00 05 02 00 00", 16),
        Refuses("AS-064", "An object that no meter has", "17", true, "7b 01 06 01 00 0b 0c 0c 01 80 2f 07 18 00 82 2f 07 18", 17),
        Refuses("AS-065", "A range that has no date", "18", true, "7b 01 06 01 00 0b 01 08 00 00 00 00 00 00 82 2f 07 18", 18),
        Refuses("AS-068", "A contract that is not active", "13", true, "85 00 06 01 00 88", 13),
        Refuses("AS-069", "Malformed data", "14", true, "66 00 06 01 00 34 00 80 21 07 18", 14),
        Refuses("AS-070", "A record of events that the meter does not have", "15", true,
            "66 00 06 01 00 fa 00 80 21 07 18 00 80 81 08 18", 15),
        Refuses("AS-071", "Contract object of unknown layout", "17", true, "96 01 05 01 00 86 c3", 17),
        Refuses("AS-066", "Wrong key", "4.3", false, "b7 01 06 01 00 00 02 00 00 00", 0x47),
        Refuses("AS-067", "Clock command without a date", "4.3", true, "b5 01 06 01 00 00 00 00 00 00 00 00 00", 0x47),
    ];

    private static Case Refused(string id, string title, Request request, string asked, byte cause, string? outcome = null) =>
        Master(id, title, "2.2, 4.2", "The first poll brings the mirrored request with the cause of a refusal.",
            "The exchange ends there, and the link stays up.",
            master => master.LoggedIn().Exchange(request, $"""
                -> {Down1(asked)}
                <- {Ack}
                -> {Poll0}
                <- {Up(Mirror(asked, cause))}
                ! {outcome ?? $"Refused, cause {cause}, link up"}
                """));

    private static Case Refuses(string id, string title, string what, bool loggedIn, string asked, byte cause) =>
        Slave(id, title, what.Contains('.', StringComparison.Ordinal) ? what : "2.2",
            loggedIn ? "The request follows a login." : "The request is sent outside a session.",
            cause < 0x40
                ? $"ACK, then the request mirrored with cause {cause}, then nothing more."
                : "ACK, then the request mirrored with cause 7 and P/N = 1.",
            slave => (loggedIn ? slave.LoggedIn() : slave).Follow($"""
                -> {Down1(asked)}
                <- {Ack}
                -> {Poll0}
                <- {Up(Mirror(asked, cause))}
                -> {Poll1}
                <- {NoData}
                """));
}
