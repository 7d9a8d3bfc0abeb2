using Iec102.Protocol.Application;

namespace Iec102.Protocol.Link;

/// <summary>
/// The primary station for one link address (protocol notes 1.3 to 1.6 and 4.2), without clock or line: the caller passes in frames and
/// times, and the result says what to do next.
/// <para>One exchange at a time: <see cref="Begin"/>, then <see cref="OnFrame"/> and <see cref="OnDeadline"/> until
/// <see cref="LinkEvents.Ended"/>. An exchange that restarts the link sends FC9 and FC0 first; any other needs <see cref="IsUp"/>.</para>
/// <para>Answers are not numbered. So a frame is repeated octet for octet with the same FCB. After a repeat, the master waits for a second
/// answer before it sends the next new frame; a copy that arrives even later is recognised (<see cref="AnswerHistory"/>). An answer of the
/// wrong kind means that the two sides are out of step, and the link is given up.</para>
/// <para>Times are monotonic and may count from any origin. Nothing is allocated per frame.</para>
/// </summary>
public sealed class LinkMaster
{
    private enum Phase { Idle, Status, Reset, Send, Poll }

    private readonly LinkTiming _timing;
    private readonly OutgoingFrame _outgoing;
    private readonly AnswerHistory _answers;
    private readonly LinkPacing _pacing;
    private readonly SeriesProgress _series = new();

    private Phase _phase;
    private bool _probeOnly;
    private int _notAccepted;
    private TimeSpan _lastContent;
    private bool _cut;

    /// <summary>Makes a master for one link address; its link is down.</summary>
    public LinkMaster(ushort linkAddress, LinkTiming timing)
    {
        LinkAddress = linkAddress;
        _timing = timing;
        _outgoing = new OutgoingFrame(linkAddress);
        _answers = new AnswerHistory(timing.ReplyTimeout);
        _pacing = new LinkPacing(timing, _answers);
    }

    /// <summary>The link address.</summary>
    public ushort LinkAddress { get; }

    /// <summary>Counts the resets of the link: a session is only valid in the epoch in which it was opened.</summary>
    public int Epoch { get; private set; }

    /// <summary>Whether the link has been reset and has not been lost since.</summary>
    public bool IsUp { get; private set; }

    /// <summary>Whether an exchange is running.</summary>
    public bool IsBusy => _phase != Phase.Idle;

    /// <summary>When <see cref="OnDeadline"/> must be called; only meaningful while an exchange is running.</summary>
    public TimeSpan Deadline => _pacing.Deadline;

    /// <summary>How long the line must stay silent because a second answer to the last frame may still arrive.</summary>
    public TimeSpan QuietUntil => _pacing.QuietUntil;

    /// <summary>The frame to send after <see cref="LinkEvents.Transmit"/>.</summary>
    public ReadOnlyMemory<byte> Outgoing => _outgoing.Octets;

    /// <summary>How the last exchange ended.</summary>
    public ExchangeResult Result { get; private set; }

    /// <summary>The counters of this link.</summary>
    public LinkCounters Counters { get; } = new();

    /// <summary>Begins an exchange.</summary>
    /// <param name="request">The request to send.</param>
    /// <param name="restartLink">Whether to begin with FC9 and FC0; required unless <see cref="IsUp"/>.</param>
    /// <param name="now">The current time.</param>
    /// <param name="expires">When the exchange is given up at the latest.</param>
    /// <param name="seriesTime">How long the data of a series may go on, from the first of them; null for no limit but the last.</param>
    /// <exception cref="InvalidOperationException">An exchange is running, or the link is down and would not be restarted.</exception>
    public LinkEvents Begin(Request request, bool restartLink, TimeSpan now, TimeSpan expires, TimeSpan? seriesTime = null)
    {
        if (!restartLink && !IsUp)
            throw new InvalidOperationException("The link is down: the exchange must restart it.");
        Start(now, expires);
        _series.Begin(request, seriesTime);
        return restartLink ? BeginStatus(now) : BeginSend(now);
    }

    /// <summary>Sends one link status request, without repeats, to see whether the meter answers.</summary>
    public LinkEvents BeginProbe(TimeSpan now)
    {
        Start(now, _pacing.NextChance(now) + _timing.ReplyTimeout + _timing.ReplyTimeout);
        _probeOnly = true;
        return BeginStatus(now);
    }

    /// <summary>Gives up the running exchange without a result, for example because the line is lost; the link is down.</summary>
    public void Abort()
    {
        _phase = Phase.Idle;
        IsUp = false;
    }

    /// <summary>
    /// Ends the running exchange early with the link still up: at its next answer, or at once while no answer is awaited. The meter drops
    /// whatever it still has to send when the next request arrives.
    /// </summary>
    public LinkEvents Cut(TimeSpan now)
    {
        _cut = true;
        return IsBusy && IsUp && !_pacing.AwaitsAnswer ? EndCut() : LinkEvents.None;
    }

