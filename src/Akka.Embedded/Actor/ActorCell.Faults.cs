using Akka.Dispatch;

namespace Akka.Actor;

internal sealed partial class ActorCell
{
    private bool _failed;
    private IActorRef? _perpetrator;
    private object? _failedMessage;
    private Exception? _recreateCause;

    /// <summary>Suspends this actor and all below it and asks the supervisor what to do.</summary>
    private void Fail(Exception cause, IActorRef? escalatedFor = null)
    {
        if (_failed) return;
        _failed = true;
        _perpetrator = escalatedFor ?? Self;
        _failedMessage = escalatedFor is null ? CurrentMessage : null;
        SuspendSelf();
        foreach (var stats in _children.All())
        {
            if (!stats.Child.Equals(escalatedFor)) stats.Child.SendSystemMessage(new Suspend());
        }
        _parent.SendSystemMessage(new Failed(Self, cause));
    }

    private void SuspendSelf()
    {
        _suspendCount++;
        UpdateBlocked();
    }

    private void ResumeSelf()
    {
        if (_suspendCount > 0) _suspendCount--;
        UpdateBlocked();
    }

    private void ClearFailure()
    {
        _failed = false;
        _perpetrator = null;
        _failedMessage = null;
    }

    private void Suspend()
    {
        SuspendSelf();
        foreach (var stats in _children.All()) stats.Child.SendSystemMessage(new Suspend());
    }

    private void FaultResume(Exception? cause)
    {
        if (_actor is null)
        {
            FaultCreate();
            return;
        }
        var perpetrator = _perpetrator;
        ResumeSelf();
        if (cause is not null) ClearFailure();
        foreach (var stats in _children.All()) stats.Child.SendSystemMessage(new Resume(stats.Child.Equals(perpetrator) ? cause : null));
    }

    /// <summary>Tries anew to create an actor that has never come to life.</summary>
    private void FaultCreate()
    {
        foreach (var child in GetChildren()) Stop(child);
        if (!_children.Await(ChildrenAwaitedBy.Creation)) FinishCreate();
    }

    private void FinishCreate()
    {
        ResumeSelf();
        ClearFailure();
        try
        {
            Create();
        }
        catch (Exception cause)
        {
            Fail(cause);
        }
    }

    private void FaultRecreate(Exception cause)
    {
        if (_actor is null)
        {
            FaultCreate();
            return;
        }
        if (_children.IsTerminating || _children.AwaitedBy != ChildrenAwaitedBy.Nothing)
        {
            // Already on its way: only the suspension that came with this failure is taken back.
            FaultResume(null);
            return;
        }
        _recreateCause = cause;
        try
        {
            _actor.AroundPreRestart(cause, _failedMessage);
        }
        catch (Exception secondary)
        {
            LogError(new PreRestartException(Self, secondary, cause, _failedMessage), secondary.Message);
        }
        _stash?.UnstashAll();
        _stash = null;
        if (!_children.Await(ChildrenAwaitedBy.Recreation)) FinishRecreate();
    }

    private void FinishRecreate()
    {
        var cause = _recreateCause!;
        var message = _failedMessage;
        var survivors = _children.All();
        _recreateCause = null;
        ResumeSelf();
        ClearFailure();
        try
        {
            NewActor();
            _actor!.AroundPostRestart(cause, message);
            EndOfMessage(null);
            foreach (var survivor in survivors) survivor.Child.SendSystemMessage(new Recreate(cause));
        }
        catch (Exception failure)
        {
            _actor = null;
            Fail(new PostRestartException(Self, failure, cause));
        }
    }

    private void Terminate()
    {
        SetReceiveTimeout(null);
        UnwatchAll();
        foreach (var child in GetChildren()) Stop(child);
        var alreadyTerminating = _children.IsTerminating;
        if (!_children.Await(ChildrenAwaitedBy.Termination)) FinishTerminate();
        else if (!alreadyTerminating) SuspendSelf();
    }

    private void FinishTerminate()
    {
        try
        {
            // An instance that was on its way to be replaced has had its PostStop in PreRestart.
            if (_recreateCause is null) _actor?.AroundPostStop();
        }
        catch (Exception cause)
        {
            LogError(cause, cause.Message);
        }
        Mailbox.Close();
        _stash?.ToDeadLetters();
        SystemImpl.EventStream.Unsubscribe(Self);
        _parent.SendSystemMessage(new DeathWatchNotification(Self, existenceConfirmed: true));
        TellWatchers();
        UnwatchAll();
        _actor = null;
        _behaviours.Clear();
    }
}
