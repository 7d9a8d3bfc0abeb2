namespace Iec102.Protocol;

/// <summary>
/// The primary station for one link address (protocol notes 1.3 to 1.6 and 4.2), without clock or line: frames and moments come in, what to do goes out.
/// <para>One exchange at a time: <see cref="Begin"/>, then <see cref="OnFrame"/> and <see cref="OnDeadline"/> until <see cref="LinkEvents.Ended"/>.
/// An exchange that restarts the link sends FC9 and FC0 first; every other needs <see cref="IsUp"/>.</para>
/// <para>Answers carry no number. So a frame is repeated octet for octet with the same FCB; after a repeat a possible second answer is awaited before
/// the next new frame; an answer of the wrong kind means that the two sides are out of step, and the link is given up.</para>
/// <para>Times are monotonic, since any origin. Nothing is allocated per frame.</para>
/// </summary>
public sealed class LinkMaster
{
    private enum Phase { Idle, Status, Reset, Send, Poll }

    private enum Wait { Answer, Moment }

    private readonly LinkTiming _timing;
    private readonly byte[] _outgoing = new byte[Frame.MaxLength];
    private readonly byte[] _previousAnswer = new byte[Frame.MaxLength];
    private readonly SeriesProgress _series = new();
    private int _outgoingLength;
    private int _previousAnswerLength;

    private Phase _phase;
    private Wait _wait;
    private Request? _request;
    private bool _probeOnly;
    private bool _frameCountBit;
    private int _transmissions;
    private int _answersOutstanding;
    private int _notAccepted;
    private TimeSpan _pause;
    private TimeSpan _sentAt;
    private TimeSpan _lastContent;
    private TimeSpan _expires;
    private TimeSpan _answeredAt;
    private TimeSpan _earliest;
    private TimeSpan? _slowestRoundTrip;
    private bool _onlyRepeatSeen;
    private bool _cut;

    /// <summary>A master for one link address, its link not yet up.</summary>
    public LinkMaster(ushort linkAddress, LinkTiming timing)
    {
        LinkAddress = linkAddress;
        _timing = timing;
    }

    /// <summary>The link address.</summary>
    public ushort LinkAddress { get; }

    /// <summary>Counts the resets of the link: a session belongs to the epoch in which it was opened.</summary>
    public int Epoch { get; private set; }

    /// <summary>The link was reset and has not been lost since.</summary>
    public bool IsUp { get; private set; }

    /// <summary>An exchange is running.</summary>
    public bool IsBusy => _phase != Phase.Idle;

    /// <summary>When <see cref="OnDeadline"/> is to be called; means something while an exchange is running.</summary>
    public TimeSpan Deadline { get; private set; }

    /// <summary>Until when the line must stay silent because a second answer to the last frame may still come.</summary>
    public TimeSpan QuietUntil { get; private set; }

    /// <summary>The frame to send after <see cref="LinkEvents.Transmit"/>.</summary>
    public ReadOnlyMemory<byte> Outgoing => _outgoing.AsMemory(0, _outgoingLength);

    /// <summary>How the last exchange ended.</summary>
    public ExchangeResult Result { get; private set; }

    /// <summary>What was seen on this link.</summary>
    public LinkCounters Counters { get; } = new();

    /// <summary>Begins an exchange.</summary>
    /// <param name="request">What is asked.</param>
    /// <param name="restartLink">Begin with FC9 and FC0; needed unless <see cref="IsUp"/>.</param>
    /// <param name="now">The moment.</param>
    /// <param name="expires">When the exchange is given up whatever its state.</param>
    /// <exception cref="InvalidOperationException">An exchange is running, or the link is down and is not to be restarted.</exception>
    public LinkEvents Begin(Request request, bool restartLink, TimeSpan now, TimeSpan expires)
    {
        if (!restartLink && !IsUp)
            throw new InvalidOperationException("The link is down: the exchange must restart it.");
        Start(now, expires);
        _request = request;
        _series.Begin(request);
        if (restartLink)
            return BeginStatus(now);
        return BeginSend(now);
    }

    /// <summary>Asks once, without repeats, whether the meter answers a link status request.</summary>
    public LinkEvents BeginProbe(TimeSpan now)
    {
        Start(now, now + _timing.ReplyTimeout + _timing.ReplyTimeout);
        _probeOnly = true;
        return BeginStatus(now);
    }

