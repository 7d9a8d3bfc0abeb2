using Akka.Event;

namespace Iec102.Acquisition.Gateway;

/// <summary>
/// What the log says about the clients of a gateway. The first notice of a kind from a host is logged at once; of those that follow within
/// a minute the last one is logged when the minute is over, with the number of the others.
/// </summary>
/// <param name="port">The port's id.</param>
/// <param name="log">The log.</param>
internal sealed class ClientLog(string port, ILoggingAdapter log)
{
    // Hosts beyond that share their lines.
    private const int MaxKinds = 1000;

    private readonly Dictionary<(string Host, Type Kind, string? Of), Unsaid> _kinds = [];

    private sealed record Unsaid(ClientNotice? Last, long Count);

    /// <summary>Whether notices have been logged or counted since the last minute was over.</summary>
    public bool HasNews => _kinds.Count > 0;

    /// <summary>Logs a notice, or counts it.</summary>
    public void Take(ClientNotice notice)
    {
        var key = (notice.Client.Host, notice.GetType(), notice.Of);
        if (_kinds.Count >= MaxKinds && !_kinds.ContainsKey(key))
            key = ("", notice.GetType(), null);
        if (_kinds.TryGetValue(key, out var unsaid))
        {
            _kinds[key] = new Unsaid(notice, unsaid.Count + 1);
            return;
        }

        _kinds[key] = new Unsaid(null, 0);
        Write(notice, "");
    }

    /// <summary>A minute is over: logs what was only counted. What has not come again is news the next time.</summary>
    public void EndMinute()
    {
        foreach (var (kind, (last, count)) in _kinds.ToList())
        {
            if (last is null)
            {
                _kinds.Remove(kind);
                continue;
            }

            _kinds[kind] = new Unsaid(null, 0);
            Write(last, count == 1 ? " (within the last minute)" : $" (and {count - 1} more within the last minute)");
        }
    }

    private void Write(ClientNotice notice, string more)
    {
        switch (notice)
        {
            case ClientNotice.Connected connected:
                log.Info(LogEvents.GatewayClientConnected, port, connected.Client, more);
                break;
            case ClientNotice.LoggedIn login:
                log.Info(LogEvents.GatewayClientLoggedIn, port, login.Client, login.Meter, more);
                break;
            case ClientNotice.Gone gone:
                log.Info(LogEvents.GatewayClientGone, port, gone.Client, gone.Requests, gone.Reason, more);
                break;
            case ClientNotice.WrongKey wrong:
                log.Warning(
                    LogEvents.GatewayWrongKey, port, wrong.Client, wrong.Meter, wrong.InARow, wrong.Delay.TotalSeconds, more);
                break;
            case ClientNotice.RequestRefused refused:
                var target = refused.Meter is { } meter ? $"meter {meter}" : $"link {refused.Link}, point {refused.Point}";
                log.Info(LogEvents.GatewayRequestRefused, port, refused.Client, target, refused.Type, refused.Reason, more);
                break;
            case ClientNotice.NoAnswer silent:
                log.Info(LogEvents.GatewayNoAnswer, port, silent.Client, silent.Meter, silent.Reason, more);
                break;
            case ClientNotice.Abandoned abandoned:
                log.Info(
                    LogEvents.GatewayAnswerAbandoned, port, abandoned.Client, abandoned.Meter, abandoned.Pause.TotalSeconds, more);
                break;
            case ClientNotice.AnswersDropped dropped:
                log.Warning(LogEvents.GatewayAnswersDropped, port, dropped.Client, dropped.Meter, dropped.Limit, more);
                break;
            default:
                throw new InvalidOperationException($"{notice.GetType().Name} is not handled.");
        }
    }
}
