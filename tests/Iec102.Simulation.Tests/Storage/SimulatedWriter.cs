using Akka.Actor;
using Iec102.Acquisition;
using Iec102.Acquisition.Fleets;
using Iec102.Acquisition.Meters;
using Iec102.Acquisition.Profiles;
using Iec102.Acquisition.Tasks;
using Iec102.Fleet;

namespace Iec102.Simulation.Tests;

/// <summary>
/// The writer on tables in memory, with the messages of the writer on SQLite: waiting messages are committed together with the progress of
/// the profiles, failed ones are kept and tried again, and nothing is answered before its commit.
/// </summary>
internal sealed class SimulatedWriter : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly Durable _durable;
    private readonly IStore _store;
    private List<(object Message, IActorRef Sender)> _waiting = [];
    private List<(object Message, IActorRef Sender)> _inFlight = [];
    private bool _isResting;

    public SimulatedWriter(Durable durable, IStore store)
    {
        (_durable, _store) = (durable, store);
        Receive<Committed>(OnCommitted);
        Receive<Failed>(_ => OnFailed());
        Receive<TryAgain>(_ =>
        {
            _isResting = false;
            Flush();
        });
        Receive<RetentionConfiguration>(_ => { });
        Receive<StoreMeterZone>(_ => { });
        Receive<StoreMeterLabels>(_ => { });
        Receive<StoreClockCheck>(_ => { });
        ReceiveAny(message =>
        {
            _waiting.Add((message, Sender));
            Flush();
        });
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private sealed record Committed(IReadOnlyList<(object Answer, IActorRef Sender)> Answers);

    private sealed record Failed;

    private sealed record TryAgain;

    private void Flush()
    {
        if (_isResting || _inFlight.Count > 0 || _waiting.Count == 0)
            return;
        (_inFlight, _waiting) = (_waiting, []);
        var (self, toStore) = (Self, _inFlight);
        _store.Commit(
            () => Store(toStore),
            (answers, failure) => self.Tell(failure is null ? new Committed(answers!) : new Failed(), ActorRefs.NoSender));
    }

    private List<(object Answer, IActorRef Sender)> Store(IReadOnlyList<(object Message, IActorRef Sender)> messages)
    {
        var answers = new List<(object Answer, IActorRef Sender)>();
        foreach (var (message, sender) in messages)
        {
            switch (message)
            {
                case StoreIntervals intervals:
                    answers.Add((new IntervalsStored(intervals.PersistenceId, _durable.Store(intervals)), sender));
                    break;
                case CompareCurve question:
                    answers.Add((_durable.Compare(question), sender));
                    break;
                case GetIdentity question:
                    answers.Add((_durable.Identity(question.Meter), sender));
                    break;
                case StoreIdentity identity:
                    _durable.Store(identity);
                    break;
                case MeterFact fact:
                    _durable.Store(fact);
                    break;
                case StoreHabit habit:
                    _durable.Store(habit);
                    break;
                case StoreCurrentValues values:
                    _durable.Store(values);
                    break;
                case AuditEntry:
                    // Who changed the fleet file; no rule is about it.
                    break;
                default:
                    throw new ViolationException($"The writer does not know {message.GetType().Name}.");
            }
        }

        return answers;
    }

    private void OnCommitted(Committed committed)
    {
        foreach (var (answer, sender) in committed.Answers)
            sender.Tell(answer);
        _inFlight = [];
        Flush();
    }

    private void OnFailed()
    {
        _waiting.InsertRange(0, _inFlight);
        _inFlight = [];
        _isResting = true;
        Timers.StartSingleTimer(nameof(TryAgain), new TryAgain(), RetryAfter);
    }
}
