using Iec102.Protocol.Link;
using NodaTime;
using static Iec102.Conformance.Tests.Case;
using static Iec102.Conformance.Tests.Wire;

namespace Iec102.Conformance.Tests;

/// <summary>The slave's link layer (protocol notes 1.2 to 1.5).</summary>
internal static class LinkSlaveCases
{
    private const string Status = """
        -> 10 49 01 00 4a 16
        <- 10 0b 01 00 0c 16
        """;
    private const string Reset = """
        -> 10 40 01 00 41 16
        <- 10 00 01 00 01 16
        """;
    private const string Login = """
        -> 68 0d 0d 68 73 01 00 b7 01 06 01 00 00 01 00 00 00 34 16
        <- 10 00 01 00 01 16
        -> 10 5b 01 00 5c 16
        <- 68 0d 0d 68 08 01 00 b7 01 07 01 00 00 01 00 00 00 ca 16
        """;

    public static IEnumerable<Case> All =>
    [
        Slave("LS-01", "Start-up FC9, FC0", "1.5", "The master asks for the status, resets the link and logs in.",
            "Status, ACK, session open.",
            slave => slave.Follow($"{Status}\n{Reset}\n{Login}")),
        Slave("LS-02", "Start-up FC9, FC0, FC9", "1.5", "The master asks for the status again after the reset.",
            "Status, ACK, status, session open.",
            slave => slave.Follow($"{Status}\n{Reset}\n{Status}\n{Login}")),
        Slave("LS-03", "No start-up", "1.4, 1.5", "The master begins with the login, FCB = 1.", "Session open.",
            slave => slave.Follow(Login)),
        Slave("LS-04", "Login during a session without a reset", "1.4", "A login comes with FCB = 1 although FCB = 0 is expected.",
            "It begins a session; no old answer is sent.",
            slave =>
            {
                slave.LoggedIn();
                slave.Follow($"""
                    -> 68 09 09 68 73 01 00 67 00 05 01 00 00 e1 16
                    <- {Ack}
                    {Login}
                    """);
            }),

        Slave("LS-05", "Complete session", "1.7", "The session of the notes, octet for octet.", "The answers of the notes.",
            slave =>
            {
                slave.At("2024-03-27T10:15:30.25+01:00").Options =
                    slave.Options with { Behaviour = new() { SessionIdle = Duration.FromDays(1000) } };
                slave.Follow($"{LinkMasterCases.StartUp}\n{LinkMasterCases.ReadClock}");
                slave.At("2024-07-15T02:30:00+02:00").Follow($"""
                    {MasterSeriesCases.TwoHours}
                    -> 68 09 09 68 53 01 00 bb 00 06 01 00 00 16 16
                    <- {Ack}
                    -> {Poll1}
                    <- 68 09 09 68 08 01 00 bb 00 07 01 00 00 cc 16
                    """);
            }),

        Slave("LS-06", "Repeat of a poll", "1.4", "A poll comes twice with the same FCB.",
            "The last answer is sent again, octet for octet; the series does not advance.",
            slave =>
            {
                slave.LoggedIn();
                slave.Follow($"""
                    -> {MasterSeriesCases.IncrementsFrame}
                    <- {Ack}
                    -> {Poll0}
                    <- {MasterSeriesCases.IncrementsConfirmed}
                    -> {Poll1}
                    <- {MasterSeriesCases.Hour1}
                    -> {Poll1}
                    <- {MasterSeriesCases.Hour1}
                    -> {Poll0}
                    <- {MasterSeriesCases.Hour2}
                    """);
            }),
        Slave("LS-07", "Repeat of a request", "1.4", "A request comes twice with the same FCB.",
            "It is acknowledged twice and processed once.",
            slave =>
            {
                slave.LoggedIn();
                slave.Follow($"""
                    -> {MasterSeriesCases.IncrementsFrame}
                    <- {Ack}
                    -> {MasterSeriesCases.IncrementsFrame}
                    <- {Ack}
                    -> {Poll0}
                    <- {MasterSeriesCases.IncrementsConfirmed}
                    """);
            }),
        Slave("LS-08", "Status request between a poll and its repeat", "1.4", "FC9 arrives between a poll and its repeat.",
            "FC9 leaves the frame count bit unchanged: the repeat gets its answer.",
            slave =>
            {
                slave.LoggedIn();
                slave.Follow($"""
                    {Status}
                    -> {Poll0}
                    <- 68 0d 0d 68 08 01 00 b7 01 07 01 00 00 01 00 00 00 ca 16
                    -> {Poll1}
                    <- {NoData}
                    """);
            }),
        Slave("LS-09", "First counted frame with FCB = 0", "1.4", "After a reset the first poll has FCB = 0.",
            "It counts as a repeat of nothing: silence. FCB = 1 is answered.",
            slave => slave.Follow($"""
                {Reset}
                -> {Poll0}
                <- silence
                -> {Poll1}
                <- {NoData}
                """)),
        Slave("LS-10", "Reset ends the session", "1.4", "FC0 arrives in the middle of a series.",
            "The rest of the series is dropped, and without a login the next request is refused (cause 13).",
            slave =>
            {
                slave.LoggedIn();
                slave.Follow($"""
                    -> {MasterSeriesCases.IncrementsFrame}
                    <- {Ack}
                    -> {Poll0}
                    <- {MasterSeriesCases.IncrementsConfirmed}
                    {Reset}
                    -> {Poll1}
                    <- {NoData}
                    -> {Down0("67 00 05 01 00 00")}
                    <- {Ack}
                    -> {Poll1}
                    <- {Up("67 00 0d 01 00 00")}
                    """);
            }),
        Slave("LS-11", "New request during a series", "9", "A request arrives while a series is only partly sent.",
            "The old answers are dropped.",
            slave =>
            {
                slave.At("2024-03-27T10:15:30.25+01:00").LoggedIn();
                slave.Follow($"""
                    -> {MasterSeriesCases.IncrementsFrame}
                    <- {Ack}
                    -> {Poll0}
                    <- {MasterSeriesCases.IncrementsConfirmed}
                    -> {Down1("67 00 05 01 00 00")}
                    <- {Ack}
                    -> {Poll0}
                    <- 68 10 10 68 08 01 00 48 01 05 01 00 00 fa 78 0f 0a 7b 03 18 79 16
                    """);
            }),
        Slave("LS-12", "Poll after the end", "4.2", "A poll arrives after the last answer.", "FC9, no data.",
            slave =>
            {
                slave.LoggedIn();
                slave.Follow($"""
                    -> {Poll1}
                    <- {NoData}
                    """);
            }),
        Slave("LS-13", "Class 1 poll (FC10)", "1.3", "FC10 with FCB = 1.", "FC9, no data: there is no class 1 in the profile.",
            slave => slave.Follow($"""
                {Reset}
                -> 10 7a 01 00 7b 16
                <- {NoData}
                """)),

        Unanswered("LS-20", "Wrong checksum", "10 49 01 00 4b 16"),
        Unanswered("LS-21", "Wrong end octet", "10 49 01 00 4a 17"),
        Unanswered("LS-22", "Two lengths that differ", "68 0d 0e 68 73 01 00 b7 01 06 01 00 00 01 00 00 00 34 16"),
        Unanswered("LS-23", "Wrong second start octet", "68 0d 0d 67 73 01 00 b7 01 06 01 00 00 01 00 00 00 34 16"),
        Unanswered("LS-24", "Another link address", "10 49 02 00 4b 16"),
        Unanswered("LS-25", "Link address 65535", "10 49 ff ff 47 16"),
        Unanswered("LS-26", "Frame of a meter (PRM = 0)", "10 0b 01 00 0c 16"),
        Unanswered("LS-27", "FC1, reset of the process", "10 41 01 00 42 16"),
        Unanswered("LS-28", "FC2, test of the link", "10 52 01 00 53 16"),
        Unanswered("LS-29", "FC4, send without reply", Variable(0x44, "67 00 05 01 00 00")),
        Unanswered("LS-30", "FC8, access demand", "10 48 01 00 49 16"),
        Unanswered("LS-31", "User data in a fixed frame", "10 73 01 00 74 16"),
        Unanswered("LS-32", "User data without frame count (FCV = 0)", Variable(0x43, "67 00 05 01 00 00")),
        Unanswered("LS-33", "Single character 0xE5", "e5"),

        Slave("LS-34", "Junk before a frame", "8", "Octets that belong to no frame precede FC9.", "They are skipped; FC9 is answered.",
            slave => slave.Follow("""
                -> ff ff 68 10 49 01 00 4a 16
                <- 10 0b 01 00 0c 16
                """)),
        Slave("LS-35", "Busy: NACK", "1.3", "The application first rejects a request, then accepts it.",
            "FC1; the same request as a new frame is acknowledged.",
            slave =>
            {
                slave.Application = new BusyApplication(RequestVerdict.Reject, RequestVerdict.Accept);
                slave.Follow($"""
                    {Reset}
                    -> {Down1("bb 00 06 01 00 00")}
                    <- 10 01 01 00 02 16
                    -> {Down0("bb 00 06 01 00 00")}
                    <- {Ack}
                    -> {Poll1}
                    <- {Up("bb 00 07 01 00 00")}
                    """);
            }),
        Slave("LS-36", "Busy: DFC", "1.3", "The application accepts a request but no further one for now.",
            "ACK with DFC = 1; the repeat gets the same octet.",
            slave =>
            {
                slave.Application = new BusyApplication(RequestVerdict.AcceptBusy);
                slave.Follow($"""
                    {Reset}
                    -> {Down1("bb 00 06 01 00 00")}
                    <- 10 10 01 00 11 16
                    -> {Down1("bb 00 06 01 00 00")}
                    <- 10 10 01 00 11 16
                    -> {Poll0}
                    <- {Up("bb 00 07 01 00 00")}
                    """);
            }),
    ];

    private static Case Unanswered(string id, string title, string frame) =>
        Slave(id, title, "1.2 to 1.4", "The frame arrives, then a valid FC9.", "Silence; the FC9 after it is answered.",
            slave => slave.Follow($"""
                -> {frame}
                <- silence
                {Status}
                """));
}