    /// <summary>Notes that octets of a frame are arriving: the answer is not late as long as they keep coming.</summary>
    public void OnActivity(TimeSpan now) => _pacing.OnActivity(now);

    /// <summary>Takes a frame from the line.</summary>
    public LinkEvents OnFrame(in Frame frame, TimeSpan now)
    {
        var control = frame.Control;
        if (control.IsPrimary)
        {
            Counters.Echoes++;
            return LinkEvents.None;
        }

        if (frame.Format != FrameFormat.SingleCharacter && frame.LinkAddress != LinkAddress)
        {
            Counters.ForeignFrames++;
            return LinkEvents.None;
        }

        Counters.FramesReceived++;
        Counters.OctetsReceived += frame.Octets.Length;
        if (_answers.IsLast(frame) && _answers.TakeCopy())
            return OnCopy(now);
        return IsBusy && _pacing.AwaitsAnswer ? OnAnswer(frame, control, now) : OnWrongKind(frame, now);
    }

    /// <summary>Acts on reaching <see cref="Deadline"/>.</summary>
    public LinkEvents OnDeadline(TimeSpan now)
    {
        if (!IsBusy || now < Deadline)
            return LinkEvents.None;
        if (_pacing.IsExpired(now))
            return Fail(ExchangeOutcome.Expired, now);
        if (!_pacing.AwaitsAnswer)
            return Transmit(now);

        Counters.Timeouts++;
        if (_probeOnly || _outgoing.Transmissions > _timing.Retries)
            return Fail(ExchangeOutcome.NoAnswer, now);
        Counters.Repeats++;
        return Transmit(now);
    }

    private void Start(TimeSpan now, TimeSpan expires)
    {
        if (IsBusy)
            throw new InvalidOperationException("An exchange is already running on this link.");
        _pacing.BeginExchange(expires);
        _lastContent = now;
        _probeOnly = false;
        _cut = false;
        _notAccepted = 0;
    }

    private LinkEvents BeginStatus(TimeSpan now, TimeSpan pause = default)
    {
        IsUp = false;
        _phase = Phase.Status;
        _outgoing.MakeFixed(PrimaryFunction.RequestLinkStatus);
        return NewFrame(now, pause);
    }

    private LinkEvents BeginReset(TimeSpan now)
    {
        _phase = Phase.Reset;
        _outgoing.MakeFixed(PrimaryFunction.ResetRemoteLink);
        return NewFrame(now);
    }

    private LinkEvents BeginSend(TimeSpan now, TimeSpan pause = default)
    {
        _phase = Phase.Send;
        _outgoing.MakeUserData(_series.Request.Asdu);
        return NewFrame(now, pause);
    }

    private LinkEvents Poll(TimeSpan now, TimeSpan pause = default)
    {
        _phase = Phase.Poll;
        _outgoing.MakePoll();
        return NewFrame(now, pause);
    }

    /// <summary>Polls again after a poll without data, unless there has been no data for too long.</summary>
    private LinkEvents PollAgain(TimeSpan now) =>
        now - _lastContent >= _timing.NoContentLimitOf(_series.Request.Pattern)
            ? Fail(ExchangeOutcome.Expired, now)
            : Poll(now, _pacing.NextPause());

    /// <summary>Decides whether the frame answers the outstanding one, and what to do next (protocol notes 1.3).</summary>
    private LinkEvents OnAnswer(in Frame frame, ControlField control, TimeSpan now)
    {
        switch (_phase, control.Secondary)
        {
            case (Phase.Status, SecondaryFunction.LinkStatus):
                Answered(frame, now);
                if (_probeOnly)
                    return End(new ExchangeResult(ExchangeOutcome.Completed));
                return control.DataFlowControl ? Busy(now) : BeginReset(now);

            case (Phase.Reset, SecondaryFunction.Acknowledge):
                Answered(frame, now);
                IsUp = true;
                Epoch++;
                Counters.Resets++;
                _outgoing.OnLinkReset();
                return BeginSend(now);

            case (Phase.Send, SecondaryFunction.Acknowledge):
                Answered(frame, now);
                return Poll(now, control.DataFlowControl ? _pacing.NextPause() : TimeSpan.Zero);

            case (Phase.Reset or Phase.Send, SecondaryFunction.NotAccepted):
                Answered(frame, now);
                return Busy(now);

            case (Phase.Poll, SecondaryFunction.UserData) when Asdu.TryRead(frame.Asdu, out var asdu):
                return _answers.IsLast(frame) ? OnSameData(frame, now) : OnAsdu(frame, asdu, now);

            case (Phase.Poll, SecondaryFunction.NoData) when _series.EndsWithNoData:
                Answered(frame, now);
                return End(new ExchangeResult(ExchangeOutcome.Completed));

            case (Phase.Poll, SecondaryFunction.NoData or SecondaryFunction.NotAccepted):
                Answered(frame, now);
                return PollAgain(now);

            case (Phase.Send or Phase.Poll, SecondaryFunction.NotWorking or SecondaryFunction.NotUsed):
                Answered(frame, now);
                return Fail(ExchangeOutcome.NotAccepted, now);

            default:
                return OnWrongKind(frame, now);
        }
    }

