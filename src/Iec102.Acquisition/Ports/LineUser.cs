namespace Iec102.Acquisition.Ports;

/// <summary>For what a line is used.</summary>
internal enum LineUser
{
    /// <summary>Current values, and what a session needs: login, identity.</summary>
    CurrentValues,

    /// <summary>Load profiles.</summary>
    Curves,

    /// <summary>Clock checks, events, tariffs and what else is read of a meter.</summary>
    Facts,

    /// <summary>Clients of the gateway.</summary>
    Gateway,

    /// <summary>What operators wait for.</summary>
    OnDemand,

    /// <summary>The port itself: probes, and the ends of sessions.</summary>
    Port,
}

/// <summary>How long a line was in use, by what it was used for. Adding allocates nothing.</summary>
internal sealed class LineUsers
{
    public static readonly int Count = Enum.GetValues<LineUser>().Length;

    private readonly TimeSpan[] _times = new TimeSpan[Count];

    public TimeSpan this[LineUser user] => _times[(int)user];

    /// <summary>A run had the wire for so long.</summary>
    public void Add(Run run, TimeSpan time) => _times[(int)Of(run)] += time;

    public static LineUser Of(Run run) => run is { IsProbe: true } or { Queued: null }
        ? LineUser.Port
        : run.Queued.Request.Class switch
        {
            RequestClass.OnDemand => LineUser.OnDemand,
            RequestClass.Gateway => LineUser.Gateway,
            RequestClass.LiveValues => LineUser.CurrentValues,
            RequestClass.ClockAndEvents => LineUser.Facts,
            _ => LineUser.Curves,
        };
}
