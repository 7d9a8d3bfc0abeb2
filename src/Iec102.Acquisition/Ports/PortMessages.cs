using System.Diagnostics.CodeAnalysis;
using Akka.Actor;
using Iec102.Protocol.Application;
using Iec102.Protocol.Description;
using NodaTime;

namespace Iec102.Acquisition.Ports;

/// <summary>Who asks: decides the weight of a request in the port's turns.</summary>
public enum RequestClass
{
    /// <summary>An operator waits for it; weight 8.</summary>
    OnDemand,

    /// <summary>A client of the gateway, weight 8 shared by all of them.</summary>
    Gateway,

    /// <summary>Current values, and what a session needs (login, identity); weight 6.</summary>
    LiveValues,

    /// <summary>Clock checks and events; weight 2.</summary>
    ClockAndEvents,

    /// <summary>Load profiles; weight 2.</summary>
    History,
}

// Commands to the PortActor.

/// <summary>
/// A meter uses this port: its actor, the sender, is sent <see cref="PortStateChanged"/> and <see cref="LinkStateChanged"/>, beginning with
/// the present state.
/// </summary>
/// <param name="Meter">The meter's id.</param>
/// <param name="LinkAddress">Its link address.</param>
/// <param name="PointAddress">Its measurement point.</param>
public sealed record RegisterMeter(string Meter, ushort LinkAddress, ushort PointAddress);

/// <summary>The meter is gone: its waiting requests are dropped, and its actor is sent nothing more.</summary>
/// <param name="Meter">The meter's id.</param>
public sealed record UnregisterMeter(string Meter);

/// <summary>
/// One exchange with a meter; the sender gets exactly one <see cref="ExchangeEnded"/>. A login restarts the link unless somebody else has
/// restarted it since <paramref name="Epoch"/>; every other request fails with <see cref="ExchangeEnd.SessionLost"/> when the link is no
/// longer in <paramref name="Epoch"/>.
/// </summary>
/// <param name="Id">Comes back in every answer.</param>
/// <param name="Client">Who asks, the meter's id or a gateway client: clients of one class take turns.</param>
/// <param name="LinkAddress">The meter's link address.</param>
/// <param name="Request">What is asked.</param>
/// <param name="Class">The weight.</param>
/// <param name="Epoch">The link epoch of the session it belongs to; for a login, that of the session it replaces, 0 for none.</param>
/// <param name="Timeout">
/// How long the answer is worth having, from now: a request leaves the queue, or is given up on the wire, when it has passed.
/// </param>
public sealed record ExchangeRequest(
    RequestId Id, string Client, ushort LinkAddress, Request Request, RequestClass Class, int Epoch, TimeSpan Timeout)
{
    /// <summary>
    /// The sender is sent every ASDU of the meter as it arrives, with <see cref="AsduArrived"/>; <see cref="ExchangeEnded.Answers"/> then
    /// stays empty.
    /// </summary>
    public bool Streams { get; init; }

    /// <summary>How long it may hold the line once its turn has come; null for as long as <see cref="Timeout"/> allows.</summary>
    public TimeSpan? MaxHold { get; init; }

    /// <summary>
    /// The command that sets the meter's clock, made when its turn has come and sent in place of <see cref="Request"/>; null to send
    /// <see cref="Request"/>.
    /// </summary>
    public ClockWriting? Clock { get; init; }
}

/// <summary>
/// A request is no longer wanted. If it still waits, it leaves the queue; if it runs, it may end within 3 s, and is cut then: the meter
/// drops the rest when it is asked something else. Its end is not reported.
/// </summary>
/// <param name="Client">The client of the <see cref="ExchangeRequest"/>.</param>
/// <param name="Id">The id of the <see cref="ExchangeRequest"/>.</param>
public sealed record DropRequest(string Client, RequestId Id);

/// <summary>An operator wants an attempt now: a demoted link is probed, a port that is backing off opens its line.</summary>
/// <param name="LinkAddress">The link.</param>
public sealed record RetryNow(ushort LinkAddress);

/// <summary>
/// An operator wants the line closed for a while, so that somebody else can use it: the sessions are ended, the line is closed, and
/// requests fail until the pause is over. A second one changes its end. Answered by <see cref="PortOperated"/>.
/// </summary>
/// <param name="For">For how long.</param>
/// <param name="By">Who wants it.</param>
public sealed record PausePort(Duration For, string By);

/// <summary>An operator ends the pause. Answered by <see cref="PortOperated"/>.</summary>
public sealed record ResumePort;

