using Akka.Event;

namespace Iec102.Acquisition;

/// <summary>
/// Every event that the server logs, but for those about its nodes (NodeEvents in Iec102.Cluster). The name of a constant is the event's
/// name, by which a log in JSON is searched: once published it never changes. Its value is the line, with the names of the event's values
/// as placeholders. Its summary says what the event means and what to do about it. The table in docs/operations.md is made from all this.
/// </summary>
public static class LogEvents
{
    /// <summary>The line is open.</summary>
    [LoggedAt(LogLevel.InfoLevel)]
    public const string PortOpened = "port {Port}: {Address} is open";

    /// <summary>The first valid frame has come since the line was lost, or given up (`PortSilent`), that many times in a row.</summary>
    [LoggedAt(LogLevel.InfoLevel)]
    public const string PortReopened = "port {Port}: {Address} is open again (failures in a row before: {Failures})";

    /// <summary>
    /// The line was lost or cannot be opened, for the reason given. Logged once for each reason, not at every attempt; `PortReopened` has
    /// the count.
    /// </summary>
    [LoggedAt(LogLevel.WarningLevel)]
    public const string PortLost = "port {Port}: {Error} Next attempt in {Pause:0.#} s.";

    /// <summary>
    /// A TCP line brings no valid frame, or a serial line something else in their place. Often the converter was restarted, the meter is
    /// off, or the link address is wrong. Logged once for each reason; `PortReopened` has the count.
    /// </summary>
    [LoggedAt(LogLevel.WarningLevel)]
    public const string PortSilent = "port {Port}: {Error} Closing and reopening the line.";

    /// <summary>
    /// A call was ended because another port has to call through the same modem: there was nothing left to read, or `max-call` had passed.
    /// </summary>
    [LoggedAt(LogLevel.InfoLevel)]
    public const string PortYielded = "port {Port}: {Address} is hung up, since another port waits for the modem";

    /// <summary>
    /// The port is used raw, but its converter negotiates Telnet options. Octets of value 0xFF would be damaged. Logged once for each port.
    /// </summary>
    [LoggedAt(LogLevel.WarningLevel)]
    public const string PortSpeaksTelnet = "port {Port}: {Advice}";

    /// <summary>The port was unused for `hold`; it is opened again when it is needed.</summary>
    [LoggedAt(LogLevel.InfoLevel)]
    public const string PortClosed = "port {Port}: {Address} is closed after {Hold:0.#} s without use";

    /// <summary>An operator has the line closed, so that somebody else can use it; `PortResumed` follows by itself.</summary>
    [LoggedAt(LogLevel.InfoLevel)]
    public const string PortPaused = "port {Port}: {Address} is closed for {Minutes} min, as {By} asked";

    /// <summary>The pause is over, or an operator has ended it.</summary>
    [LoggedAt(LogLevel.InfoLevel)]
    public const string PortResumed = "port {Port}: the pause is over, and {Address} is opened when it is needed";

    /// <summary>The server is stopping, or the configuration of the port has changed.</summary>
    [LoggedAt(LogLevel.InfoLevel)]
    public const string PortReleased = "port {Port}: {Address} is released";

    /// <summary>The meters at this link address are not read until it answers.</summary>
    [LoggedAt(LogLevel.WarningLevel)]
    public const string LinkSilent = "port {Port}: link {Link} ({Meters}) is probed until it answers: {Error}";

    /// <summary>The link answers, and its meters are read again.</summary>
    [LoggedAt(LogLevel.InfoLevel)]
    public const string LinkAnswers = "port {Port}: link {Link} ({Meters}) answers again";

    /// <summary>A frame sent (`->`) or received (`&lt;-`), or received octets that are no valid frame; only with `--trace PORT`.</summary>
    [LoggedAt(LogLevel.DebugLevel)]
    public const string FrameTraced = "port {Port}: {Direction} {Frame}";

