namespace Iec102.Acquisition.Ports;

/// <summary>
/// Decides when a TCP line is taken for half open. A TCP connection can be dead without a sign: the far end was switched off, or something
/// in between forgot it.
/// <para>A whole budget spent without one octet from the line condemns it at once when no other link is known to answer on it; otherwise
/// the line is suspect, and the first frame to another link that brings no octet condemns it. An octet clears it.</para>
/// <para>A probe has no budget, and a meter that is switched off must not cost a reconnection at every probe: it condemns only a line that
/// has been silent for long.</para>
/// </summary>
internal sealed class HalfOpenWatch(bool isTcp)
{
    private static readonly TimeSpan LongSilence = TimeSpan.FromMinutes(10);

    private ushort? _suspectSince;
    private TimeSpan _silentSince;

    public void LineOpened(TimeSpan now) => OctetsArrived(now);

    public void OctetsArrived(TimeSpan now)
    {
        _suspectSince = null;
        _silentSince = now;
    }

    /// <summary>A link spent its budget without an octet; true when the line is to be reopened.</summary>
    public bool CondemnsAfterBudget(ushort link, bool anotherAnswers)
    {
        if (!isTcp)
            return false;
        if (!anotherAnswers)
            return true;
        _suspectSince = link;
        return false;
    }

    /// <summary>A frame to this link had no answer in time; true when the line is to be reopened.</summary>
    public bool CondemnsAfterTimeout(ushort link) => _suspectSince is { } suspect && suspect != link;

    /// <summary>A probe had no answer; true when the line is to be reopened.</summary>
    public bool CondemnsAfterProbe(bool anotherAnswers, TimeSpan now) => isTcp && !anotherAnswers && now - _silentSince >= LongSilence;
}
