using System.Diagnostics.CodeAnalysis;
using Iec102.Acquisition;

namespace Iec102.Cluster.Leases;

/// <summary>
/// Says whether this node may write to the line of a floating port at this moment. Once closed it never opens again: a port that is taken
/// anew gets a new guard. Anybody may ask at any time; asking allocates nothing and waits for nobody.
/// </summary>
/// <param name="port">The port's id.</param>
/// <param name="time">The clock.</param>
[SuppressMessage("Design", "CA1001", Justification = "A cancellation source without a timer holds nothing.")]
public sealed class Guard(string port, TimeProvider time)
{
    private readonly CancellationTokenSource _closed = new();
    private volatile Term? _term;

    private sealed record Term(TimeSpan Elapsed, TimeSpan Wall);

    /// <summary>Whether the line may be written to; the look itself closes a guard whose time is over.</summary>
    public bool IsOpen
    {
        get
        {
            if (_closed.IsCancellationRequested || _term is not { } term)
                return false;
            var now = Moment.Now(time);
            if (now.Elapsed < term.Elapsed && now.Wall < term.Wall)
                return true;
            Close();
            return false;
        }
    }

    /// <summary>For how long the guard stays open if it is not prolonged; zero when it is not open.</summary>
    public TimeSpan Left
    {
        get
        {
            if (!IsOpen || _term is not { } term)
                return TimeSpan.Zero;
            var left = term.Elapsed - time.Elapsed();
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    /// <summary>Cancelled when the guard closes.</summary>
    public CancellationToken Closed => _closed.Token;

    /// <summary>What is thrown in place of a write when the guard is closed.</summary>
    public string Refusal => $"The line of port {port} may belong to another node now, so this one has closed it.";

    /// <summary>Opens the guard, or keeps it open for longer; a guard that has closed stays closed.</summary>
    /// <param name="from">The moment from which its time counts.</param>
    /// <param name="open">How long it is open from then.</param>
    /// <returns>Whether it is open.</returns>
    public bool Prolong(Moment from, TimeSpan open)
    {
        if (_term is not null && !IsOpen)
            return false;
        _term = new Term(from.Elapsed + open, from.Wall + open);
        return IsOpen;
    }

    /// <summary>Closes the guard, and with it the line.</summary>
    public void Close() => _closed.Cancel();
}
