using Akka.Event;

namespace Iec102.Acquisition.Alarms;

/// <summary>The events that a server logs about alarms, in the form of <see cref="LogEvents"/>.</summary>
public static class AlarmEvents
{
    /// <summary>A problem has stood for `alarms.delay`. See [alarms](#alarms).</summary>
    [LoggedAt(LogLevel.WarningLevel)]
    public const string AlarmRaised = "alarm {Alarm}: raised ({Priority}); {Error}";

    /// <summary>A problem that had ended is back; it must be acknowledged again.</summary>
    [LoggedAt(LogLevel.WarningLevel)]
    public const string AlarmRaisedAgain = "alarm {Alarm}: raised again ({Priority}), {Count} times by now; {Error}";

    /// <summary>The problem has been gone for `alarms.delay`, or longer if it came back often.</summary>
    [LoggedAt(LogLevel.InfoLevel)]
    public const string AlarmCleared = "alarm {Alarm}: cleared";

    /// <summary>Somebody has seen the alarm.</summary>
    [LoggedAt(LogLevel.InfoLevel)]
    public const string AlarmAcknowledged = "alarm {Alarm}: acknowledged by {Who}";

    /// <summary>Nothing is sent of the alarm until then.</summary>
    [LoggedAt(LogLevel.InfoLevel)]
    public const string AlarmShelved = "alarm {Alarm}: shelved until {Until}";

    /// <summary>The time for which the alarm was shelved is over, or somebody has ended it.</summary>
    [LoggedAt(LogLevel.InfoLevel)]
    public const string AlarmShelvingEnded = "alarm {Alarm}: no longer shelved";

    /// <summary>This node keeps the alarms and sends messages: it is the first by its id of those that are heard.</summary>
    [LoggedAt(LogLevel.InfoLevel)]
    public const string AlarmsKeptHere = "This node keeps the alarms from now on.";

    /// <summary>Another node does, which is heard again.</summary>
    [LoggedAt(LogLevel.InfoLevel)]
    public const string AlarmsKeptElsewhere = "Another node keeps the alarms from now on.";

    /// <summary>
    /// Alarms go on in memory, and are stored as soon as that works; if the server is stopped before, what has changed since is lost.
    /// Logged once.
    /// </summary>
    [LoggedAt(LogLevel.WarningLevel)]
    public const string AlarmsNotStored = "The alarms cannot be stored: {Problem}";

    /// <summary>The alarms are stored again.</summary>
    [LoggedAt(LogLevel.InfoLevel)]
    public const string AlarmsStoredAgain = "The alarms are stored again.";

    /// <summary>Messages of alarms do not arrive there; they are tried again with growing pauses. Logged once for each reason.</summary>
    [LoggedAt(LogLevel.WarningLevel)]
    public const string NoticeFailed = "{Way}: a message about alarms cannot be sent: {Problem}";

    /// <summary>Messages arrive again.</summary>
    [LoggedAt(LogLevel.InfoLevel)]
    public const string NoticeSentAgain = "{Way}: messages about alarms can be sent again";

    /// <summary>A message was tried many times, or the receiver refuses it, and it is not tried again.</summary>
    [LoggedAt(LogLevel.ErrorLevel)]
    public const string NoticeGivenUp = "{Way}: a message about {Alarms} was given up: {Problem}";

    /// <summary>So many messages waited that the oldest were dropped. Logged once until messages arrive again.</summary>
    [LoggedAt(LogLevel.ErrorLevel)]
    public const string NoticesDropped = "{Way}: more than {Most} messages about alarms wait, and the oldest are dropped";

    /// <summary>The morning sheet of the day went out.</summary>
    [LoggedAt(LogLevel.InfoLevel)]
    public const string MorningSheetSent = "morning sheet of {Day}: handed over to the mail server";

    /// <summary>It is tried again every minute until midnight. Logged once for each reason.</summary>
    [LoggedAt(LogLevel.WarningLevel)]
    public const string MorningSheetFailed = "morning sheet of {Day}: it cannot be sent: {Problem}";
}
