using Iec102.Acquisition.Ports;
using NodaTime;

namespace Iec102.Contract;

/// <summary>A meter whose state has changed.</summary>
public sealed record MeterStateModel(string Id, string Port, string State, uint? SerialNumber, string? LastSeen, string? LastError);

/// <summary>Intervals of a curve that were recorded: their number, and the ends of the first and the last.</summary>
public sealed record CurveRecordedModel(string Meter, string Curve, int Count, string From, string To);

/// <summary>A frame that passed: <c>side</c> is meter or client, <c>direction</c> sent (by the server) or received.</summary>
public sealed record FrameModel(string Time, string Side, string? Client, string Direction, string Frame, string Octets)
{
    public static FrameModel Of(FrameSeen seen, DateTimeZone zone) => new(
        TimeText.FormatMilliseconds(seen.At, zone), seen.Client is null ? "meter" : "client", seen.Client, seen.Sent ? "sent" : "received",
        seen.Frame, seen.Octets);
}
