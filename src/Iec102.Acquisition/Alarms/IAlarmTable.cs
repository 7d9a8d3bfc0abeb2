using NodaTime;

namespace Iec102.Acquisition.Alarms;

/// <summary>Where alarms outlive the process. In the product these are tables of the readings database; a call waits for it.</summary>
public interface IAlarmTable
{
    /// <summary>All stored alarms.</summary>
    IReadOnlyList<Alarm> Read();

    /// <summary>Stores alarms in place of what was stored of them, and deletes others.</summary>
    /// <param name="changed">The alarms to store.</param>
    /// <param name="forgotten">The ids of those to delete.</param>
    /// <param name="waiting">The messages that are to be sent of them from now on.</param>
    void Write(IReadOnlyList<Alarm> changed, IReadOnlyList<string> forgotten, IReadOnlyList<WaitingNotice> waiting);

    /// <summary>The changes that are still to be sent on a way, in order; each has its alarm as it is now.</summary>
    IReadOnlyList<AlarmChange> Waiting(string way);

    /// <summary>Notes that changes are no longer to be sent on a way.</summary>
    void Sent(string way, IReadOnlyList<AlarmChange> changes);

    /// <summary>Notes that the morning sheet of a day is sent; false when it is noted already, by whichever node.</summary>
    bool Claim(LocalDate day);

    /// <summary>
    /// Explains a failure of the other calls in one sentence; null when it means that the database is away, which others say.
    /// </summary>
    string? Describe(Exception problem);
}