    private LinkEvents OnAsdu(in Frame frame, in Asdu asdu, TimeSpan now)
    {
        var step = _series.Take(asdu, now);
        if (step == SeriesStep.Late)
            return OnWrongKind(frame, now);
        Answered(frame, now);
        if (step == SeriesStep.Unknown)
        {
            Counters.StrayFrames++;
            return PollAgain(now);
        }

        _lastContent = now;
        _pacing.ResetPause();
        var header = asdu.Header;
        return LinkEvents.Content | step switch
        {
            SeriesStep.Confirmation => Poll(now),
            SeriesStep.Data => LinkEvents.Data | Poll(now),
            SeriesStep.LastData => LinkEvents.Data | End(new ExchangeResult(ExchangeOutcome.Completed, header.Cause)),
            SeriesStep.End => End(new ExchangeResult(ExchangeOutcome.Completed, header.Cause)),
            SeriesStep.Excess => Fail(ExchangeOutcome.Excess, now),
            _ => End(new ExchangeResult(ExchangeOutcome.Refused, header.Cause, header.IsNegative)),
        };
    }

    /// <summary>Notes a valid answer to the outstanding frame; if that frame was repeated, copies of the answer may follow.</summary>
    private void Answered(in Frame frame, TimeSpan now)
    {
        _answers.Add(frame, _outgoing, now);
        _pacing.OnAnswer(now);
    }

    /// <summary>
    /// Notes a copy of the last answer, caused by repeating its frame. The silence for such copies ends with the last of them.
    /// </summary>
    private LinkEvents OnCopy(TimeSpan now)
    {
        Counters.StrayFrames++;
        if (IsBusy && _pacing.AwaitsAnswer)
            _pacing.OnLateCopy(now);
        else if (_answers.CopiesExpected == 0 && _pacing.EndSilence(now) && IsBusy)
            return Transmit(now);
        return LinkEvents.None;
    }

    /// <summary>
    /// Handles the data of the previous poll when they arrive again and no repeat explains it: the line duplicates frames, and the true
    /// answer follows or is requested by a repeat. If the meter answers that repeat with the same data, it has taken the poll for a repeat
    /// of the previous one; the next new poll corrects that.
    /// </summary>
    private LinkEvents OnSameData(in Frame frame, TimeSpan now)
    {
        Counters.StrayFrames++;
        if (!_answers.InsistsOnLast(_outgoing))
            return LinkEvents.None;
        Answered(frame, now);
        return PollAgain(now);
    }

    /// <summary>
    /// Handles a frame that does not fit the request, or arrives when there is none. Outside an exchange and while the link is being
    /// restarted it is a leftover, and a copy of the previous answer is a duplicate made by the line. Any other frame means that an earlier
    /// answer was assigned to the wrong request, so the two sides are out of step.
    /// </summary>
    private LinkEvents OnWrongKind(in Frame frame, TimeSpan now)
    {
        Counters.StrayFrames++;
        return _phase is Phase.Idle or Phase.Status or Phase.Reset || _answers.IsLast(frame)
            ? LinkEvents.None
            : Fail(ExchangeOutcome.OutOfStep, now);
    }

    /// <summary>After NACK or a full buffer: pauses, then sends the same step as a new frame, within the budget of repeats.</summary>
    private LinkEvents Busy(TimeSpan now)
    {
        if (++_notAccepted > _timing.Retries)
            return Fail(ExchangeOutcome.NotAccepted, now);
        return _phase == Phase.Send ? BeginSend(now, _pacing.NextPause()) : BeginStatus(now, _pacing.NextPause());
    }

    private LinkEvents NewFrame(TimeSpan now, TimeSpan pause = default)
    {
        return _cut && IsUp ? EndCut() : _pacing.Schedule(now, pause) ? Transmit(now) : LinkEvents.None;
    }

    private LinkEvents Transmit(TimeSpan now)
    {
        _outgoing.OnSent(now);
        _pacing.OnSent(now, Outgoing.Length);
        Counters.FramesSent++;
        Counters.OctetsSent += Outgoing.Length;
        return LinkEvents.Transmit;
    }

    private LinkEvents Fail(ExchangeOutcome outcome, TimeSpan now)
    {
        IsUp = false;
        _answers.ForgetCopies();
        _pacing.OnFailure(now);
        return End(new ExchangeResult(outcome));
    }

    /// <summary>Ends an exchange at a point where its next frame is prepared but not sent.</summary>
    private LinkEvents EndCut()
    {
        _outgoing.Withdraw();
        return End(new ExchangeResult(ExchangeOutcome.Cut));
    }

    private LinkEvents End(ExchangeResult result)
    {
        Result = result;
        _phase = Phase.Idle;
        return LinkEvents.Ended;
    }
}
