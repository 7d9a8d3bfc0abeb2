using Iec102.Acquisition.Verdicts;
using Iec102.Fleet;
using NodaTime;

namespace Iec102.Acquisition.Alarms;

/// <summary>
/// All alarms, and the rules by which they come and go. A problem is raised once it has stood for the delay, and cleared once it has been
/// gone for the delay; what comes back soon and often must be gone for longer each time, so that a line that comes and goes is one alarm
/// that stays, and not a hundred messages. What cannot be seen neither raises nor clears anything.
/// <para>Not for several threads; it knows no clock: each call says what time it is.</para>
/// </summary>
public sealed class AlarmBook
{
    /// <summary>How long an alarm is kept that is over and was acknowledged.</summary>
    public static readonly Duration Kept = Duration.FromDays(90);

    /// <summary>What comes back within this time comes and goes; and so long it must be gone at most until it is cleared.</summary>
    private static readonly Duration Longest = Duration.FromHours(1);

    private static readonly Duration ShortestReturn = Duration.FromMinutes(1);

    private readonly Dictionary<AlarmSubject, Alarm> _alarms = [];
    private readonly Dictionary<AlarmSubject, Watched> _watched = [];
    private bool _isRestored;

    /// <summary>All alarms: those that stand first, of these the most urgent first; then the newest first.</summary>
    public IReadOnlyList<Alarm> Alarms =>
    [
        .. _alarms.Values.OrderByDescending(alarm => alarm.IsActive).ThenByDescending(alarm => alarm.IsActive ? alarm.Priority : default)
            .ThenByDescending(alarm => alarm.ClearedAt ?? alarm.Since).ThenBy(alarm => alarm.Id, StringComparer.Ordinal),
    ];

    /// <summary>The alarm of an id; null when there is none.</summary>
    public Alarm? Find(string id) => _alarms.Values.FirstOrDefault(alarm => alarm.Id == id);

    /// <summary>
    /// Takes the alarms that were stored. Of an alarm that both know, what changed last counts; what was raised before anything was ever
    /// restored, because the database was away at the start, goes on with what was stored of it.
    /// </summary>
    /// <param name="stored">The stored alarms.</param>
    /// <returns>The alarms that are not as they are stored.</returns>
    public IReadOnlyList<Alarm> Restore(IEnumerable<Alarm> stored)
    {
        var differing = _alarms.Values.ToDictionary(alarm => alarm.Subject);
        foreach (var old in stored)
        {
            var now = _alarms.GetValueOrDefault(old.Subject);
            var merged = now is null || old.ChangedAt >= now.ChangedAt ? old : _isRestored ? now : Merge(old, now);
            _alarms[old.Subject] = merged;
            if (merged == old)
                differing.Remove(old.Subject);
            else
                differing[old.Subject] = merged;
        }

        _isRestored = true;
        return [.. differing.Values];
    }

    /// <summary>Looks at the fleet, and returns what has changed.</summary>
    /// <param name="verdicts">The verdicts of the moment.</param>
    /// <param name="fleet">The fleet that they are of.</param>
    /// <param name="delay">How long a problem must stand, or be gone.</param>
    /// <param name="now">The moment.</param>
    public IReadOnlyList<AlarmChange> Look(FleetVerdicts verdicts, FleetConfiguration fleet, Duration delay, Instant now)
    {
        var changes = new List<AlarmChange>();
        foreach (var alarm in _alarms.Values.ToList())
        {
            if (alarm.ShelvedUntil <= now)
                changes.Add(Change(AlarmChangeKind.ShelvingEnded, alarm with { ShelvedUntil = null }, now));
            else if (alarm is { ClearedAt: { } cleared, AcknowledgedAt: { } seen } && now - Instant.Max(cleared, seen) > Kept)
                changes.Add(Forget(alarm));
        }

        var problems = new Dictionary<AlarmSubject, OpenProblem>();
        foreach (var problem in verdicts.Problems)
            problems.TryAdd(AlarmSubject.Of(problem), problem);
        foreach (var subject in problems.Keys.Union(_watched.Keys).Union(Active()).ToList())
        {
            if (problems.GetValueOrDefault(subject) is { } problem)
                changes.AddRange(Stands(subject, problem, delay, now));
            else if (IsHidden(subject, verdicts, fleet))
                NotSeen(subject);
            else
                changes.AddRange(Gone(subject, delay, now));
        }

        return changes;
    }

