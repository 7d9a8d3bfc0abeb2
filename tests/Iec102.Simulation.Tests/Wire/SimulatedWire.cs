using Iec102.Lines;
using Iec102.Protocol.Description;
using Iec102.Protocol.Link;

namespace Iec102.Simulation.Tests;

/// <summary>
/// A wire in memory: the line factories of the nodes at one end, meters at the other. Octets take time, and the weather decides what
/// happens to them. Nodes may come and go; octets on their way to the meters arrive in any case.
/// </summary>
internal sealed class SimulatedWire(World world, string port, bool isTcp, TimeSpan octetTime, IReadOnlyList<Station> stations)
{
    private static readonly TimeSpan ForgetPart = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan LongestPiece = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan LongestGap = TimeSpan.FromMilliseconds(400);

    private readonly List<WireConnection> _connections = [];
    private readonly TalkWatch _talk = new(port);
    private FrameReader _reader = new();
    private TimeSpan _toMeters;
    private TimeSpan _toNode;
    private TimeSpan _heardAt;

    public string Address => port;

    public LineWeather Weather { get; set; } = LineWeather.Fair;

    /// <summary>Whether the far end serves several connections at once; otherwise a new one ends the one before it.</summary>
    public bool TakesSeveral { get; set; }

    public long Faults { get; private set; }

    public long Frames { get; private set; }

    /// <summary>The end of the wire that a node opens.</summary>
    public ILineFactory EndOf(Life node) => new End(this, node);

    private async ValueTask<ILine> OpenAsync(Life life)
    {
        var opened = new TaskCompletionSource();
        life.After(world.Chance.Between(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(200)), opened.SetResult);
        await opened.Task;
        if (Fails(Weather.Refusal))
            throw new LineException($"{port}: the connection was refused.");
        foreach (var earlier in _connections.Where(one => one.Node == life || !TakesSeveral).ToList())
        {
            _connections.Remove(earlier);
            earlier.Lose();
        }

        world.Note($"{port}: connected by {life.Name}");
        var connection = new WireConnection(life, this);
        _connections.Add(connection);
        _talk.OnOpened(connection);
        return connection;
    }

    /// <summary>Breaks the connection in a way that the node notices.</summary>
    public void Break(string why)
    {
        if (_connections.Count == 0)
            return;
        Faults++;
        world.Note($"{port}: {why}");
        foreach (var connection in TakeAll())
            connection.Lose();
    }

    /// <summary>Makes the connection dead from now on without either end noticing.</summary>
    public void BecomeHalfOpen()
    {
        if (_connections.Count == 0 || !isTcp)
            return;
        Faults++;
        world.Note($"{port}: half open from now on");
        foreach (var connection in TakeAll())
            connection.IsDead = true;
    }

    /// <summary>Ends the connection of a node that is gone.</summary>
    public void NodeGone(Life node) => _connections.RemoveAll(one => one.Node == node);

    internal void Closed(WireConnection connection) => _connections.Remove(connection);

    /// <summary>Takes a frame that the node has written.</summary>
    internal void FromNode(WireConnection connection, ReadOnlySpan<byte> octets)
    {
        connection.Watch.OnSent(octets);
        _talk.OnSent(connection);
        world.Trace.Fold(octets);
        Frames++;
        if (world.Trace.IsRead)
            world.Note($"{port} -> {FrameDescription.Summarize(octets)}");
        if (!connection.IsDead)
            _toMeters = Carry(octets.ToArray(), _toMeters, (piece, at) => world.At(at, world.Nature, () => Arrive(piece)));
        if (Fails(Weather.Break))
            world.At(_toMeters, world.Nature, () => Break("the connection broke"));
    }

    private void Arrive(byte[] octets)
    {
        if (world.Elapsed - _heardAt > ForgetPart)
            _reader = new FrameReader();
        _heardAt = world.Elapsed;
        ReadOnlySpan<byte> rest = octets;
        while (_reader.TryRead(ref rest, out var frame))
        {
            foreach (var station in stations)
            {
                var answer = station.OnFrame(frame);
                if (!answer.IsEmpty)
                    FromMeter(answer.ToArray());
            }
        }
    }

    private void FromMeter(byte[] answer)
    {
        Frames++;
        if (_connections.Count == 0)
            return;
        var from = Max(_toNode, world.Elapsed + world.Chance.Between(TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(40)));
        // A far end that serves several sends every answer to all of them.
        var open = _connections.ToList();
        _toNode = Carry(answer, from, (piece, at) => world.At(at, world.Nature, () => open.ForEach(one => one.Deliver(piece))));
        if (world.Trace.IsRead)
            world.Note($"{port} <- {FrameDescription.Summarize(answer)} at {_toNode}");
    }

    /// <summary>
    /// Carries octets in one direction; returns the moment at which the last of them arrives. Whatever happens to them, they stay in order.
    /// </summary>
    private TimeSpan Carry(byte[] octets, TimeSpan free, Action<byte[], TimeSpan> arrive)
    {
        var at = Max(free, world.Elapsed);
        if (Fails(Weather.Delay))
            at += world.Chance.Between(TimeSpan.Zero, Weather.LongestDelay);
        if (Fails(Weather.Loss))
            return at + octets.Length * octetTime;
        var copies = Fails(Weather.Doubling) ? 2 : 1;
        if (Fails(Weather.BitErrors))
            octets = LineWeather.Damage(octets, world.Chance);
        if (Fails(Weather.Junk))
            octets = [.. LineWeather.Stray(world.Chance), .. octets];
        for (; copies > 0; copies--)
        {
            for (var begin = 0; begin < octets.Length;)
            {
                // A slow line delivers a long frame piece by piece, because otherwise its receiver would give up on it.
                var length = Math.Min(octets.Length - begin, (int)(LongestPiece / octetTime) + 1);
                if (Fails(Weather.Split))
                {
                    length = world.Chance.From(1, length);
                    at += world.Chance.Between(TimeSpan.Zero, LongestGap);
                }

                at += length * octetTime;
                arrive(octets[begin..(begin + length)], at);
                begin += length;
            }
        }

        return at;
    }

    private List<WireConnection> TakeAll()
    {
        List<WireConnection> all = [.. _connections];
        _connections.Clear();
        return all;
    }

    private bool Fails(double probability)
    {
        var fails = world.Chance.Is(probability);
        Faults += fails ? 1 : 0;
        return fails;
    }

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private sealed class End(SimulatedWire wire, Life node) : ILineFactory
    {
        public string Address => wire.Address;

        public ValueTask<ILine> OpenAsync(CancellationToken ct) => wire.OpenAsync(node);
    }
}
