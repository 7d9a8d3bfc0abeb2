using Akka.Actor;
using Iec102.Lines;

namespace Iec102.Acquisition.Ports;

/// <summary>
/// The line of a port, opened and closed again and again. Every attempt has a generation, which all messages about it carry, so that news
/// of an earlier line is recognised. Stands between the port's actor and its line; only the actor calls it.
/// </summary>
internal sealed class PortLine(ILineFactory factory, IActorRef port)
{
    private Action? _cancel;
    private Task<object>? _opening;
    private readonly Queue<OctetsArrived> _heldBack = new();
    private LineConnection? _connection;
    private ReadingPace _pace = new(TimeSpan.Zero);
    private int _generation;

    /// <summary>Where it leads, for people.</summary>
    public string Address => factory.Address;

    /// <summary>Whether a message is about the present line.</summary>
    public bool IsCurrent(int generation) => generation == _generation;

    /// <summary>Begins to open it; the port is sent <see cref="LineOpened"/> or <see cref="LineLost"/>.</summary>
    public void BeginOpening()
    {
        _generation++;
        var attempt = new CancellationTokenSource();
        _cancel = attempt.Cancel;
        _opening = LineConnection.OpenAsync(factory, _generation, attempt.Token);
        _opening.PipeTo(port);
    }

    /// <summary>Gives up the attempt, or closes the open line.</summary>
    public void Abandon()
    {
        if (_opening is not null)
            _cancel?.Invoke();
        _opening = null;
        Close();
    }

    /// <summary>The attempt has succeeded.</summary>
    public void Take(LineOpened opened)
    {
        _opening = null;
        _heldBack.Clear();
        _pace = new ReadingPace(opened.Line.CharacterTime);
        _connection = new LineConnection(opened.Line, _generation, port);
    }

    /// <summary>Sends a frame, which is valid during the call only.</summary>
    public void Send(ReadOnlyMemory<byte> frame)
    {
        _pace.Sent();
        _connection!.Send(frame);
    }

    /// <summary>To be called for <see cref="WriteEnded"/>.</summary>
    public void OnWriteEnded() => _connection!.OnWriteEnded();

    /// <summary>When <see cref="ReadOn"/> is to be called; null while the line is read as fast as octets come.</summary>
    public TimeSpan? ReadsOnAt => _heldBack.Count > 0 ? _pace.FreeAt : null;

    /// <summary>To be called for each <see cref="OctetsArrived"/> once its octets are dealt with.</summary>
    public void Taken(OctetsArrived chunk, TimeSpan now)
    {
        _pace.Took(chunk.Count, now);
        _heldBack.Enqueue(chunk);
        ReadOn(now);
    }

    /// <summary>Reads on, unless the line is ahead of its pace.</summary>
    public void ReadOn(TimeSpan now)
    {
        if (now < _pace.FreeAt)
            return;
        while (_heldBack.TryDequeue(out var chunk))
            _connection!.Taken(chunk);
    }

    /// <summary>Closes the open line; news of it is no longer current.</summary>
    public void Close()
    {
        _generation++;
        _connection?.Close();
    }

    /// <summary>Closes the line for good. An attempt that is under way may still succeed: then its line is closed at once.</summary>
    public void End()
    {
        _cancel?.Invoke();
        if (_opening is { } late)
            _ = LineConnection.DisposeWhenOpenedAsync(late);
        Close();
    }
}
