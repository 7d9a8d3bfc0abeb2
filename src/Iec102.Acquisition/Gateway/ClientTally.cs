using System.Net;
using Iec102.Protocol.Link;
using NodaTime;

namespace Iec102.Acquisition.Gateway;

/// <summary>Where a client comes from.</summary>
/// <param name="Host">Its address.</param>
/// <param name="Port">Its TCP port.</param>
internal sealed record ClientAddress(string Host, int Port)
{
    public static ClientAddress Of(IPEndPoint farEnd) =>
        new((farEnd.Address.IsIPv4MappedToIPv6 ? farEnd.Address.MapToIPv4() : farEnd.Address).ToString(), farEnd.Port);

    /// <summary>Its name in the port's turns, in which a meter goes by its id.</summary>
    public string Name => $"client {this}";

    public override string ToString() => Host.Contains(':') ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}

/// <summary>Counts what a client does, and remembers what the log has already said about it.</summary>
internal sealed class ClientTally(ClientAddress client, Instant since)
{
    // More kinds of news than any honest client causes.
    private const int MaxNews = 256;

    private readonly SortedSet<string> _meters = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _said = new(StringComparer.Ordinal);
    private long _checksumErrors;
    private long _junkOctets;

    public long Requests { get; set; }

    public long Refused { get; set; }

    public long WrongKeys { get; set; }

    public long Unanswered { get; set; }

    public long Overflows { get; set; }

    public long TimedOut { get; set; }

    public long FramesReceived { get; set; }

    public long FramesSent { get; set; }

    public GatewayClient Client => new(
        client.ToString(), since, [.. _meters],
        new GatewayCounters(
            Requests, Refused, WrongKeys, Unanswered, Overflows, TimedOut, FramesReceived, FramesSent, _checksumErrors, _junkOctets));

    public void LoggedIn(string meter) => _meters.Add(meter);

    /// <summary>A meter answers: its next silence is news again.</summary>
    public void Answers(string meter) => _said.Remove($"silent {meter}");

    public void Heard(FrameReader reader) => (_checksumErrors, _junkOctets) = (reader.ChecksumErrors, reader.JunkOctets);

    /// <summary>
    /// Whether the log has not said this about the client yet: what it does repeatedly is logged once and then only counted.
    /// </summary>
    public bool IsNews(string what) => _said.Count < MaxNews && _said.Add(what);
}
