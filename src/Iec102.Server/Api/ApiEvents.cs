using Iec102.Acquisition;
using LogLevel = Akka.Event.LogLevel;

namespace Iec102.Server.Api;

/// <summary>
/// The events that a server logs about those who call it, in the form of <see cref="LogEvents"/>.
/// </summary>
internal static class ApiEvents
{
    /// <summary>
    /// Somebody has called something that changes something, has signed in or has signed out. The same line is in the
    /// [audit log](#who-did-what).
    /// </summary>
    [LoggedAt(LogLevel.InfoLevel)]
    public const string OperatorActed = "{Who} at {Address}: {Action}{Detail} (status {Status})";

    /// <summary>Somebody has a wrong key, or is guessing; at most 10 tries a minute from one address.</summary>
    [LoggedAt(LogLevel.WarningLevel)]
    public const string SignInFailed = "{Address}: tried to sign in with a key that is not known";

    /// <summary>
    /// Many calls, streams and slow downloads at once; logged at most once a minute. How many there may be follows from the limit of
    /// descriptors of the process (`LimitNOFILE`) and from what the lines and gateways need of it.
    /// </summary>
    [LoggedAt(LogLevel.WarningLevel)]
    public const string ApiBusy = "The API has {Connections} connections, all busy, and accepts no more until one of them is free.";
}