/// <summary>
/// An operator wants the line closed and opened again at once, whatever state it is in; nothing happens while it is paused. Answered by
/// <see cref="PortOperated"/>.
/// </summary>
public sealed record ReconnectPort;

/// <summary>
/// Ends all sessions (187), closes the line, and then stops the port's actor for good; the running exchange is cut at its next frame, and
/// requests that wait or arrive meanwhile fail with <see cref="ExchangeEnd.PortLost"/>.
/// </summary>
public sealed record ReleasePort;

/// <summary>
/// Sends a watcher <see cref="FrameSeen"/> for every frame until the watcher ends. The port reports the frames of the meters' side, its
/// gateway those of its clients' side.
/// </summary>
/// <param name="Watcher">Who watches.</param>
public sealed record WatchFrames(IActorRef Watcher);

/// <summary>Asks for the last frames that have passed; answered by <see cref="RecentFrames"/>.</summary>
public sealed record GetRecentFrames;

// Answers and notices of the PortActor.

/// <summary>Answer to <see cref="PausePort"/>, <see cref="ResumePort"/> and <see cref="ReconnectPort"/>.</summary>
/// <param name="Pause">The pause; null when there is none.</param>
public sealed record PortOperated(PortPause? Pause);

/// <summary>A frame has passed, or octets have come in that are no valid frame; sent to watchers.</summary>
/// <param name="At">When.</param>
/// <param name="Client">Address of the gateway's client; null for a frame on the meters' line.</param>
/// <param name="Sent">It left this program.</param>
/// <param name="Frame">The frame in words, or the octets that are none; secrets masked.</param>
/// <param name="Octets">The octets in hexadecimal, those that may be secret as **.</param>
public sealed record FrameSeen(Instant At, string? Client, bool Sent, string Frame, string Octets)
{
    /// <summary>Puts octets into words.</summary>
    public static FrameSeen Of(Instant at, string? client, bool sent, ReadOnlySpan<byte> octets) =>
        new(at, client, sent, FrameDescription.TraceLine(octets), FrameDescription.ToMaskedHex(octets));
}

/// <summary>Answer to <see cref="GetRecentFrames"/>.</summary>
/// <param name="Frames">The frames of the meters' line and what else came on it, the oldest first.</param>
public sealed record RecentFrames(IReadOnlyList<FrameSeen> Frames);

/// <summary>How an <see cref="ExchangeRequest"/> ended.</summary>
public enum ExchangeEnd
{
    /// <summary>Everything that belongs to it has arrived.</summary>
    Completed,

    /// <summary>The meter refused: causes 13 to 18 or a negative confirmation.</summary>
    Refused,

    /// <summary>The meter does not answer; its link is demoted and probed until it does.</summary>
    NoAnswer,

    /// <summary>The answers no longer matched the requests; the session is lost, log in again.</summary>
    OutOfStep,

    /// <summary>The meter kept answering NACK or "service not working"; the session is lost.</summary>
    NotAccepted,

    /// <summary>The timeout passed, in the queue or on the wire.</summary>
    Expired,

    /// <summary>The meter sent more than was asked for, or for longer than its answer can take on this line; it was cut.</summary>
    Excess,

    /// <summary>The line is lost or cannot be opened.</summary>
    PortLost,

    /// <summary>The link was restarted since the session was opened; log in again.</summary>
    SessionLost,
}

/// <summary>Reads what an ASDU of one type holds; false when it is malformed or of another type.</summary>
internal delegate bool AsduReading<T>(in Asdu asdu, [MaybeNullWhen(false)] out T value);

