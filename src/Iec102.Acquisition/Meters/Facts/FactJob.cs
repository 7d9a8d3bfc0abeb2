using Akka.Actor;
using Iec102.Acquisition.Readings;
using NodaTime;

namespace Iec102.Acquisition.Meters.Facts;

/// <summary>Facts that an operator waits for: every task is read to its end, one after the other, and then all are answered together.</summary>
/// <param name="tasks">The tasks, all of them due.</param>
/// <param name="sender">Who asked.</param>
/// <param name="deadline">What has been read until then is answered; the rest is read when its turn comes.</param>
internal sealed class FactJob(IReadOnlyList<FactTask> tasks, IActorRef sender, Instant deadline)
{
    private readonly List<MeterFact> _facts = [];
    private string? _refusal;
    private int _at;

    /// <summary>The task to go on with; null when the job is done.</summary>
    public FactTask? Next(Instant now)
    {
        while (_at < tasks.Count && tasks[_at].Due > now)
            _at++;
        return _at < tasks.Count && now < deadline ? tasks[_at] : null;
    }

    /// <summary>Takes what a task's exchange brought.</summary>
    public void Add(FactTask task, IReadOnlyList<MeterFact> facts)
    {
        _facts.AddRange(facts);
        _refusal ??= task.Refusal;
    }

    /// <summary>Answers with what was read; with the meter's first refusal when that is all there was.</summary>
    public void Answer() => sender.Tell(_facts.Count == 0 && _refusal is not null
        ? new ReadNowAnswer(ReadNowOutcome.Refused, _refusal)
        : new ReadNowAnswer(ReadNowOutcome.Read, Error: null, Facts: _facts));

    /// <summary>Answers that nothing came of it.</summary>
    public void Fail(ReadNowOutcome outcome, string? error) => sender.Tell(new ReadNowAnswer(outcome, error));
}
