using Iec102.Protocol.Application;
using static Iec102.Conformance.Tests.Case;
using static Iec102.Conformance.Tests.Wire;

namespace Iec102.Conformance.Tests;

/// <summary>The master's link layer: start-up, frame count bit, repeats, busy meters (protocol notes 1.2 to 1.6).</summary>
internal static class LinkMasterCases
{
    /// <summary>Link reset and login as both stations perform them.</summary>
    public const string StartUp = """
        -> 10 49 01 00 4a 16
        <- 10 0b 01 00 0c 16
        -> 10 40 01 00 41 16
        <- 10 00 01 00 01 16
        -> 68 0d 0d 68 73 01 00 b7 01 06 01 00 00 01 00 00 00 34 16
        <- 10 00 01 00 01 16
        -> 10 5b 01 00 5c 16
        <- 68 0d 0d 68 08 01 00 b7 01 07 01 00 00 01 00 00 00 ca 16
        """;

    /// <summary>Reading the clock after a login.</summary>
    public const string ReadClock = """
        -> 68 09 09 68 73 01 00 67 00 05 01 00 00 e1 16
        <- 10 00 01 00 01 16
        -> 10 5b 01 00 5c 16
        <- 68 10 10 68 08 01 00 48 01 05 01 00 00 fa 78 0f 0a 7b 03 18 79 16
        """;

    private const string ClockRequest = "68 09 09 68 73 01 00 67 00 05 01 00 00 e1 16";
    private const string Clock = "68 10 10 68 08 01 00 48 01 05 01 00 00 fa 78 0f 0a 7b 03 18 79 16";
    private const string ClockRead = """
        = 2024-03-27 10:15:30.250 W
        ! Completed, cause 5, link up
        """;