/// <summary>The end of an exchange, with whatever arrived before it ended.</summary>
/// <param name="Id">The id of the <see cref="ExchangeRequest"/>.</param>
/// <param name="Request">The request.</param>
/// <param name="End">How it ended.</param>
/// <param name="Cause">The cause of a refusal.</param>
/// <param name="IsNegative">P/N of a refusal.</param>
/// <param name="Epoch">
/// The link epoch in which it ran; for a completed login, that of the new session; after <see cref="ExchangeEnd.SessionLost"/>, that of the
/// lost one.
/// </param>
/// <param name="Answers">The data ASDUs, header included, in the order of arrival; also of an exchange that was cut.</param>
/// <param name="StartedAt">When its first frame went out.</param>
/// <param name="EndedAt">When it ended.</param>
/// <param name="LastRoundTrip">From the last frame sent to its answer: the moment of a clock answer is uncertain by this.</param>
/// <param name="Error">One sentence for people when it did not complete.</param>
/// <param name="Rate">How fast this line carries octets.</param>
/// <param name="Sent">The request that its first frame carried, which may have been made only then; null when none was sent.</param>
public sealed record ExchangeEnded(
    RequestId Id, Request Request, ExchangeEnd End, CauseOfTransmission Cause, bool IsNegative, int Epoch, IReadOnlyList<byte[]> Answers,
    Instant StartedAt, Instant EndedAt, TimeSpan LastRoundTrip, string? Error, LineRate Rate, Request? Sent = null)
{
    /// <summary>
    /// What came over the line in place of an answer, after <see cref="ExchangeEnd.NoAnswer"/> or <see cref="ExchangeEnd.Expired"/> on the
    /// wire.
    /// </summary>
    public LineFault Fault { get; init; }

    /// <summary>Everything that belongs to it has arrived.</summary>
    public bool IsCompleted => End == ExchangeEnd.Completed;

    /// <summary>Reads what its first answer holds; false when it did not complete, or when there is no such answer.</summary>
    internal bool TryRead<T>(AsduReading<T> read, [MaybeNullWhen(false)] out T value)
    {
        value = default;
        return IsCompleted && Answers.Count > 0 && Asdu.TryRead(Answers[0], out var asdu) && read(asdu, out value);
    }
}

/// <summary>
/// An ASDU of a running exchange: data, mirror or refusal, octet for octet. Sent before the exchange ends, if
/// <see cref="ExchangeRequest.Streams"/> asks for it.
/// </summary>
/// <param name="Id">The id of the <see cref="ExchangeRequest"/> that it answers.</param>
/// <param name="Octets">The ASDU, header included.</param>
public sealed record AsduArrived(RequestId Id, byte[] Octets);

/// <summary>What a line can carry to and from a meter, for cutting history into chunks.</summary>
/// <param name="OctetsPerSecond">Measured over the last exchanges, both directions, pauses included.</param>
/// <param name="OthersWait">Other requests wait for this line.</param>
public readonly record struct LineRate(double OctetsPerSecond, bool OthersWait);

/// <summary>States of a port.</summary>
public enum PortState
{
    /// <summary>Nobody needs the line, or it was closed after its idle time; a request opens it.</summary>
    Closed,

    /// <summary>The line is being opened.</summary>
    Opening,

    /// <summary>The line is open.</summary>
    Open,

    /// <summary>The line was lost or could not be opened; the next attempt waits.</summary>
    BackingOff,

    /// <summary>The line is closed for a while, as an operator asked.</summary>
    Paused,

    /// <summary>Configured with enabled = false: there is no port actor, and the fleet reports the status in its place.</summary>
    Disabled,
}

/// <summary>The port changed its state. Sessions end when the line does.</summary>
/// <param name="State">The new state.</param>
/// <param name="Error">Why, when the line was lost or is paused.</param>
public sealed record PortStateChanged(PortState State, string? Error)
{
    /// <summary>What <see cref="Error"/> says, for programs.</summary>
    public LineFault Fault { get; init; }
}

/// <summary>A link was demoted, or answers again.</summary>
/// <param name="LinkAddress">The link.</param>
/// <param name="Answers">False: demoted, only probed; true: it answered a probe.</param>
/// <param name="NextProbe">When it is probed next, while it is demoted.</param>
public sealed record LinkStateChanged(ushort LinkAddress, bool Answers, Instant? NextProbe = null)
{
    /// <summary>Why it was demoted, in one sentence; null when it answers.</summary>
    public string? Error { get; init; }

    /// <summary>What <see cref="Error"/> says, for programs.</summary>
    public LineFault Fault { get; init; }
}

/// <summary>A demoted link was probed in vain.</summary>
/// <param name="LinkAddress">The link.</param>
/// <param name="NextProbe">When it is probed next.</param>
public sealed record LinkProbed(ushort LinkAddress, Instant NextProbe);

