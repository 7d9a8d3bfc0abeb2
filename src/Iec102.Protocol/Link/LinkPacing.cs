namespace Iec102.Protocol.Link;

/// <summary>Decides when the next frame of a master may be sent, and how long its answer is awaited (protocol notes 1.6).</summary>
internal sealed class LinkPacing(LinkTiming timing, AnswerHistory answers)
{
    private TimeSpan _expires;
    private TimeSpan _earliest;
    private TimeSpan _pause;

    /// <summary>True while the answer to a sent frame is awaited; false while a frame waits to be sent.</summary>
    public bool AwaitsAnswer { get; private set; }

    /// <summary>When the awaited answer is late, or when the waiting frame is to be sent.</summary>
    public TimeSpan Deadline { get; private set; }

    /// <summary>How long the line must stay silent.</summary>
    public TimeSpan QuietUntil { get; private set; }

    public void BeginExchange(TimeSpan expires)
    {
        _expires = expires;
        ResetPause();
    }

    public bool IsExpired(TimeSpan now) => now >= _expires;

    /// <summary>The earliest moment at which a frame prepared now can be sent.</summary>
    public TimeSpan NextChance(TimeSpan now) => Max(Max(now, QuietUntil), AfterLastAnswer);

    /// <summary>Schedules a new frame; true when it may be sent at once.</summary>
    public bool Schedule(TimeSpan now, TimeSpan pause)
    {
        AwaitsAnswer = false;
        _earliest = Max(now + pause, AfterLastAnswer);
        var at = Max(QuietUntil, _earliest);
        Deadline = Min(at, _expires);
        return at <= now;
    }

    public void OnSent(TimeSpan now, int octets)
    {
        AwaitsAnswer = true;
        Deadline = Min(now + octets * timing.CharacterTime + timing.ReplyTimeout, _expires);
    }

    /// <summary>Notes that octets keep arriving, so the answer is not late yet.</summary>
    public void OnActivity(TimeSpan now)
    {
        if (AwaitsAnswer)
            Deadline = Max(Deadline, Min(now + timing.InterCharacterTimeout, _expires));
    }

    /// <summary>
    /// Notes the answer. If its request was repeated, silence follows until the second answer has arrived or can no longer arrive.
    /// </summary>
    public void OnAnswer(TimeSpan now)
    {
        AwaitsAnswer = false;
        QuietUntil = now + (answers.CopiesExpected > 0 ? answers.Guard : TimeSpan.Zero);
    }

    /// <summary>Ends the silence because all second answers have arrived; true when the waiting frame may be sent at once.</summary>
    public bool EndSilence(TimeSpan now)
    {
        QuietUntil = now;
        Deadline = Min(Max(_earliest, now), _expires);
        return _earliest <= now;
    }

    /// <summary>
    /// Handles a second answer that arrived after the guard time. It may just as well be the true answer with the same octets ("no data"):
    /// if no other answer follows within another guard time, the frame is repeated and the meter sends the true answer again.
    /// </summary>
    public void OnLateCopy(TimeSpan now) => Deadline = Min(Deadline, now + answers.Guard);

    /// <summary>
    /// Notes that the link is given up. An earlier request may still be answered, so there is silence for as long as this meter is known to
    /// take.
    /// </summary>
    public void OnFailure(TimeSpan now) => QuietUntil = Max(QuietUntil, now + (answers.IsMeasured ? answers.Guard : timing.FirstPause));

    /// <summary>The pause before the next poll or attempt; each pause is twice as long as the one before.</summary>
    public TimeSpan NextPause()
    {
        var pause = _pause;
        _pause = Min(_pause + _pause, timing.LongestPause);
        return pause;
    }

    public void ResetPause() => _pause = timing.FirstPause;

    private TimeSpan AfterLastAnswer => answers.At is { } at ? at + timing.InterRequestDelay : TimeSpan.MinValue;

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