    public static IEnumerable<Case> All =>
    [
        Master("LM-01", "Start-up order", "1.5, 1.7", "The link is down; the master is told to log in.",
            "FC9, then FC0, then the login with FCB = 1, a poll with FCB = 0; the mirror with cause 7 ends the exchange.",
            master =>
            {
                master.Ask(Request.Login(1, 1), restartLink: true);
                master.Follow($"{StartUp}\n! Completed, cause 7, link up");
            }),

        Master("LM-02", "Start-up with a meter that is silent", "1.4, 1.6", "No frame is answered.",
            "FC9 is repeated three times, each time after 5 s; then the link is given up.",
            master =>
            {
                master.Ask(Request.Login(1, 1), restartLink: true);
                master.Follow("""
                    -> 10 49 01 00 4a 16
                    .. 5 s without an answer
                    -> 10 49 01 00 4a 16
                    .. 5 s without an answer
                    -> 10 49 01 00 4a 16
                    .. 5 s without an answer
                    -> 10 49 01 00 4a 16
                    .. 5 s without an answer
                    ! NoAnswer, link down
                    """);
            }),

        Master("LM-03", "Frame count bit", "1.4, 1.7", "After a login the clock is read, then two hours, then the session is ended.",
            "FCB alternates on every new frame, FC3 and FC11 alike: 1 0 1 0 1 0 0 1 after the login's 1 0.",
            master =>
            {
                master.LoggedIn();
                master.Exchange(Request.ReadCurrentTime(1), $"{ReadClock}\n{ClockRead}");
                master.Exchange(MasterSeriesCases.Increments, MasterSeriesCases.TwoHours);
                master.Exchange(Request.EndSession(1), """
                    -> 68 09 09 68 53 01 00 bb 00 06 01 00 00 16 16
                    <- 10 00 01 00 01 16
                    -> 10 7b 01 00 7c 16
                    <- 68 09 09 68 08 01 00 bb 00 07 01 00 00 cc 16
                    ! Completed, cause 7, link up
                    """);
            }),

        Master("LM-04", "Repeat of a request", "1.4", "The acknowledgement of a request is lost.",
            "The same octets are sent again with the same FCB.",
            master => master.LoggedIn().Exchange(Request.ReadCurrentTime(1), $"""
                -> {ClockRequest}
                .. 5 s without an answer
                -> {ClockRequest}
                <- {Ack}
                .. 0.2 s in which a second answer may come
                -> {Poll0}
                <- {Clock}
                {ClockRead}
                """)),

        Master("LM-05", "Repeat of a poll", "1.4, 1.7", "The answer to a poll is lost.",
            "The poll is repeated with the same FCB; the answer counts once.",
            master => master.LoggedIn().Exchange(Request.ReadCurrentTime(1), $"""
                -> {ClockRequest}
                <- {Ack}
                -> {Poll0}
                .. 5 s without an answer
                -> {Poll0}
                <- {Clock}
                {ClockRead}
                """)),

        Master("LM-06", "Limit of repeats", "1.4", "A poll is never answered.",
            "After three repeats the exchange fails and the link is down.",
            master => master.LoggedIn().Exchange(Request.ReadCurrentTime(1), $"""
                -> {ClockRequest}
                <- {Ack}
                -> {Poll0}
                .. 5 s without an answer
                -> {Poll0}
                .. 5 s without an answer
                -> {Poll0}
                .. 5 s without an answer
                -> {Poll0}
                .. 5 s without an answer
                ! NoAnswer, link down
                """)),

        Master("LM-07", "NACK", "1.3, 4.2", "A request is answered with FC1.",
            "After a pause the same request is sent as a new frame, with the other FCB.",
            master => master.LoggedIn().Exchange(Request.ReadCurrentTime(1), $"""
                -> {ClockRequest}
                <- 10 01 01 00 02 16
                .. 0.5 s pause
                -> 68 09 09 68 53 01 00 67 00 05 01 00 00 c1 16
                <- {Ack}
                -> {Poll1}
                <- {Clock}
                {ClockRead}
                """)),

        Master("LM-08", "Receive buffer full (DFC)", "1.3", "A request is acknowledged with DFC = 1.", "The poll is sent after a pause.",
            master => master.LoggedIn().Exchange(Request.ReadCurrentTime(1), $"""
                -> {ClockRequest}
                <- 10 10 01 00 11 16
                .. 0.5 s pause
                -> {Poll0}
                <- {Clock}
                {ClockRead}
                """)),

        Master("LM-09", "Receive buffer full at start-up", "1.3, 1.5", "The link status has DFC = 1.",
            "The status is requested again after a pause, before the reset.",
            master =>
            {
                master.Ask(Request.Login(1, 1), restartLink: true);
                master.Follow($"""
                    -> 10 49 01 00 4a 16
                    <- 10 1b 01 00 1c 16
                    .. 0.5 s pause
                    {StartUp}
                    ! Completed, cause 7, link up
                    """);
            }),

        Master("LM-10", "No data yet (FC9)", "1.6", "The first three polls are answered with FC9.",
            "The poll is sent again with alternating FCB after pauses that double up to 2 s.",
            master => master.LoggedIn().Exchange(Request.ReadCurrentTime(1), $"""
                -> {ClockRequest}
                <- {Ack}
                -> {Poll0}
                <- {NoData}
                .. 0.5 s pause
                -> {Poll1}
                <- {NoData}
                .. 1 s pause
                -> {Poll0}
                <- {NoData}
                .. 2 s pause
                -> {Poll1}
                <- {Clock}
                {ClockRead}
                """)),

        Master("LM-11", "Single-character acknowledgement", "1.2", "A request is acknowledged with 0xE5.", "It is accepted as an ACK.",
            master => master.LoggedIn().Exchange(Request.ReadCurrentTime(1), $"""
                -> {ClockRequest}
                <- e5
                -> {Poll0}
                <- {Clock}
                {ClockRead}
                """)),

        Master("LM-12", "Link service not working (FC14)", "1.3", "A request is answered with FC14.",
            "The exchange ends; the next exchange restarts the link.",
            master => master.LoggedIn().Exchange(Request.ReadCurrentTime(1), $"""
                -> {ClockRequest}
                <- 10 0e 01 00 0f 16
                ! NotAccepted, link down
                """)),

        Master("LM-13", "Link service not used (FC15)", "1.3", "A request is answered with FC15.",
            "The exchange ends; the next exchange restarts the link.",
            master => master.LoggedIn().Exchange(Request.ReadCurrentTime(1), $"""
                -> {ClockRequest}
                <- 10 0f 01 00 10 16
                ! NotAccepted, link down
                """)),

        Master("LM-14", "Access demand (ACD)", "1.3", "An acknowledgement has ACD = 1.",
            "It is ignored: there is no class 1 in the profile.",
            master => master.LoggedIn().Exchange(Request.ReadCurrentTime(1), $"""
                -> {ClockRequest}
                <- 10 20 01 00 21 16
                -> {Poll0}
                <- {Clock}
                {ClockRead}
                """)),

        Master("LM-15", "Own frame comes back", "1.2", "The line echoes the request before it is acknowledged.", "The echo is dropped.",
            master => master.LoggedIn().Exchange(Request.ReadCurrentTime(1), $"""
                -> {ClockRequest}
                <- {ClockRequest}
                <- {Ack}
                -> {Poll0}
                <- {Clock}
                {ClockRead}
                """)),

        Master("LM-16", "Second answer after a repeat", "1.4", "Both the poll and its repeat are answered.",
            "The second answer is dropped and the next request stays in step.",
            master =>
            {
                master.LoggedIn();
                master.Exchange(Request.ReadCurrentTime(1), $"""
                    -> {ClockRequest}
                    <- {Ack}
                    -> {Poll0}
                    .. 5 s without an answer
                    -> {Poll0}
                    <- {Clock}
                    {ClockRead}
                    <- {Clock}
                    """);
                master.Exchange(Request.ReadCurrentTime(1), $"{ReadClock}\n{ClockRead}");
            }),
    ];
}