/// <summary>What a port has counted since it was started.</summary>
/// <param name="FramesSent">Frames sent, repeats included.</param>
/// <param name="FramesReceived">Good frames received.</param>
/// <param name="OctetsSent">Octets sent.</param>
/// <param name="OctetsReceived">Octets received.</param>
/// <param name="Repeats">Frames sent again.</param>
/// <param name="ChecksumErrors">Damaged frames.</param>
/// <param name="JunkOctets">Octets that belonged to no frame.</param>
/// <param name="Echoes">Own frames that came back.</param>
/// <param name="Timeouts">Answers that did not arrive in time.</param>
/// <param name="Reconnects">How often the line was opened again after it was lost.</param>
/// <param name="BusyRatio">Share of the last minute in which an exchange was running, 0 to 1.</param>
/// <param name="FailedConnects">How often the line could not be opened.</param>
/// <param name="BusyRatio15m">The same of the last 15 minutes.</param>
/// <param name="RoundTripP50Ms">Half of the answers of the last 15 to 30 minutes came within this time, to a fifth.</param>
/// <param name="RoundTripP99Ms">99 of 100 of them came within this time.</param>
public sealed record PortCounters(
    long FramesSent, long FramesReceived, long OctetsSent, long OctetsReceived, long Repeats, long ChecksumErrors, long JunkOctets,
    long Echoes, long Timeouts, long Reconnects, double BusyRatio, long FailedConnects = 0, double BusyRatio15m = 0,
    double? RoundTripP50Ms = null, double? RoundTripP99Ms = null)
{
    /// <summary>For what the line was used in the last minute; <see cref="BusyRatio"/> is the sum.</summary>
    public LineUse Use1m { get; init; } = LineUse.None;

    /// <summary>The same of the last 15 minutes; <see cref="BusyRatio15m"/> is the sum.</summary>
    public LineUse Use15m { get; init; } = LineUse.None;

    /// <summary>What failed in the last 15 minutes.</summary>
    public LineErrors Errors15m { get; init; } = new(0, 0, 0, 0);
}

/// <summary>Shares of a time, 0 to 1, in which an exchange was running on a line.</summary>
/// <param name="CurrentValues">For current values, and what a session needs: login, identity.</param>
/// <param name="Curves">For load profiles.</param>
/// <param name="Facts">For clock checks, events, tariffs and what else is read of a meter.</param>
/// <param name="Gateway">For clients of the gateway.</param>
/// <param name="OnDemand">For what operators wait for.</param>
/// <param name="Port">For probes and the ends of sessions.</param>
public sealed record LineUse(double CurrentValues, double Curves, double Facts, double Gateway, double OnDemand, double Port)
{
    /// <summary>No use.</summary>
    public static readonly LineUse None = new(0, 0, 0, 0, 0, 0);

    internal double Total => Math.Min(1, CurrentValues + Curves + Facts + Gateway + OnDemand + Port);
}

/// <summary>What failed on a line in a time.</summary>
/// <param name="FramesSent">The frames sent in this time, with which to compare the rest.</param>
/// <param name="Timeouts">Answers that did not arrive in time.</param>
/// <param name="ChecksumErrors">Damaged frames.</param>
/// <param name="FailedConnects">How often the line could not be opened.</param>
public sealed record LineErrors(int FramesSent, int Timeouts, int ChecksumErrors, int FailedConnects);

/// <summary>A port as operators see it; sent to the live state when the state changes, else at most once a second.</summary>
/// <param name="Id">The port's id.</param>
/// <param name="Kind">tcp or serial.</param>
/// <param name="Address">Where it leads.</param>
/// <param name="State">Its state.</param>
/// <param name="Since">Since when it is in that state; while its line fails, since when that is so, whatever was tried meanwhile.</param>
/// <param name="LastError">The last error of the line, if any.</param>
/// <param name="Counters">What it has counted.</param>
public sealed record PortStatus(
    string Id, string Kind, string Address, PortState State, Instant Since, string? LastError, PortCounters Counters)
{
    internal static readonly Duration Steady = Duration.FromMinutes(1);

    /// <summary>Whether its line is a call through a modem.</summary>
    public bool IsDialled { get; init; }

    /// <summary>Since when its line fails; null while it works: a valid frame has come, or it was never lost.</summary>
    public Instant? DownSince { get; init; }

    /// <summary>When <see cref="LastError"/> happened.</summary>
    public Instant? LastErrorAt { get; init; }

    /// <summary>The pause that an operator asked for; null when there is none.</summary>
    public PortPause? Pause { get; init; }

    /// <summary>When the line is opened again; null unless it is backing off.</summary>
    public Instant? NextTry { get; init; }

    /// <summary>When it entered its state.</summary>
    public Instant EnteredAt { get; init; }

    /// <summary>Whether its line has been open for a minute: it works, even if nobody answers on it.</summary>
    public bool HasStayedOpen(Instant now) => State == PortState.Open && now - EnteredAt >= Steady;

    /// <summary>
    /// What is wrong with the line; <see cref="LineFault.None"/> once a valid frame of the far end has come, whatever
    /// <see cref="LastError"/> says.
    /// </summary>
    public LineFault Fault { get; init; }

    /// <summary>How often in a row the line was lost, given up, or could not be opened, since a valid frame of the far end came.</summary>
    public int Failures { get; init; }
}