    /// <summary>Other programs can connect.</summary>
    [LoggedAt(LogLevel.InfoLevel)]
    public const string GatewayListening = "gateway {Port}: listening on {Address}, {Access}";

    /// <summary>
    /// The address is not available, usually because another program uses it; or the process may open no further connection.
    /// </summary>
    [LoggedAt(LogLevel.WarningLevel)]
    public const string GatewayNotListening = "gateway {Port}: {Error} Retrying every {Pause} s.";

    /// <summary>
    /// A client has connected. This line, and each of those below that ends with `{More}`, comes at most once a minute for each host (and
    /// meter): the last one says how many were not logged.
    /// </summary>
    [LoggedAt(LogLevel.InfoLevel)]
    public const string GatewayClientConnected = "gateway {Port}: {Client} has connected{More}";

    /// <summary>Logged once for each connection and meter.</summary>
    [LoggedAt(LogLevel.InfoLevel)]
    public const string GatewayClientLoggedIn = "gateway {Port}: {Client} has logged in to meter {Meter}{More}";

    /// <summary>A client has gone, or was disconnected for the reason given.</summary>
    [LoggedAt(LogLevel.InfoLevel)]
    public const string GatewayClientGone = "gateway {Port}: {Client} is gone after {Requests} requests. {Reason}{More}";

    /// <summary>
    /// The client's address is not in `allow`, or `max-clients` are connected. At most one line every 10 s; it counts the clients that had
    /// none.
    /// </summary>
    [LoggedAt(LogLevel.WarningLevel)]
    public const string GatewayClientTurnedAway =
        "gateway {Port}: {Client} is turned away: {Reason} (others since the last such line: {Others})";

    /// <summary>The client has the wrong key (`keys`) or password, or somebody is guessing.</summary>
    [LoggedAt(LogLevel.WarningLevel)]
    public const string GatewayWrongKey =
        "gateway {Port}: {Client} tried a wrong key on meter {Meter}, {InARow} in a row from its host; answering after {Delay:0.#} s{More}";

    /// <summary>
    /// The client has not logged in, or `mode` does not pass this type. Logged once for each kind and connection, then only counted.
    /// </summary>
    [LoggedAt(LogLevel.InfoLevel)]
    public const string GatewayRequestRefused = "gateway {Port}: {Client} asks {Target} for type {Type} and is refused: {Reason}{More}";

    /// <summary>Only with `mode = full`.</summary>
    [LoggedAt(LogLevel.InfoLevel)]
    public const string GatewayRequestMayWrite =
        "gateway {Port}: {Client} sends meter {Meter} a request that may change something in it, type {Request}";

    /// <summary>The client gets no answer, for the reason given. Logged again only after the meter has answered.</summary>
    [LoggedAt(LogLevel.InfoLevel)]
    public const string GatewayNoAnswer = "gateway {Port}: {Client} gets no answer from meter {Meter}: {Reason}{More}";

    /// <summary>
    /// The client goes on, or goes away, before it has its answer: perhaps it does not wait as long as its requests take. Its next request,
    /// on whatever connection, waits for as long as the answer has used the line, at least 1 s.
    /// </summary>
    [LoggedAt(LogLevel.InfoLevel)]
    public const string GatewayAnswerAbandoned =
        "gateway {Port}: {Client} does not wait for its answer from meter {Meter}; its next request waits {Pause:0.#} s{More}";

    /// <summary>The client asks for more than it fetches.</summary>
    [LoggedAt(LogLevel.WarningLevel)]
    public const string GatewayAnswersDropped =
        "gateway {Port}: {Client} does not fetch its answers from meter {Meter}; they are dropped after {Limit}{More}";

    /// <summary>A login has succeeded: the first one, or the first after a failure.</summary>
    [LoggedAt(LogLevel.InfoLevel)]
    public const string MeterOnline = "meter {Meter}: online, serial number {SerialNumber}";

