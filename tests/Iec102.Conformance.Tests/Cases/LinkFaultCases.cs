using Iec102.Protocol.Application;
using static Iec102.Conformance.Tests.Case;
using static Iec102.Conformance.Tests.Wire;

namespace Iec102.Conformance.Tests;

/// <summary>
/// Damaged frames and foreign octets at the master (protocol notes 1.2 and 8): in each case the clock is read, and one answer is damaged.
/// </summary>
internal static class LinkFaultCases
{
    private const string ClockRequest = "68 09 09 68 73 01 00 67 00 05 01 00 00 e1 16";
    private const string Clock = "68 10 10 68 08 01 00 48 01 05 01 00 00 fa 78 0f 0a 7b 03 18 79 16";
    private const string ClockRead = """
        = 2024-03-27 10:15:30.250 W
        ! Completed, cause 5, link up
        """;

    public static IEnumerable<Case> All =>
    [
        Damaged("LM-20", "Wrong checksum", "68 10 10 68 08 01 00 48 01 05 01 00 00 fa 78 0f 0a 7b 03 18 7a 16"),
        Damaged("LM-21", "Two lengths that differ", "68 10 11 68 08 01 00 48 01 05 01 00 00 fa 78 0f 0a 7b 03 18 79 16"),
        Damaged("LM-22", "Wrong second start octet", "68 10 10 69 08 01 00 48 01 05 01 00 00 fa 78 0f 0a 7b 03 18 79 16"),
        Damaged("LM-23", "Wrong end octet", "68 10 10 68 08 01 00 48 01 05 01 00 00 fa 78 0f 0a 7b 03 18 79 17"),
        Damaged("LM-24", "Frame cut short", "68 10 10 68 08 01 00 48 01 05 01 00 00 fa 78"),
        Damaged("LM-25", "Length too small for an ASDU", "68 08 08 68 08 01 00 48 01 05 01 00 58 16"),
        Damaged("LM-26", "Fixed frame with a wrong checksum", "10 09 01 00 0b 16"),
        Damaged("LM-27", "Another link address", "68 10 10 68 08 02 00 48 01 05 01 00 00 fa 78 0f 0a 7b 03 18 7a 16"),
        Damaged("LM-28", "Link address 65535", "68 10 10 68 08 ff ff 48 01 05 01 00 00 fa 78 0f 0a 7b 03 18 76 16"),

        Junk("LM-30", "Junk octets ahead of a frame", "8", "0xFF octets precede the answer.", $"ff ff ff ff {Clock}"),
        Junk("LM-31", "Modbus answer in the stream", "8", "A Modbus RTU answer to another program precedes the answer.",
            $"01 04 04 00 00 00 10 fa 48 {Clock}"),
        Junk("LM-32", "False start ahead of a frame", "1.2",
            "The octets 68 10 10 precede the answer, whose own start is then hidden in a false frame.", $"68 10 10 {Clock}"),
        Junk("LM-33", "Two frames at once", "1.2", "The answer of another link address arrives together with the expected answer.",
            $"10 09 02 00 0b 16 {Clock}"),

        Master("LM-34", "Frame in single octets", "1.2", "The answer arrives octet by octet.", "The frame is assembled.",
            master => master.LoggedIn().Exchange(Request.ReadCurrentTime(1), $"""
                -> {ClockRequest}
                <- {Ack}
                -> {Poll0}
                {string.Join('\n', Clock.Split(' ').Select(octet => $"<- {octet}"))}
                {ClockRead}
                """)),

        Master("LM-35", "Bad data at the handshake", "8", "Octets of an old answer arrive instead of the link status.",
            "FC9 is repeated; the start-up continues.",
            master =>
            {
                master.Ask(Request.Login(1, 1), restartLink: true);
                master.Follow($"""
                    -> 10 49 01 00 4a 16
                    <- 0f 0a 7b 03 18 79 16
                    <- {Clock}
                    .. 4.8 s without a good answer
                    -> 10 49 01 00 4a 16
                    <- 10 0b 01 00 0c 16
                    .. 5 s in which a second answer may come
                    {LinkMasterCases.StartUp[(LinkMasterCases.StartUp.IndexOf("-> 10 40", StringComparison.Ordinal))..]}
                    ! Completed, cause 7, link up
                    """);
            }),

        Master("LM-36", "An answer that does not fit", "1.4, 9", "A poll is answered with the link status, which was not requested.",
            "The two stations are out of step: the exchange fails and the link is restarted.",
            master => master.LoggedIn().Exchange(Request.ReadCurrentTime(1), $"""
                -> {ClockRequest}
                <- {Ack}
                -> {Poll0}
                <- 10 0b 01 00 0c 16
                ! OutOfStep, link down
                """)),
    ];

    /// <summary>
    /// A case in which a damaged answer is dropped, the poll is repeated with the same FCB, and the undamaged answer is accepted.
    /// </summary>
    private static Case Damaged(string id, string title, string answer) =>
        Master(id, title, "1.2, 1.4", "The answer to a poll is not a valid frame of link 1.",
            "It is dropped; the poll is repeated with the same FCB.",
            master => master.LoggedIn().Exchange(Request.ReadCurrentTime(1), $"""
                -> {ClockRequest}
                <- {Ack}
                -> {Poll0}
                <- {answer}
                .. 4.9 s without a good answer
                -> {Poll0}
                <- {Clock}
                {ClockRead}
                """));

    private static Case Junk(string id, string title, string clause, string procedure, string answer) =>
        Master(id, title, clause, procedure, "Skipped up to the next frame; the answer counts and nothing is repeated.",
            master => master.LoggedIn().Exchange(Request.ReadCurrentTime(1), $"""
                -> {ClockRequest}
                <- {Ack}
                -> {Poll0}
                <- {answer}
                {ClockRead}
                """));
}
