using Iec102.Acquisition.Gateway;
using NodaTime;

namespace Iec102.Contract;

/// <summary>A client of a gateway in the API.</summary>
public sealed record GatewayClientModel(
    string Address, string Since, IReadOnlyList<string> Meters, long Requests, long Refused, long Unanswered);

/// <summary>The counters of a gateway in the API.</summary>
public sealed record GatewayCountersModel(
    long Connections, long NotAllowed, long TooMany, long Requests, long Refused, long WrongKeys, long Unanswered, long Overflows,
    long TimedOut,
    long FramesReceived, long FramesSent, long ChecksumErrors, long JunkOctets);

/// <summary>The gateway of a port in the API.</summary>
public sealed record GatewayModel(string Listen, string? Error, IReadOnlyList<GatewayClientModel> Clients, GatewayCountersModel Counters)
{
    public static GatewayModel Of(GatewayStatus status, DateTimeZone zone)
    {
        var counters = status.Counters;
        return new GatewayModel(
            status.Listen, status.Error,
            [
                .. status.Clients.Select(client => new GatewayClientModel(
                    client.Address, TimeText.Format(client.Since, zone), client.Meters, client.Counters.Requests, client.Counters.Refused,
                    client.Counters.Unanswered)),
            ],
            new GatewayCountersModel(
                status.Connections, status.NotAllowed, status.TooMany, counters.Requests, counters.Refused, counters.WrongKeys,
                counters.Unanswered, counters.Overflows,
                counters.TimedOut, counters.FramesReceived, counters.FramesSent, counters.ChecksumErrors, counters.JunkOctets));
    }
}