    /// <summary>State `refused`: correct what is wrong, or call `retry`.</summary>
    [LoggedAt(LogLevel.WarningLevel)]
    public const string MeterRefusedLogin = "meter {Meter}: {Error} The next attempt is at {NextAttempt}.";

    /// <summary>State `wrong-meter`: if the meter was replaced call `replaced`, otherwise correct the addresses.</summary>
    [LoggedAt(LogLevel.WarningLevel)]
    public const string WrongMeterAnswers = "meter {Meter}: {Error}. The next attempt is at {NextAttempt}.";

    /// <summary>`replaced` was called.</summary>
    [LoggedAt(LogLevel.InfoLevel)]
    public const string MeterDeclaredReplaced = "meter {Meter}: an operator has declared that another meter stands here now";

    /// <summary>After `replaced` was called: the new meter has answered with its serial number.</summary>
    [LoggedAt(LogLevel.InfoLevel)]
    public const string MeterReplaced =
        "meter {Meter}: serial number {SerialNumber} replaces the one before; a new segment of history begins";

    /// <summary>The server has set the meter's clock; see [Clocks](#clocks).</summary>
    [LoggedAt(LogLevel.InfoLevel)]
    public const string ClockSet = "meter {Meter}: its clock was {Offset:+0.0;-0.0} s off and is set to {Time}";

    /// <summary>The meter refused or fell silent: check `write-password`. The next attempt is after an hour.</summary>
    [LoggedAt(LogLevel.WarningLevel)]
    public const string ClockNotSet = "meter {Meter}: its clock is {Offset:+0.0;-0.0} s off and could not be set to {Time}: {Error}";

    /// <summary>Why a clock that is off is not set; logged once for each reason. See [Clocks](#clocks).</summary>
    [LoggedAt(LogLevel.WarningLevel)]
    public const string ClockLeftOff = "meter {Meter}: {Alarm}";

    /// <summary>The habit was found, or has changed; see [Clocks](#clocks).</summary>
    [LoggedAt(LogLevel.WarningLevel)]
    public const string SummerTimeHabitFound = "meter {Meter}: its clock shows that it now labels summer time as {Habit}";

    /// <summary>
    /// The meter refused type 162 or its answer was not valid. If it lacks these values set `current-values.enabled = false`, or ask for
    /// fewer `groups`.
    /// </summary>
    [LoggedAt(LogLevel.WarningLevel)]
    public const string CurrentValuesRefused =
        "meter {Meter}: no current values until the next attempt at {NextAttempt}: {Error}";

    /// <summary>The meter refuses something that not every meter has, such as one of its records of events.</summary>
    [LoggedAt(LogLevel.DebugLevel)]
    public const string FactRefused = "meter {Meter}: {Fact} cannot be read; retrying daily: {Error}";

    /// <summary>
    /// The meter's answer did not end, which would have kept the line from the others: the meter is faulty, or another master or a
    /// converter mixes its frames in. Its current values and its clock are still read.
    /// </summary>
    [LoggedAt(LogLevel.WarningLevel)]
    public const string MeterSeriesCut = "meter {Meter}: {Error} Its curves and lists are asked for again at {NextAttempt}.";

    /// <summary>
    /// More events than a meter usually has in years: look at them (`GET .../events`). If it makes them up it is faulty; the more it gives,
    /// the less often it is asked, so that at most 2,400 a day and record are added.
    /// </summary>
    [LoggedAt(LogLevel.WarningLevel)]
    public const string MeterEventsFlood = "meter {Meter} has unusually many events: {Alarm}";

    /// <summary>Some meters end sessions by themselves.</summary>
    [LoggedAt(LogLevel.DebugLevel)]
    public const string MeterDroppedSession = "meter {Meter}: the meter had dropped the session; logging in again";

