using Akka.Actor;
using Iec102.Acquisition.Meters;
using Iec102.Acquisition.Profiles;
using Iec102.Acquisition.Tasks;

namespace Iec102.Storage.Writing;

/// <summary>
/// The actors that are to be notified when something that waits in the <see cref="WriteQueue"/> is stored. This list lives as long as the
/// queue, across restarts of the writer, and forgets an actor as soon as the queue holds nothing that concerns it.
/// </summary>
internal sealed class Addressees
{
    private readonly Dictionary<(string PersistenceId, long SequenceNr), IActorRef> _profiles = [];
    private readonly Dictionary<(string Meter, byte Record), IActorRef> _tellers = [];

    /// <summary>
    /// The actors that ask something. They get the answer only after the batch that holds their question is stored.
    /// </summary>
    private HashSet<(object Question, IActorRef Asker)> _waiting = [];
    private HashSet<(object Question, IActorRef Asker)> _inFlight = [];

    public bool IsEmpty => _profiles.Count + _tellers.Count + _waiting.Count + _inFlight.Count == 0;

    public void Add(StoreIntervals message, IActorRef profile) => _profiles[(message.PersistenceId, message.SequenceNr)] = profile;

    public void Add(GetIdentity question, IActorRef asker) => _waiting.Add((question, asker));

    public void Add(CompareCurve question, IActorRef profile) => _waiting.Add((question, profile));

    /// <summary>Remembers the sender of a fact. Only facts with events get an answer, and only about those that are new.</summary>
    public void Add(MeterFact fact, IActorRef teller)
    {
        if (fact is EventsRead read)
            _tellers[(read.Meter, read.Record)] = teller;
    }

    /// <summary>Notes that a batch was taken, and all waiting questions with it.</summary>
    public void Take() => (_inFlight, _waiting) = (_waiting, []);

    /// <summary>Notes that the batch failed, so its questions wait again.</summary>
    public void GiveBack()
    {
        _waiting.UnionWith(_inFlight);
        _inFlight = [];
    }

    /// <summary>
    /// The answers to the waiting questions about meters of which something is known without the database; they no longer wait.
    /// </summary>
    /// <param name="known">What is known of a meter.</param>
    public IReadOnlyList<(IActorRef To, KnownIdentity Answer)> TakeKnown(Func<string, KnownIdentity?> known)
    {
        var answers = new List<(IActorRef To, KnownIdentity Answer)>();
        foreach (var (question, asker) in _waiting)
        {
            if (question is GetIdentity { Meter: var meter } && known(meter) is { } answer)
                answers.Add((asker, answer));
        }
        _waiting.RemoveWhere(one => one.Question is GetIdentity { Meter: var meter } && known(meter) is not null);
        return answers;
    }

    /// <summary>The answers that are due after a batch was committed, each with its addressee.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="stored">The result of storing it.</param>
    /// <param name="queue">The queue as it is after the commit.</param>
    public IReadOnlyList<(IActorRef To, object Answer)> Stored(WriteBatch batch, BatchStored stored, WriteQueue queue)
    {
        var answers = new List<(IActorRef To, object Answer)>();
        foreach (var message in batch.Intervals)
        {
            if (_profiles.Remove((message.PersistenceId, message.SequenceNr), out var profile))
                answers.Add((profile, new IntervalsStored(message.PersistenceId, stored.Progress[message.PersistenceId])));
        }
        foreach (var (question, asker) in _inFlight)
            answers.Add((asker, stored.Answers[question]));
        _inFlight = [];
        foreach (var events in stored.NewEvents)
            answers.Add((_tellers[(events.Meter, events.Record)], events));
        var settled = batch.Facts.Facts.OfType<EventsRead>().Select(read => (read.Meter, read.Record));
        foreach (var record in settled.Except(queue.Events.Select(read => (read.Meter, read.Record))))
            _tellers.Remove(record);
        return answers;
    }
}
