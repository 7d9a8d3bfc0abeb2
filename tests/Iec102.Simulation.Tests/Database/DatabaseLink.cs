namespace Iec102.Simulation.Tests;

/// <summary>What may be wrong with the way from a node to the database.</summary>
internal enum LinkState
{
    Good,

    /// <summary>Every call fails at once, and nothing is done.</summary>
    Refuses,

    /// <summary>Nothing arrives, and nobody is told; what has waited may arrive when the link is good again.</summary>
    Hangs,

    /// <summary>What is called for is done, but no answer comes back.</summary>
    LosesAnswers,
}

/// <summary>
/// The network between one node and the database. A call takes a while in each direction and is carried out by the server, whatever becomes
/// of the node meanwhile.
/// </summary>
internal sealed class DatabaseLink(World world)
{
    private static readonly TimeSpan Fast = TimeSpan.FromTicks(100);
    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(1);

    private readonly List<Action> _onTheWay = [];

    public LinkState State { get; private set; }

    /// <summary>Whether a caller is told at once that the server cannot be reached.</summary>
    public bool Refuses => State == LinkState.Refuses;

    /// <summary>Carries a request to the server.</summary>
    public void ToServer(Action arrive) => Carry(world.Nature, arrive, isLost: false);

    /// <summary>Carries an answer to the node.</summary>
    public void ToNode(Life node, Action arrive) => Carry(node, arrive, isLost: State is LinkState.LosesAnswers or LinkState.Refuses);

    /// <summary>Changes what is wrong. Of what has waited, a part arrives late, and in any order.</summary>
    public void Become(LinkState state)
    {
        State = state;
        if (state == LinkState.Hangs)
            return;
        foreach (var waiting in _onTheWay)
        {
            if (world.Chance.Is(0.5))
                world.At(world.Elapsed + world.Chance.Between(Fast, Late), world.Nature, waiting);
        }

        _onTheWay.Clear();
    }

    /// <summary>Loses what waits: its connections have ended.</summary>
    public void Forget() => _onTheWay.Clear();

    private void Carry(Life to, Action arrive, bool isLost)
    {
        if (isLost)
            return;
        if (State == LinkState.Hangs)
            _onTheWay.Add(() => to.Soon(arrive));
        else
            to.After(world.Chance.Between(Fast, Slow), arrive);
    }
}