    /// <summary>
    /// The next request of the ladder ([protocol notes 4.4](protocol.md#44-integrated-totals)): `BlocksOf8`, `BlocksOf6`, `Objects`.
    /// </summary>
    [LoggedAt(LogLevel.InfoLevel)]
    public const string ReadMethodChosen = "meter {Meter}: its {Curve} curve is read as {Method} from now on";

    /// <summary>The labels of the intervals show a period other than the assumed one.</summary>
    [LoggedAt(LogLevel.InfoLevel)]
    public const string PeriodLearned = "meter {Meter}: the period of its {Curve} curve is {Minutes} min";

    /// <summary>State `unsupported` of the curve.</summary>
    [LoggedAt(LogLevel.WarningLevel)]
    public const string CurveRefused = "meter {Meter}: the meter refuses its {Curve} curve (cause {Cause}, {Reason}); retrying in a day";

    /// <summary>
    /// See [Files of two moments](#files-of-two-moments). Nothing has to be done; what neither file holds is read from the meter again.
    /// </summary>
    [LoggedAt(LogLevel.WarningLevel)]
    public const string CoverageRebuilt =
        "meter {Meter}: journal.db and readings.db are not from the same moment; the coverage of its {Curve} curve was rebuilt from the "
        + "{Intervals} intervals that are stored";

    /// <summary>The disk is slow or failing: look for `StoringFailed`.</summary>
    [LoggedAt(LogLevel.WarningLevel)]
    public const string StoringUnconfirmed =
        "meter {Meter}: the writer has not confirmed {Events} events of its {Curve} curve; sending them again";

    /// <summary>
    /// See [Disk full, read-only](#disk-full-read-only). Lines and meters work all the same; curves are recorded once the journal works.
    /// </summary>
    [LoggedAt(LogLevel.WarningLevel)]
    public const string JournalFailedAtStart = "The journal failed when it was tested at the start; each curve retries on its own.";

    /// <summary>The disk is very slow or busy. Lines and meters work all the same.</summary>
    [LoggedAt(LogLevel.WarningLevel)]
    public const string JournalSlowAtStart =
        "The journal has not answered within {Seconds} s at the start; each curve waits for it on its own.";

    /// <summary>
    /// Another node was deleting these entries while they were read, or the journal is damaged. If the next attempt lacks entries too,
    /// `CoverageRebuilt` follows.
    /// </summary>
    [LoggedAt(LogLevel.WarningLevel)]
    public const string EventsMissing = "meter {Meter}: entry {Number} of its {Curve} curve is missing in the journal, which is read again";

    /// <summary>The journal stays larger until the next snapshot; nothing is lost.</summary>
    [LoggedAt(LogLevel.WarningLevel)]
    public const string SnapshotNotSaved = "meter {Meter}: the snapshot of its {Curve} curve could not be saved";

    /// <summary>Entries that a snapshot has made superfluous stay in the journal until the next one; nothing is lost.</summary>
    [LoggedAt(LogLevel.WarningLevel)]
    public const string JournalNotShortened = "meter {Meter}: old journal entries of its {Curve} curve could not be deleted";

    /// <summary>See [Disk full, read-only](#disk-full-read-only). Logged once for each reason.</summary>
    [LoggedAt(LogLevel.ErrorLevel)]
    public const string StoringFailed = "Values cannot be stored and are kept in memory until they can be. {Problem}";

    /// <summary>After `StoringFailed`, at every attempt that fails.</summary>
    [LoggedAt(LogLevel.DebugLevel)]
    public const string StoringPostponed = "Retrying to store values in {Pause:0.#} s. {Problem}";

    /// <summary>`StoringFailed` is over.</summary>
    [LoggedAt(LogLevel.InfoLevel)]
    public const string StoringResumed = "Values are stored in {File} again.";

    /// <summary>
    /// The PostgreSQL database does not answer this server, for the reason given. Lines, live values and gateways go on. Curves wait; what
    /// else was read is kept in memory. Logged once.
    /// </summary>
    [LoggedAt(LogLevel.WarningLevel)]
    public const string StoreAway = "The store is away: live values and gateways go on, curves wait for it. {Problem}";

