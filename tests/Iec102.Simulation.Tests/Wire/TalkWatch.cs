namespace Iec102.Simulation.Tests;

/// <summary>
/// Watches a line from its far end: once a node has talked on a newer connection, no other node talks on an older one. So there are never
/// two talkers, and none that has been replaced. A frame counts when it is written: how long octets travel is up to the network, and the
/// look at the guard and the write are one step of the world, so a pause never falls between the two.
/// </summary>
internal sealed class TalkWatch(string port)
{
    private readonly List<WireConnection> _opened = [];
    private WireConnection? _last;

    public void OnOpened(WireConnection connection) => _opened.Add(connection);

    public void OnSent(WireConnection connection)
    {
        if (_last == connection)
            return;
        if (_last is not null && connection.Node != _last.Node && _opened.IndexOf(connection) < _opened.IndexOf(_last))
            throw new ViolationException($"{port}: {connection.Node.Name} talks although {_last.Node.Name} has replaced it.");
        _last = connection;
    }
}
