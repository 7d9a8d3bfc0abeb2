using Akka.Actor;
using Akka.Event;
using Iec102.Acquisition.Meters.Facts;
using Iec102.Acquisition.Ports;
using Iec102.Acquisition.Readings;
using Iec102.Protocol;
using NodaTime;

namespace Iec102.Acquisition.Meters;

/// <content>What the meter tells beside current values and curves: the tasks know what and when, here they get their exchanges.</content>
public sealed partial class MeterActor
{
    private FactAgenda? _agenda;
    private FactJob? _job;

    /// <summary>A chunk of a curve and a fact take turns.</summary>
    private bool _curvesTurn;

    private void ReadFact(FactTask task)
    {
        _curvesTurn = true;
        var request = task.Next(FactContextAt(Now));
        var timeout = request.Pattern == ConversationPattern.ReadSeries ? HistoryTimeout : ExchangeTimeout;
        var waited = _job is not null;
        Send(new Exchange(Purpose.Fact, request, Task: task), waited ? RequestClass.OnDemand : task.Class, waited ? OnDemandTimeout : timeout);
        Advance();
    }

    private FactContext FactContextAt(Instant now) => new(
        _configuration.Id, _session.KnownSerial ?? 0, _configuration.PointAddress, _configuration.TimeZone, _session.Habit, _session.Clock?.Offset,
        ChunkOctets(now), now);

    private void OnFact(FactTask task, ExchangeEnded ended)
    {
        var now = Now;
        var refusal = task.Refusal;
        var facts = _agenda!.Take(task, ended, FactContextAt(now));
        if (task.Refusal is { } error && error != refusal)
            _log.Debug(LogEvents.FactRefused, _configuration.Id, task.Name, error);
        foreach (var fact in facts)
        {
            if (fact is ConfigurationRead answer)
                _session.TakeSetUp(answer);
            _readings.Tell(fact);
        }

        _job?.Add(task, facts);
        Succeeded();
    }

    private void OnFactFailure(FactTask task, ExchangeEnded ended)
    {
        task.TakeFailure(ended, Now);
        _job?.Fail(ReadNowOutcome.NoAnswer, ended.Error);
        _job = null;
    }

    private void BeginJob((ReadNow Command, IActorRef Sender) onDemand)
    {
        var now = Now;
        var tasks = _agenda!.Hasten(onDemand.Command.What, _session.SetUp, now);
        _job = new FactJob(tasks, onDemand.Sender, now + Duration.FromTimeSpan(OnDemandTimeout));
    }

    /// <summary>The next task of the job under way; a job that is done is answered.</summary>
    private FactTask? NextOfJob(Instant now)
    {
        if (_job is not { } job)
            return null;
        if (job.Next(now) is { } task)
            return task;
        _job = null;
        job.Answer();
        return null;
    }
}