    /// <summary>`StoreAway` is over.</summary>
    [LoggedAt(LogLevel.InfoLevel)]
    public const string StoreBack = "The store is back after {Seconds:0} s, and curves go on.";

    /// <summary>While the store was away, servers began that must not run beside this one; this one ends.</summary>
    [LoggedAt(LogLevel.ErrorLevel)]
    public const string StoreTaken = "This server ends, because others have begun beside it. {Problem}";

    /// <summary>Free some space.</summary>
    [LoggedAt(LogLevel.WarningLevel)]
    public const string DiskAlmostFull = "Less than 1 GiB is free on the disk of {Directory}: free some; below 200 MiB recording pauses.";

    /// <summary>Retention could not run.</summary>
    [LoggedAt(LogLevel.WarningLevel)]
    public const string RetentionFailed = "Old values could not be deleted; retrying in an hour. {Problem}";

    /// <summary>
    /// The fleet file was changed, as the line says. The changes are applied at once; `FleetInForce` says when all are in force.
    /// </summary>
    [LoggedAt(LogLevel.InfoLevel)]
    public const string FleetChanged = "The fleet file was changed: {Changes}";

    /// <summary>
    /// Every port and meter of the fleet file that this server is to run does so as configured; of many nodes, others run the rest.
    /// </summary>
    [LoggedAt(LogLevel.InfoLevel)]
    public const string FleetInForce = "The fleet is in force (ports: {Ports} of {AllPorts}, meters: {Meters} of {AllMeters})";

    /// <summary>A mistake in the fleet file, with its place: correct it. One line for each.</summary>
    [LoggedAt(LogLevel.WarningLevel)]
    public const string FleetProblem = "{Problem}";

    /// <summary>The lines `FleetProblem` before it say why.</summary>
    [LoggedAt(LogLevel.WarningLevel)]
    public const string FleetRejected = "The fleet file was changed but is not applied; the server goes on as before.";

    /// <summary>After `FleetRejected`: the file has been changed back.</summary>
    [LoggedAt(LogLevel.InfoLevel)]
    public const string FleetMended = "The fleet file is valid again and matches what is in force.";

    /// <summary>
    /// A port, gateway, meter or curve takes long to end; the line names what waits for it. Everything else is applied meanwhile.
    /// </summary>
    [LoggedAt(LogLevel.InfoLevel)]
    public const string FleetPartEnding = "{Part} has been ending for {Seconds} s; waiting for it: {Waiting}";

    /// <summary>The change goes on. Meters whose session was not ended keep it until they drop it.</summary>
    [LoggedAt(LogLevel.WarningLevel)]
    public const string FleetPartStopped = "{Part} has not ended in time and is stopped at once";

    /// <summary>A fault of the program, or of its installation; the rest of the fleet runs.</summary>
    [LoggedAt(LogLevel.ErrorLevel)]
    public const string FleetPartFailed = "{Part} cannot be started; retrying until it can: {Error}";

    /// <summary>Logged when a meter's clock is to be set for the first time, and when this changes.</summary>
    [LoggedAt(LogLevel.InfoLevel)]
    public const string HostClockSynchronised = "The clock of this computer is synchronised; meters' clocks may be set from it.";

    /// <summary>Run NTP.</summary>
    [LoggedAt(LogLevel.WarningLevel)]
    public const string HostClockNotSynchronised =
        "The clock of this computer is not synchronised, so no meter's clock is set from it; run NTP.";

    /// <summary>The system does not say (not Linux, or `adjtimex` is forbidden): set clocks by hand with `sync-clock`.</summary>
    [LoggedAt(LogLevel.WarningLevel)]
    public const string HostClockUnknown =
        "It is not known whether the clock of this computer is synchronised, so no meter's clock is set from it.";
}
