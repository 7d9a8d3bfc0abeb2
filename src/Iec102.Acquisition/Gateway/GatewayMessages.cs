using Akka.Actor;
using Iec102.Acquisition.Ports;
using Iec102.Fleet;
using Iec102.Lines.Tcp;
using NodaTime;

namespace Iec102.Acquisition.Gateway;

/// <summary>A configured meter of the gateway's port, as its clients see it.</summary>
/// <param name="Id">The meter's id.</param>
/// <param name="LinkAddress">Its link address.</param>
/// <param name="PointAddress">Its measurement point.</param>
/// <param name="Password">The key of its login, which clients use too unless the gateway has keys of its own.</param>
/// <param name="IsEnabled">Whether clients can reach it.</param>
public sealed record GatewayMeter(string Id, ushort LinkAddress, ushort PointAddress, Secret Password, bool IsEnabled);

/// <summary>A meter of the gateway's port, and the actor that passes on requests to it.</summary>
/// <param name="Meter">The meter.</param>
/// <param name="Actor">Its actor, which keeps the session with it; null when the meter is disabled.</param>
public sealed record ServedMeter(GatewayMeter Meter, IActorRef? Actor)
{
    /// <summary>A meter, enabled when it has an actor.</summary>
    public static ServedMeter Of(MeterConfiguration meter, IActorRef? actor) =>
        new(new GatewayMeter(meter.Id, meter.LinkAddress, meter.PointAddress, meter.Password, actor is not null), actor);
}

// Commands to the listener and its sessions.

/// <summary>These are the meters of the port now; clients of unchanged meters are not disturbed.</summary>
/// <param name="Meters">The meters.</param>
public sealed record ServeMeters(ValueList<ServedMeter> Meters);

// What the listener reports to the live state.

/// <summary>What a gateway, or one client of it, has counted.</summary>
/// <param name="Requests">Requests of clients; logins and ends of sessions are not counted.</param>
/// <param name="Refused">Requests and logins that the gateway itself refused.</param>
/// <param name="WrongKeys">Logins with a wrong key.</param>
/// <param name="Unanswered">Requests that got silence because the line or the meter failed.</param>
/// <param name="Overflows">Answers dropped, and clients disconnected, because clients did not fetch what they had asked for.</param>
/// <param name="TimedOut">Clients disconnected because they sent nothing.</param>
/// <param name="FramesReceived">Good frames from clients.</param>
/// <param name="FramesSent">Frames sent to clients.</param>
/// <param name="ChecksumErrors">Damaged frames from clients.</param>
/// <param name="JunkOctets">Octets from clients that belonged to no frame.</param>
public readonly record struct GatewayCounters(
    long Requests, long Refused, long WrongKeys, long Unanswered, long Overflows, long TimedOut, long FramesReceived, long FramesSent,
    long ChecksumErrors, long JunkOctets)
{
    /// <summary>The sum, count by count.</summary>
    public static GatewayCounters operator +(GatewayCounters a, GatewayCounters b) => new(
        a.Requests + b.Requests, a.Refused + b.Refused, a.WrongKeys + b.WrongKeys,
        a.Unanswered + b.Unanswered, a.Overflows + b.Overflows, a.TimedOut + b.TimedOut,
        a.FramesReceived + b.FramesReceived, a.FramesSent + b.FramesSent, a.ChecksumErrors + b.ChecksumErrors, a.JunkOctets + b.JunkOctets);

    /// <summary>The sum, count by count.</summary>
    public static GatewayCounters Add(GatewayCounters left, GatewayCounters right) => left + right;
}

/// <summary>A connected client.</summary>
/// <param name="Address">Its address and TCP port.</param>
/// <param name="Since">Since when it is connected.</param>
/// <param name="Meters">The meters it has logged in to.</param>
/// <param name="Counters">What it did.</param>
public sealed record GatewayClient(string Address, Instant Since, ValueList<string> Meters, GatewayCounters Counters);

/// <summary>A gateway as operators see it; sent to the live state when it changes, at most once a second.</summary>
/// <param name="Port">The port's id.</param>
/// <param name="Listen">Where it listens.</param>
/// <param name="Error">Why it does not listen; null when it does.</param>
/// <param name="Clients">Who is connected, in the order of arrival.</param>
/// <param name="Connections">Clients admitted since the start.</param>
/// <param name="NotAllowed">Clients turned away because their address is not allowed.</param>
/// <param name="TooMany">Clients turned away because as many as allowed were connected.</param>
/// <param name="Counters">What all clients did, including those that are gone.</param>
public sealed record GatewayStatus(
    string Port, string Listen, string? Error, ValueList<GatewayClient> Clients, long Connections, long NotAllowed, long TooMany,
    GatewayCounters Counters);

// Between the listener and its sessions.

/// <summary>A client has connected.</summary>
internal sealed record ClientArrived(TcpLine Line);

/// <summary>No client can be let in at present.</summary>
internal sealed record NobodyLetIn(string Error);

/// <summary>A client has tried to log in to a meter; answered by <see cref="LoginJudged"/>.</summary>
internal sealed record LoginTried(RequestId Id, string Meter, bool KeyFits, ClientAddress Client);

/// <summary>How long the answer to a login must wait.</summary>
internal sealed record LoginJudged(RequestId Id, TimeSpan Delay);

/// <summary>What a session has done so far.</summary>
/// <param name="Client">The client.</param>
/// <param name="Host">Its host.</param>
/// <param name="PausedUntil">Until when requests wait, on any connection of the host, because answers were abandoned.</param>
internal sealed record ClientReport(GatewayClient Client, string Host, TimeSpan PausedUntil);