    /// <summary>A person has seen an alarm; null when somebody has before, or there is no such alarm.</summary>
    public AlarmChange? Acknowledge(string id, string who, Instant now) => Find(id) is { IsAcknowledged: false } alarm
        ? Change(AlarmChangeKind.Acknowledged, alarm with { AcknowledgedBy = who, AcknowledgedAt = now }, now)
        : null;

    /// <summary>Nothing is sent of an alarm until a moment, or from now on again; null when there is no such alarm.</summary>
    public AlarmChange? Shelve(string id, Instant? until, Instant now) => Find(id) is { } alarm
        ? Change(until is null ? AlarmChangeKind.ShelvingEnded : AlarmChangeKind.Shelved, alarm with { ShelvedUntil = until }, now)
        : null;

    /// <summary>A person writes something about an alarm, or takes it back; null when there is no such alarm.</summary>
    public AlarmChange? Note(string id, string? text, Instant now) =>
        Find(id) is { } alarm ? Change(AlarmChangeKind.Noted, alarm with { Note = text }, now) : null;

    private IEnumerable<AlarmSubject> Active() => _alarms.Values.Where(alarm => alarm.IsActive).Select(alarm => alarm.Subject);

    private IEnumerable<AlarmChange> Stands(AlarmSubject subject, OpenProblem problem, Duration delay, Instant now)
    {
        var (alarm, watched) = (_alarms.GetValueOrDefault(subject), _watched.GetValueOrDefault(subject) ?? new Watched());
        // Our clock may be set back.
        var from = Instant.Min(watched.StandsSince ?? now, now);
        _watched[subject] = watched with { StandsSince = from, GoneSince = null };
        if (alarm is { IsActive: true })
            _alarms[subject] = WithDetails(alarm, problem);
        else if (now - from >= delay)
        {
            _watched[subject] = watched with { StandsSince = from, GoneSince = null, Returns = ReturnsOf(alarm, watched, now) };
            yield return Raise(subject, alarm, problem, Instant.Min(problem.Verdict.Since ?? from, now), now);
        }
    }

    private IEnumerable<AlarmChange> Gone(AlarmSubject subject, Duration delay, Instant now)
    {
        var (alarm, watched) = (_alarms.GetValueOrDefault(subject), _watched.GetValueOrDefault(subject) ?? new Watched());
        if (alarm is not { IsActive: true })
        {
            // How often it came back is remembered for as long as that matters.
            if (watched.Returns > 0 && now - alarm?.ClearedAt < Longest)
                _watched[subject] = watched with { StandsSince = null };
            else
                _watched.Remove(subject);
            yield break;
        }

        var from = Instant.Min(watched.GoneSince ?? now, now);
        _watched[subject] = watched with { StandsSince = null, GoneSince = from };
        if (now - from >= ClearDelay(delay, watched.Returns))
            yield return Change(AlarmChangeKind.Cleared, alarm with { ClearedAt = now }, now);
    }

    private void NotSeen(AlarmSubject subject)
    {
        if (_watched.TryGetValue(subject, out var watched))
            _watched[subject] = watched with { StandsSince = null, GoneSince = null };
    }

    private static int ReturnsOf(Alarm? alarm, Watched watched, Instant now) =>
        now - alarm?.ClearedAt < Longest ? watched.Returns + 1 : 0;

    private static Duration ClearDelay(Duration delay, int returns) => returns == 0
        ? delay
        : Duration.Max(delay, Duration.Min(Duration.Max(delay, ShortestReturn) * Math.Pow(2, Math.Min(returns, 10)), Longest));

