namespace Iec102.Acquisition.Ports;

/// <summary>Why an open line is given up although it has not failed.</summary>
/// <param name="Why">One sentence for people.</param>
/// <param name="Fault">What is wrong.</param>
/// <param name="IsLost">The far end has said that it is gone: the next attempt waits, as after any lost line.</param>
internal sealed record GivenUpLine(string Why, LineFault Fault, bool IsLost);

/// <summary>
/// Decides when an open line is given up although it has not failed. Only a valid frame of the far end shows that a line works. A TCP
/// connection can be dead without a sign: the far end was switched off, or something in between forgot it. A modem whose call has ended
/// may echo what it is sent. A serial line on which nothing comes at all is kept: opening it again would change nothing.
/// <para>A whole budget spent without a valid frame condemns the line at once when no other link is known to answer on it; otherwise
/// the line is suspect, and the first frame to another link that brings none condemns it. A valid frame of the far end clears it.</para>
/// <para>A probe has no budget, and a meter that is switched off must not cost a reconnection at every probe: as many probes as a budget
/// has frames condemn a line once; after that only a line that has brought nothing valid for long is condemned.</para>
/// </summary>
/// <param name="reopensWhenSilent">The line can be dead without a sign.</param>
/// <param name="budget">How often a frame is sent before a link is given up.</param>
/// <param name="reception">What has come since the last valid frame.</param>
internal sealed class LineWatch(bool reopensWhenSilent, int budget, Reception reception)
{
    private static readonly TimeSpan LongSilence = TimeSpan.FromMinutes(10);

    private ushort? _suspectSince;
    private TimeSpan _silentSince;
    private int _probes;
    private bool _wasGivenUp;

    /// <summary>Why the line is given up; null while it is not.</summary>
    public GivenUpLine? GivenUp { get; private set; }

    private bool MayBeDead => reopensWhenSilent || reception.Fault != LineFault.Silent;

    public void LineOpened(TimeSpan now)
    {
        GivenUp = null;
        Begin(now);
    }

    public void LineClosed() => GivenUp = null;

    /// <summary>A valid frame of the far end has come.</summary>
    public void FarEndSpoke(TimeSpan now)
    {
        Begin(now);
        _wasGivenUp = false;
    }

    /// <summary>Octets have come, or time has passed, while this run has the wire.</summary>
    public void Listen(Run? running)
    {
        if (reception.HasNoCarrier)
            GivenUp ??= new GivenUpLine("The modem says NO CARRIER: the call has ended.", LineFault.Text, IsLost: true);
        if (running is { IsProbe: false, Link: var link } && link.Master.Counters.Timeouts > running.TimeoutsBefore)
            TimedOut(link.Address);
    }

    /// <summary>A frame to this link had no answer in time.</summary>
    public void TimedOut(ushort link)
    {
        if (_suspectSince is { } suspect && suspect != link)
            GiveUp(link);
    }

    /// <summary>A link spent its budget, or had no answer to a probe, and no valid frame of the far end came meanwhile.</summary>
    public void Unanswered(ushort link, bool isProbe, bool anotherAnswers, TimeSpan now)
    {
        if (isProbe)
            _probes++;
        if (!MayBeDead)
            return;
        if (!isProbe && anotherAnswers)
            Suspect(link);
        else if (!anotherAnswers && (!isProbe || now - _silentSince >= LongSilence || !_wasGivenUp && _probes >= budget))
            GiveUp(link);
    }

    private void Suspect(ushort link)
    {
        TimedOut(link);
        _suspectSince = link;
    }

    private void Begin(TimeSpan now) => (_suspectSince, _silentSince, _probes) = (null, now, 0);

    private void GiveUp(ushort link)
    {
        _wasGivenUp = true;
        GivenUp ??= new GivenUpLine(
            $"No valid frame came from link {link}, nor from another{reception.Remark()}.", reception.Fault, IsLost: false);
    }
}
