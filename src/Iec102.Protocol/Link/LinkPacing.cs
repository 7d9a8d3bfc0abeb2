namespace Iec102.Protocol;

/// <summary>When the next frame of a master may go out, and until when its answer is awaited (protocol notes 1.6).</summary>
internal sealed class LinkPacing(LinkTiming timing, AnswerHistory answers)
{
    private TimeSpan _expires;
    private TimeSpan _earliest;
    private TimeSpan _pause;

    /// <summary>The frame is out and its answer is awaited; otherwise the moment to send it is.</summary>
    public bool AwaitsAnswer { get; private set; }

    /// <summary>When the answer is late, or the frame is to be sent.</summary>
    public TimeSpan Deadline { get; private set; }

    /// <summary>Until when the line must stay silent.</summary>
    public TimeSpan QuietUntil { get; private set; }

    public void BeginExchange(TimeSpan expires)
    {
        _expires = expires;
        ResetPause();
    }

    public bool IsExpired(TimeSpan now) => now >= _expires;

    /// <summary>The earliest moment at which a frame made now can go out.</summary>
    public TimeSpan NextChance(TimeSpan now) => Max(Max(now, QuietUntil), AfterLastAnswer);

    /// <summary>A new frame is ready; true when it may go out at once.</summary>
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

    /// <summary>Octets keep coming: the answer is not late yet.</summary>
    public void OnActivity(TimeSpan now)
    {
        if (AwaitsAnswer)
            Deadline = Max(Deadline, Min(now + timing.InterCharacterTimeout, _expires));
    }

    /// <summary>The answer has come. When its frame was repeated, silence until the second one has come or can no longer come.</summary>
    public void OnAnswer(TimeSpan now)
    {
        AwaitsAnswer = false;
        QuietUntil = now + (answers.CopiesExpected > 0 ? answers.Guard : TimeSpan.Zero);
    }

    /// <summary>All second answers have come, nothing more has to be waited for; true when the frame that waits may go out at once.</summary>
    public bool EndSilence(TimeSpan now)
    {
        QuietUntil = now;
        Deadline = Min(Max(_earliest, now), _expires);
        return _earliest <= now;
    }

    /// <summary>
    /// A second answer came later than the guard. It may as well be the true answer in the same words ("no data"): if no other follows within
    /// another guard the frame is repeated, and the meter says again what it said to this one.
    /// </summary>
    public void OnLateCopy(TimeSpan now) => Deadline = Min(Deadline, now + answers.Guard);

    /// <summary>The link is given up. Whatever was asked may still be answered: silence for as long as this meter is known to take.</summary>
    public void OnFailure(TimeSpan now) => QuietUntil = Max(QuietUntil, now + (answers.IsMeasured ? answers.Guard : timing.FirstPause));

    /// <summary>The pause before the next poll or try; the one after it is twice as long.</summary>
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