    private AlarmChange Raise(AlarmSubject subject, Alarm? earlier, OpenProblem problem, Instant since, Instant now)
    {
        var priority = PriorityOf(problem);
        var raised = earlier is null
            ? new Alarm(subject, priority, since, now)
            : earlier with
            {
                Priority = priority,
                Since = since,
                ClearedAt = null,
                Count = earlier.Count + 1,
                AcknowledgedBy = null,
                AcknowledgedAt = null,
            };
        return Change(earlier is null ? AlarmChangeKind.Raised : AlarmChangeKind.RaisedAgain, WithDetails(raised, problem), now);
    }

    private AlarmChange Change(AlarmChangeKind kind, Alarm alarm, Instant now)
    {
        alarm = alarm with { ChangedAt = now };
        _alarms[alarm.Subject] = alarm;
        return new AlarmChange(kind, alarm);
    }

    private AlarmChange Forget(Alarm alarm)
    {
        _alarms.Remove(alarm.Subject);
        return new AlarmChange(AlarmChangeKind.Forgotten, alarm);
    }

    private static Alarm WithDetails(Alarm alarm, OpenProblem problem) => alarm with
    {
        Node = problem.Node,
        Port = problem.Port,
        LastError = problem.LastError,
        Advice = problem.Verdict.Advice,
        Meters = [.. problem.Meters],
    };

    private static AlarmPriority PriorityOf(OpenProblem problem) => problem switch
    {
        { Verdict.Kind: VerdictKind.Attention } => AlarmPriority.Low,
        { Meter: null } or { Verdict.Cause: VerdictCause.Storage } => AlarmPriority.High,
        _ => AlarmPriority.Medium,
    };

    /// <summary>Whether nobody can say at present if a problem stands that is not among the problems.</summary>
    private static bool IsHidden(AlarmSubject subject, FleetVerdicts verdicts, FleetConfiguration fleet) => subject.Kind switch
    {
        // Without the shared database no node sees another.
        AlarmSubjectKind.Node => verdicts.Problems.Any(
            problem => problem is { Port: null, Meter: null, Verdict.Cause: VerdictCause.Storage }),
        AlarmSubjectKind.Port => verdicts.Ports.TryGetValue(subject.Name, out var verdict)
            ? IsNotSeen(verdict)
            : fleet.Ports.Any(port => port.Id == subject.Name),
        _ => verdicts.Meters.TryGetValue(subject.Name, out var verdict)
            ? IsHidden(subject.Cause, verdict)
            : fleet.Meters.Any(meter => meter.Id == subject.Name),
    };

    /// <summary>
    /// A port that is to blame for the same is told of in place of its meters; for anything else it hides how they are. A curve that is
    /// still being read proves nothing of its gaps: after a start of the server it takes an hour to see whether they become fewer.
    /// </summary>
    private static bool IsHidden(VerdictCause cause, Verdict verdict) =>
        IsNotSeen(verdict) || verdict.IsUnproven || (cause == VerdictCause.Gaps && verdict.Kind == VerdictKind.CatchingUp)
        || (verdict.Blame is not null ? verdict.Cause != cause : MeterVerdict.Hides(verdict, cause));

    private static bool IsNotSeen(Verdict verdict) => verdict is { Kind: VerdictKind.Unknown } or { Cause: VerdictCause.Paused };

    private static Alarm Merge(Alarm old, Alarm now) => old.IsActive && now.IsActive
        ? now with
        {
            Since = Instant.Min(old.Since, now.Since),
            Count = old.Count,
            Note = now.Note ?? old.Note,
            AcknowledgedBy = now.AcknowledgedBy ?? old.AcknowledgedBy,
            AcknowledgedAt = now.AcknowledgedAt ?? old.AcknowledgedAt,
            ShelvedUntil = now.ShelvedUntil ?? old.ShelvedUntil,
        }
        : now with { Count = old.Count + now.Count, Note = now.Note ?? old.Note, ShelvedUntil = now.ShelvedUntil ?? old.ShelvedUntil };

    /// <summary>What is remembered of a problem from one look to the next.</summary>
    private sealed record Watched
    {
        /// <summary>It has stood at every look since.</summary>
        public Instant? StandsSince { get; init; }

        /// <summary>It has been gone at every look since.</summary>
        public Instant? GoneSince { get; init; }

        /// <summary>How often in a row it came back within the hour.</summary>
        public int Returns { get; init; }
    }
}
