namespace Iec102.Simulation.Tests;

/// <summary>
/// The computer of one node: its process is started, killed, paused and started again, and its way to the database can be cut.
/// </summary>
internal sealed class Host(World world, string id, TimeSpan ttl, Func<Host, string, Node> start)
{
    public string Id => id;

    /// <summary>How long the node's session may be silent.</summary>
    public TimeSpan Ttl => ttl;

    public DatabaseLink Link { get; } = new(world);

    /// <summary>The process that runs, or the last one that ran.</summary>
    public Node Node { get; private set; } = null!;

    /// <summary>How far the computer's clock is ahead of true time.</summary>
    public TimeSpan ClockOffset { get; private set; }

    public int Starts { get; private set; }

    public int Pauses { get; private set; }

    public int Cuts { get; private set; }

    public void Start() => Node = start(this, $"{id} {++Starts}");

    /// <summary>Starts a process again when the last one was killed.</summary>
    public void Restart()
    {
        if (Node.Life.IsOver)
            Start();
    }

    /// <summary>Stops the process for a while, as SIGSTOP does.</summary>
    public void Pause(TimeSpan length)
    {
        var life = Node.Life;
        if (life.IsOver || life.IsPaused)
            return;
        Pauses++;
        world.Note($"{life.Name} is paused for {length}");
        life.Pause();
        world.Nature.After(length, () => Continue(life));
    }

    public void SetClock(TimeSpan offset)
    {
        world.Note($"{id}: the clock is {offset} ahead from now on");
        ClockOffset = offset;
    }

    /// <summary>Cuts the way to the database for a while.</summary>
    public void Cut(LinkState state, TimeSpan length)
    {
        if (Link.State != LinkState.Good)
            return;
        Cuts++;
        world.Note($"{id}: the way to the database {state} for {length}");
        Link.Become(state);
        world.Nature.After(length, Mend);
    }

    /// <summary>Mends everything: the process runs, its clock is right, and the way to the database is good.</summary>
    public void MendAll()
    {
        Mend();
        SetClock(TimeSpan.Zero);
        Continue(Node.Life);
        Restart();
    }

    private void Mend()
    {
        if (Link.State == LinkState.Good)
            return;
        world.Note($"{id}: the way to the database is good again");
        Link.Become(LinkState.Good);
    }

    private void Continue(Life life)
    {
        if (life is { IsPaused: true, IsOver: false })
            world.Note($"{life.Name} continues");
        life.Continue();
    }
}
