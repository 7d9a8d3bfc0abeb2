using Akka.Actor;

namespace Akka.Persistence;

// Commands and stored events take turns:
//   Ready       a command is handled; what it persists goes to the journal when its handler returns
//   Persisting  commands wait in the internal stash until the handlers of all Persist and PersistAll have run
// One write is in flight at a time; what comes up meanwhile is collected and goes out together when the journal has answered.
public abstract partial class Eventsourced
{
    // What waits for an answer of the journal, in the order of persisting.
    private readonly Queue<Handler> _handlers = [];
    private List<IPersistentEnvelope> _unsent = [];
    private int _commandsWaitFor;
    private bool _writeInFlight;
    private bool _asyncCommandRuns;
    private long _sequenceNr;
    private StashSupport? _internalStash;

    private readonly record struct Handler(Action<object> Run, bool CommandsWait);

    private StashSupport InternalStash => _internalStash ??= new StashSupport(Cell);

    protected internal override bool AroundReceive(Receive receive, object message)
    {
        if (IsRecovering)
            Recover(receive, message);
        else if (!JournalAnswered(message))
            Command(receive, message);
        return true;
    }

    /// <summary>Runs an asynchronous command handler; no other message is handled until it has ended.</summary>
    protected void RunTask(Func<Task> action)
    {
        Cell.RunTask(async () =>
        {
            var handling = action();
            _asyncCommandRuns = !handling.IsCompleted;
            try
            {
                await handling;
            }
            finally
            {
                // One that ended at once is like any other command.
                if (_asyncCommandRuns)
                {
                    _asyncCommandRuns = false;
                    AfterCommand(failed: !handling.IsCompletedSuccessfully);
                }
            }
        });
    }

    public override void AroundPreRestart(Exception cause, object? message)
    {
        InternalStash.UnstashAll();
        // What was persisted before the failure is stored, and replayed to the next incarnation.
        Send();
        base.AroundPreRestart(cause, message switch
        {
            WriteMessageSuccess success => success.Persistent.Payload,
            LoopMessageSuccess loop => loop.Message,
            _ => message,
        });
    }

    public override void AroundPostStop()
    {
        CancelRecoveryTimer();
        InternalStash.UnstashAll();
        base.AroundPostStop();
    }

    private void Command(Receive receive, object message)
    {
        if (_phase == Phase.Persisting)
        {
            InternalStash.Stash();
            return;
        }
        var failed = true;
        try
        {
            base.AroundReceive(receive, message);
            failed = false;
        }
        finally
        {
            if (!_asyncCommandRuns) AfterCommand(failed);
        }
    }

    private void AfterCommand(bool failed)
    {
        Send();
        TakeTurn(failed);
    }

    /// <summary>
    /// Lets the next stashed command in, or none while handlers are to run. All of them after a failure: the restart that follows keeps the mailbox, not this stash.
    /// </summary>
    private void TakeTurn(bool failed)
    {
        _phase = _commandsWaitFor > 0 ? Phase.Persisting : Phase.Ready;
        if (_phase == Phase.Persisting) return;
        if (failed)
            InternalStash.UnstashAll();
        else
            InternalStash.Unstash();
    }

    private void Send()
    {
        if (_writeInFlight || _unsent.Count == 0) return;
        Journal.Tell(new WriteMessages(_unsent, Self, _instance), Self);
        _unsent = [];
        _writeInFlight = true;
    }

    /// <summary>Handles an answer of the journal; false when the message is none.</summary>
    private bool JournalAnswered(object message)
    {
        switch (message)
        {
            case WriteMessageSuccess success:
                if (success.Instance == _instance) OnStored(success.Persistent);
                return true;
            case LoopMessageSuccess loop:
                if (loop.Instance == _instance) RunHandler(loop.Message);
                return true;
            case WriteMessageRejected rejected:
                if (rejected.Instance == _instance) OnRejected(rejected);
                return true;
            case WriteMessageFailure failure:
                if (failure.Instance == _instance) OnFailed(failure);
                return true;
            case WriteMessagesSuccessful written:
                if (written.Instance == _instance)
                {
                    _writeInFlight = false;
                    Send();
                }
                return true;
            case WriteMessagesFailed:
                // Nothing more is sent: the failure of the first event, which follows, stops the actor.
                return true;
            default:
                return IsAnswerToRecovery(message);
        }
    }

    private void OnStored(IPersistentRepresentation stored)
    {
        LastSequenceNr = Math.Max(LastSequenceNr, stored.SequenceNr);
        RunHandler(stored.Payload);
    }

    private void RunHandler(object payload)
    {
        var failed = true;
        try
        {
            _handlers.Peek().Run(payload);
            failed = false;
        }
        finally
        {
            Send();
            HandlerDone(failed);
        }
    }

    private void HandlerDone(bool failed)
    {
        if (_handlers.Dequeue().CommandsWait) _commandsWaitFor--;
        TakeTurn(failed);
    }

    private void OnRejected(WriteMessageRejected rejected)
    {
        var representation = rejected.Persistent;
        LastSequenceNr = Math.Max(LastSequenceNr, representation.SequenceNr);
        HandlerDone(failed: false);
        OnPersistRejected(rejected.Cause, representation.Payload, representation.SequenceNr);
    }

    private void OnFailed(WriteMessageFailure failure)
    {
        try
        {
            OnPersistFailure(failure.Cause, failure.Persistent.Payload, failure.Persistent.SequenceNr);
        }
        finally
        {
            Context.Stop(Self);
        }
    }
}
