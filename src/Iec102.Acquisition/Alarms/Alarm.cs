using Iec102.Acquisition.Verdicts;
using Iec102.Fleet;
using NodaTime;

namespace Iec102.Acquisition.Alarms;

/// <summary>How soon a person should look after an alarm.</summary>
public enum AlarmPriority
{
    /// <summary>Something is read, but spoilt.</summary>
    Low,

    /// <summary>One meter is not read.</summary>
    Medium,

    /// <summary>A port with all meters behind it, a node, or the storage.</summary>
    High,
}

/// <summary>
/// A problem that stood long enough to be worth telling. There is one for each problem, so it is found again by what is wrong with what;
/// when the problem comes back, the same alarm is raised again.
/// </summary>
/// <param name="Subject">What is wrong with what.</param>
/// <param name="Priority">How soon a person should look after it.</param>
/// <param name="Since">Since when the problem stands, or stood when it last did.</param>
/// <param name="ChangedAt">When anything of this record last changed.</param>
public sealed record Alarm(AlarmSubject Subject, AlarmPriority Priority, Instant Since, Instant ChangedAt)
{
    /// <summary>Its name in calls and commands: made of the subject.</summary>
    public string Id => Subject.Id;

    /// <summary>The node that is to blame or runs the port; null when there are no nodes.</summary>
    public string? Node { get; init; }

    /// <summary>The port, or the port of the meter; null when a node is to blame.</summary>
    public string? Port { get; init; }

    /// <summary>When the problem ended; null while it stands.</summary>
    public Instant? ClearedAt { get; init; }

    /// <summary>How often it was raised.</summary>
    public int Count { get; init; } = 1;

    /// <summary>The last failure, in one sentence.</summary>
    public string? LastError { get; init; }

    /// <summary>What to do.</summary>
    public Advice? Advice { get; init; }

    /// <summary>The meters that it keeps from being read, or spoils.</summary>
    public ValueList<string> Meters { get; init; } = [];

    /// <summary>What a person wrote about it.</summary>
    public string? Note { get; init; }

    /// <summary>Who has acknowledged it since it was last raised; null when nobody has.</summary>
    public string? AcknowledgedBy { get; init; }

    /// <summary>When it was acknowledged.</summary>
    public Instant? AcknowledgedAt { get; init; }

    /// <summary>Nothing is sent of it before this moment; null when it is not shelved.</summary>
    public Instant? ShelvedUntil { get; init; }

    /// <summary>The problem stands.</summary>
    public bool IsActive => ClearedAt is null;

    /// <summary>A person has seen it.</summary>
    public bool IsAcknowledged => AcknowledgedAt is not null;
}

/// <summary>What is wrong with what. A port and a meter are named without their node, since they move.</summary>
/// <param name="Kind">The kind of thing.</param>
/// <param name="Name">Its id.</param>
/// <param name="Cause">What is wrong with it.</param>
public sealed record AlarmSubject(AlarmSubjectKind Kind, string Name, VerdictCause Cause)
{
    /// <summary>Such as <c>meter.sim-2.password</c>.</summary>
    public string Id { get; } = $"{Lower(Kind)}.{Name}.{Lower(Cause)}";

    /// <summary>The subject of a problem.</summary>
    public static AlarmSubject Of(OpenProblem problem)
    {
        var (kind, name) = problem switch
        {
            { Meter: { } meter } => (AlarmSubjectKind.Meter, meter),
            { Port: { } port } => (AlarmSubjectKind.Port, port),
            _ => (AlarmSubjectKind.Node, problem.Node!),
        };
        return new AlarmSubject(kind, name, problem.Verdict.Cause!.Value);
    }

    // LineDown is written line-down.
    private static string Lower<T>(T word) where T : struct, Enum => string.Concat($"{word}".Select(
        (letter, at) => char.IsUpper(letter) ? (at > 0 ? "-" : "") + char.ToLowerInvariant(letter) : $"{letter}"));
}

/// <summary>What an alarm can be about.</summary>
public enum AlarmSubjectKind
{
    /// <summary>A node, or its way to the database.</summary>
    Node,

    /// <summary>A port, with all meters behind it.</summary>
    Port,

    /// <summary>A meter.</summary>
    Meter,
}

/// <summary>What happened to an alarm.</summary>
public enum AlarmChangeKind
{
    /// <summary>The problem began.</summary>
    Raised,

    /// <summary>The problem came back.</summary>
    RaisedAgain,

    /// <summary>The problem ended.</summary>
    Cleared,

    /// <summary>A person has seen it.</summary>
    Acknowledged,

    /// <summary>Nothing is to be sent of it for a while.</summary>
    Shelved,

    /// <summary>That while is over, or a person ended it.</summary>
    ShelvingEnded,

    /// <summary>A person wrote something about it.</summary>
    Noted,

    /// <summary>It has long been over and was acknowledged: it is forgotten.</summary>
    Forgotten,
}

/// <summary>One change of an alarm.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Alarm">The alarm after it.</param>
public sealed record AlarmChange(AlarmChangeKind Kind, Alarm Alarm)
{
    /// <summary>
    /// A person who does not look at the alarms should be told: the problem began, came back or ended, and the alarm is not shelved.
    /// </summary>
    public bool IsNews => Kind switch
    {
        AlarmChangeKind.Raised or AlarmChangeKind.RaisedAgain or AlarmChangeKind.Cleared => Alarm.ShelvedUntil is null,
        AlarmChangeKind.ShelvingEnded => Alarm is { IsActive: true, IsAcknowledged: false },
        _ => false,
    };
}