    /// <summary>Gives the running exchange up without a result, for example because the line is lost; the link is down.</summary>
    public void Abort()
    {
        _phase = Phase.Idle;
        _request = null;
        IsUp = false;
    }

    /// <summary>
    /// Ends the running exchange early with the link still up, at its next answer, or at once while no answer is awaited:
    /// what the meter still has to say is dropped by its next request.
    /// </summary>
    public LinkEvents Cut(TimeSpan now)
    {
        if (!IsBusy)
            return LinkEvents.None;
        _cut = true;
        if (_wait == Wait.Answer)
            return LinkEvents.None;
        // The frame that waits has not been sent: its count is free for the next one.
        if (_phase is Phase.Send or Phase.Poll)
            _frameCountBit = !_frameCountBit;
        return End(new ExchangeResult(ExchangeOutcome.Cut), now);
    }

    /// <summary>Octets are arriving inside a frame: the answer is not late as long as they keep coming.</summary>
    public void OnActivity(TimeSpan now)
    {
        if (IsBusy && _wait == Wait.Answer)
            Deadline = Max(Deadline, Min(now + _timing.InterCharacterTimeout, _expires));
    }

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
        if (_phase == Phase.Idle || _wait == Wait.Moment)
            return OnStray(frame, now);
        return _phase switch
        {
            Phase.Status => OnStatusAnswer(frame, control, now),
            Phase.Reset => OnResetAnswer(frame, control, now),
            Phase.Send => OnSendAnswer(frame, control, now),
            _ => OnPollAnswer(frame, control, now),
        };
    }

    /// <summary>The moment <see cref="Deadline"/> has come.</summary>
    public LinkEvents OnDeadline(TimeSpan now)
    {
        if (!IsBusy || now < Deadline)
            return LinkEvents.None;
        if (now >= _expires)
            return Fail(ExchangeOutcome.Expired, now);
        if (_wait == Wait.Moment)
            return Transmit(now);
        if (_onlyRepeatSeen)
            return Poll(now);

        Counters.Timeouts++;
        if (_probeOnly || _transmissions > _timing.Retries)
            return Fail(ExchangeOutcome.NoAnswer, now);
        Counters.Repeats++;
        return Transmit(now);
    }

    private void Start(TimeSpan now, TimeSpan expires)
    {
        if (IsBusy)
            throw new InvalidOperationException("An exchange is running on this link already.");
        _expires = expires;
        _lastContent = now;
        _probeOnly = false;
        _cut = false;
        _notAccepted = 0;
        _pause = _timing.FirstPause;
    }

    private LinkEvents BeginStatus(TimeSpan now, TimeSpan pause = default)
    {
        IsUp = false;
        _phase = Phase.Status;
        return NewFixed(ControlField.OfMaster(PrimaryFunction.RequestLinkStatus), now, pause);
    }

    private LinkEvents BeginReset(TimeSpan now)
    {
        _phase = Phase.Reset;
        return NewFixed(ControlField.OfMaster(PrimaryFunction.ResetRemoteLink), now);
    }

    private LinkEvents BeginSend(TimeSpan now, TimeSpan pause = default)
    {
        if (_cut)
            return End(new ExchangeResult(ExchangeOutcome.Cut), now);
        _phase = Phase.Send;
        _outgoingLength = FrameWriter.WriteVariable(_outgoing, NextCounted(PrimaryFunction.UserData), LinkAddress, _request!.Asdu);
        return NewFrame(now, pause);
    }

    private LinkEvents Poll(TimeSpan now, TimeSpan pause = default)
    {
        if (_cut)
            return End(new ExchangeResult(ExchangeOutcome.Cut), now);
        _phase = Phase.Poll;
        return NewFixed(NextCounted(PrimaryFunction.RequestClass2), now, pause);
    }

    private LinkEvents OnStatusAnswer(in Frame frame, ControlField control, TimeSpan now)
    {
        if (control.Secondary != SecondaryFunction.LinkStatus)
            return OnStray(frame, now);
        Answered(frame, now);
        if (_probeOnly)
            return End(new ExchangeResult(ExchangeOutcome.Completed), now);
        return control.DataFlowControl ? Busy(now) : BeginReset(now);
    }

    private LinkEvents OnResetAnswer(in Frame frame, ControlField control, TimeSpan now)
    {
        if (control.Secondary == SecondaryFunction.NotAccepted)
        {
            Answered(frame, now);
            return Busy(now);
        }

        if (control.Secondary != SecondaryFunction.Acknowledge)
            return OnStray(frame, now);
        Answered(frame, now);
        IsUp = true;
        Epoch++;
        Counters.Resets++;
        _frameCountBit = false;
        return BeginSend(now);
    }

    private LinkEvents OnSendAnswer(in Frame frame, ControlField control, TimeSpan now)
    {
        switch (control.Secondary)
        {
            case SecondaryFunction.Acknowledge:
                Answered(frame, now);
                return Poll(now, control.DataFlowControl ? NextPause() : TimeSpan.Zero);
            case SecondaryFunction.NotAccepted:
                Answered(frame, now);
                return Busy(now);
            case SecondaryFunction.NotWorking or SecondaryFunction.NotUsed:
                Answered(frame, now);
                return Fail(ExchangeOutcome.NotAccepted, now);
            default:
                return WrongKind(frame, now);
        }
    }

    private LinkEvents OnPollAnswer(in Frame frame, ControlField control, TimeSpan now)
    {
        switch (control.Secondary)
        {
            case SecondaryFunction.UserData when Asdu.TryRead(frame.Asdu, out var asdu):
                return OnAsdu(frame, asdu, now);
            case SecondaryFunction.NoData or SecondaryFunction.NotAccepted:
                Answered(frame, now);
                if (now - _lastContent >= _timing.NoContentLimit)
                    return Fail(ExchangeOutcome.Expired, now);
                return Poll(now, NextPause());
            case SecondaryFunction.NotWorking or SecondaryFunction.NotUsed:
                Answered(frame, now);
                return Fail(ExchangeOutcome.NotAccepted, now);
            default:
                return WrongKind(frame, now);
        }
    }

    private LinkEvents OnAsdu(in Frame frame, in Asdu asdu, TimeSpan now)
    {
        if (IsPreviousAnswer(frame))
        {
            // The line delivered an answer twice, or the meter answers a new poll with its last answer. In the first case the real answer follows.
            Counters.StrayFrames++;
            _onlyRepeatSeen = true;
            Deadline = Min(now + Guard, _expires);
            return LinkEvents.None;
        }

        switch (_series.Take(asdu))
        {
            case SeriesStep.Confirmation:
                Content(frame, now);
                return Poll(now);
            case SeriesStep.Data:
                Content(frame, now);
                return LinkEvents.Data | Poll(now);
            case SeriesStep.LastData:
                Content(frame, now);
                return LinkEvents.Data | End(new ExchangeResult(ExchangeOutcome.Completed, asdu.Header.Cause), now);
            case SeriesStep.End:
                Content(frame, now);
                return End(new ExchangeResult(ExchangeOutcome.Completed, asdu.Header.Cause), now);
            case SeriesStep.Refusal:
                Content(frame, now);
                return End(new ExchangeResult(ExchangeOutcome.Refused, asdu.Header.Cause, asdu.Header.IsNegative), now);
            case SeriesStep.Unknown:
                Counters.StrayFrames++;
                Answered(frame, now);
                return Poll(now);
            default:
                return WrongKind(frame, now);
        }
    }

    private void Content(in Frame frame, TimeSpan now)
    {
        Answered(frame, now);
        _lastContent = now;
        _pause = _timing.FirstPause;
    }

    /// <summary>A valid answer to the outstanding frame: remember it, and how many more of the same may follow because the frame was repeated.</summary>
    private void Answered(in Frame frame, TimeSpan now)
    {
        frame.Octets.CopyTo(_previousAnswer);
        _previousAnswerLength = frame.Octets.Length;
        if (_transmissions == 1)
            _slowestRoundTrip = Max(_slowestRoundTrip ?? TimeSpan.Zero, now - _sentAt);
        _answeredAt = now;
        _answersOutstanding = _transmissions - 1;
        QuietUntil = now + (_answersOutstanding > 0 ? Guard : TimeSpan.Zero);
        _wait = Wait.Moment;
    }

    /// <summary>
    /// A frame that answers nothing outstanding. While a second answer is awaited an identical one is it, and the wait is over when all have come;
    /// a different one then means that a repeat was taken for a new frame: out of step.
    /// </summary>
    private LinkEvents OnStray(in Frame frame, TimeSpan now)
    {
        Counters.StrayFrames++;
        if (_answersOutstanding == 0)
            return LinkEvents.None;
        if (!IsPreviousAnswer(frame))
            return _phase is Phase.Send or Phase.Poll ? Fail(ExchangeOutcome.OutOfStep, now) : LinkEvents.None;
        if (--_answersOutstanding > 0)
            return LinkEvents.None;
        QuietUntil = now;
        if (_phase == Phase.Idle || _wait != Wait.Moment)
            return LinkEvents.None;
        Deadline = Max(_earliest, now);
        return Deadline <= now ? Transmit(now) : LinkEvents.None;
    }

    /// <summary>An answer that does not fit what was asked. The previous answer once more is only an echo of the line; anything else means that we are out of step.</summary>
    private LinkEvents WrongKind(in Frame frame, TimeSpan now)
    {
        Counters.StrayFrames++;
        return IsPreviousAnswer(frame) ? LinkEvents.None : Fail(ExchangeOutcome.OutOfStep, now);
    }

    private bool IsPreviousAnswer(in Frame frame) => frame.Octets.SequenceEqual(_previousAnswer.AsSpan(0, _previousAnswerLength));

    /// <summary>NACK or a full buffer: pause, then the same step as a new frame, within the budget of repeats.</summary>
    private LinkEvents Busy(TimeSpan now)
    {
        if (++_notAccepted > _timing.Retries)
            return Fail(ExchangeOutcome.NotAccepted, now);
        return _phase == Phase.Send ? BeginSend(now, NextPause()) : BeginStatus(now, NextPause());
    }

    private TimeSpan NextPause()
    {
        var pause = _pause;
        _pause = Min(_pause + _pause, _timing.LongestPause);
        return pause;
    }

    private ControlField NextCounted(PrimaryFunction function)
    {
        _frameCountBit = !_frameCountBit;
        return ControlField.OfMaster(function, _frameCountBit);
    }

    private LinkEvents NewFixed(ControlField control, TimeSpan now, TimeSpan pause = default)
    {
        _outgoingLength = FrameWriter.WriteFixed(_outgoing, control, LinkAddress);
        return NewFrame(now, pause);
    }

    private LinkEvents NewFrame(TimeSpan now, TimeSpan pause)
    {
        _transmissions = 0;
        _earliest = _previousAnswerLength > 0 ? Max(now + pause, _answeredAt + _timing.InterRequestDelay) : now + pause;
        var at = Max(QuietUntil, _earliest);
        if (at <= now)
            return Transmit(now);
        _wait = Wait.Moment;
        Deadline = Min(at, _expires);
        return LinkEvents.None;
    }

    private LinkEvents Transmit(TimeSpan now)
    {
        _transmissions++;
        _answersOutstanding = 0;
        _onlyRepeatSeen = false;
        _wait = Wait.Answer;
        _sentAt = now;
        Counters.FramesSent++;
        Counters.OctetsSent += _outgoingLength;
        Deadline = Min(now + _outgoingLength * _timing.CharacterTime + _timing.ReplyTimeout, _expires);
        return LinkEvents.Transmit;
    }

    private LinkEvents Fail(ExchangeOutcome outcome, TimeSpan now)
    {
        IsUp = false;
        // Whatever was asked may still be answered: leave the line alone for as long as this meter is known to take.
        QuietUntil = Max(QuietUntil, now + (_slowestRoundTrip is null ? _timing.FirstPause : Guard));
        return End(new ExchangeResult(outcome), now);
    }

    private LinkEvents End(ExchangeResult result, TimeSpan now)
    {
        Result = result;
        _phase = Phase.Idle;
        _request = null;
        return LinkEvents.Ended;
    }

    /// <summary>How long a second answer may take: the slowest round trip seen, doubled; where none was seen, as long as an answer at all.</summary>
    private TimeSpan Guard => _slowestRoundTrip is { } slowest ? Min(slowest + slowest, _timing.ReplyTimeout) : _timing.ReplyTimeout;

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
