namespace Akka.Actor;

internal sealed partial class ActorCell
{
    private const string NameDigits = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+~";

    private readonly Children _children = new();
    private long _unnamed = -1;

    /// <summary>Failures of children that came while this actor was suspended or awaiting; they are judged when it goes on.</summary>
    private List<Dispatch.Failed>? _deferredFailures;

    public IActorRef ActorOf(Props props, string? name = null)
    {
        if (name is not null) CheckName(name);
        return MakeChild(props, name ?? NextName());
    }

    public IActorRef Child(string name) => _children.ByName(name) ?? (IActorRef)ActorRefs.Nobody;

    public LocalActorRef? ChildOrNull(string name) => _children.ByName(name);

    public IEnumerable<IActorRef> GetChildren() => _children.All().Select(stats => stats.Child);

    public void Stop(IActorRef child)
    {
        _children.MarkStopping(child);
        child.Stop();
    }

    public void MarkStopping(IActorRef child) => _children.MarkStopping(child);

    private static void CheckName(string name)
    {
        if (name.Length == 0) throw new InvalidActorNameException("Actor name must not be empty.");
        if (!ActorPath.IsValidPathElement(name))
        {
            throw new InvalidActorNameException($"Illegal actor name [{name}]. Actor paths MUST: not start with `$`, include only ASCII letters "
                + "and can only contain these special characters: " + ActorPath.ValidSymbols);
        }
    }

    private LocalActorRef MakeChild(Props props, string name)
    {
        var child = new LocalActorRef(SystemImpl, props, Self, new ChildActorPath(Self.Path, name, SystemImpl.NextUid()));
        _children.Add(child);
        child.SendSystemMessage(new Dispatch.Create());
        // A child created while its parent is suspended waits with it.
        for (var i = _suspendCount; i > 0; i--) child.SendSystemMessage(new Dispatch.Suspend());
        return child;
    }

    private string NextName()
    {
        Span<char> name = stackalloc char[12];
        name[0] = '$';
        var length = 1;
        var rest = Interlocked.Increment(ref _unnamed);
        do
        {
            name[length++] = NameDigits[(int)(rest & 63)];
            rest >>= 6;
        }
        while (rest != 0);
        return new string(name[..length]);
    }

    private void OnChildFailure(Dispatch.Failed failed)
    {
        if (IsBlocked)
        {
            (_deferredFailures ??= []).Add(failed);
            return;
        }
        if (_children.Find(failed.Child) is not { } stats) return;
        CurrentSender = failed.Child;
        try
        {
            if (!Strategy.HandleFailure(this, stats, failed.Cause, _children.All())) Fail(failed.Cause, escalatedFor: failed.Child);
        }
        finally
        {
            CurrentSender = null;
        }
    }

    private void JudgeDeferredFailures()
    {
        if (_deferredFailures is null) return;
        foreach (var failed in _deferredFailures) Mailbox.Post(failed);
        _deferredFailures = null;
    }

    private void OnChildEnded(ChildStats child)
    {
        var next = _children.Remove(child);
        if (next == ChildrenAwaitedBy.Creation) FinishCreate();
        else if (next == ChildrenAwaitedBy.Recreation) FinishRecreate();
        else if (next == ChildrenAwaitedBy.Termination) FinishTerminate();
    }
}
