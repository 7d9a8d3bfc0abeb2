using Akka.Event;
using Iec102.Acquisition.Ports;
using Iec102.Protocol;
using NodaTime;

namespace Iec102.Acquisition.Meters;

/// <content>
/// Some meters drop a session by themselves, and with which cause they then refuse is not known (protocol notes 7.4). So a refusal is believed only while the
/// session is there: the clock is asked once more. If that is refused too, the refusal says nothing of what was asked. A meter that drops its session right after the
/// login has told no clock in it, so a clock that is refused is doubted as well; unless it has never been told and is refused again after the next login: then the
/// meter has none, and all it refuses is believed.
/// </content>
public sealed partial class MeterActor
{
    private (Exchange Exchange, ExchangeEnded Ended)? _doubted;

    /// <summary>The clock was told since this actor was started.</summary>
    private bool _hasClock;

    /// <summary>The clock was never told, and refused when it was asked last.</summary>
    private bool _refusesClock;

    /// <summary>Sessions that were dropped one after the other with nothing read in between.</summary>
    private int _drops;

    private bool IsDoubtful(Exchange exchange, ExchangeEnded ended) =>
        ended.End == ExchangeEnd.Refused && !_refusesClock
        && exchange.Purpose is Purpose.Clock or Purpose.CurrentValues or Purpose.Chunk or Purpose.Fact;

    private void Doubt(Exchange exchange, ExchangeEnded ended)
    {
        _doubted = (exchange, ended);
        if (exchange.Purpose == Purpose.Clock)
            EndDoubt(ended);
        else
            Send(Purpose.Proof, Request.ReadCurrentTime(_configuration.PointAddress), RequestClass.LiveValues, ExchangeTimeout);
    }

    /// <summary>The clock was told: the refusal stands. Or it was not, and the request counts as never sent.</summary>
    private void EndDoubt(ExchangeEnded proof)
    {
        var (exchange, refusal) = _doubted!.Value;
        _doubted = null;
        NoteClock(proof);
        if (proof.IsCompleted)
        {
            Conclude(exchange, refusal);
            return;
        }

        var isDropped = proof.End == ExchangeEnd.Refused;
        if (isDropped && _drops == 0 && exchange.OnDemand is { } waiting)
        {
            // Somebody waits for it: once more, in the next session.
            _onDemand.Enqueue(waiting);
            exchange = exchange with { OnDemand = null };
        }

        Conclude(exchange, refusal with
        {
            End = isDropped ? ExchangeEnd.SessionLost : proof.End,
            EndedAt = refusal.StartedAt,
            Error = isDropped ? "the meter had dropped the session" : proof.Error,
        });
        if (!isDropped)
            return;
        _log.Debug(LogEvents.MeterDroppedSession, _configuration.Id);
        if (_drops > 0)
            _notBefore = Now + Duration.Min(Duration.FromSeconds(1 << Math.Min(_drops, 6)), LongestPause);
        _drops++;
    }

    private void NoteClock(ExchangeEnded clock)
    {
        _hasClock |= clock.IsCompleted;
        _refusesClock = clock.End == ExchangeEnd.Refused && !_hasClock;
    }
}
