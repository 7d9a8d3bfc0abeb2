using System.Data.Common;
using Iec102.Acquisition.Alarms;
using Iec102.Acquisition.Verdicts;
using Iec102.Storage.Databases;
using Iec102.Storage.Sql;
using NodaTime;
using NodaTime.Text;

namespace Iec102.Storage.Writing;

/// <summary>
/// The tables <c>alarm</c>, <c>notice</c> and <c>morning_sheet</c>. Each call has a connection of its own: there are a few calls an hour,
/// and one every two seconds on a node that does not keep the alarms.
/// </summary>
/// <param name="database">The database.</param>
public sealed class AlarmTable(ReadingsDatabase database) : IAlarmTable
{
    private const string Columns =
        "id, kind, name, cause, priority, since_ms, changed_ms, cleared_ms, count, node, port, meters, last_error, advice_en, advice_es, "
        + "note, acknowledged_by, acknowledged_ms, shelved_until_ms";

    private static readonly string[] Names = Columns.Split(", ");

    // Of two nodes that both take themselves for the keeper, what changed last counts.
    private static readonly string Upsert =
        $"INSERT INTO alarm ({Columns}) VALUES ({string.Join(", ", Names.Select(name => $"@{name}"))}) ON CONFLICT (id) DO UPDATE SET "
        + string.Join(", ", Names.Skip(1).Select(name => $"{name} = excluded.{name}"))
        + " WHERE alarm.changed_ms <= excluded.changed_ms";

    /// <inheritdoc/>
    public IReadOnlyList<Alarm> Read() => database.Explain(() => database.Read(
        connection => connection.Query($"SELECT {Columns} FROM alarm ORDER BY id", ReadRow).OfType<Alarm>().ToList()));

    /// <inheritdoc/>
    public void Write(IReadOnlyList<Alarm> changed, IReadOnlyList<string> forgotten, IReadOnlyList<WaitingNotice> waiting) =>
        database.InTransaction(session =>
        {
            foreach (var id in forgotten)
            {
                session.Execute("DELETE FROM alarm WHERE id = @id", ("@id", id));
                session.Execute("DELETE FROM notice WHERE alarm = @id", ("@id", id));
            }

            foreach (var alarm in changed)
                session.Execute(Upsert, ParametersOf(alarm));
            foreach (var (way, change) in waiting)
                session.Execute(
                    "INSERT INTO notice (way, changed_ms, alarm, change) VALUES (@way, @changed_ms, @alarm, @change) "
                    + "ON CONFLICT DO NOTHING",
                    KeyOf(way, change));
            return true;
        });

    /// <inheritdoc/>
    public IReadOnlyList<AlarmChange> Waiting(string way) => database.Explain(() => database.Read(connection => connection.Query(
        $"""
        SELECT {string.Join(", ", Names.Select(name => $"alarm.{name}"))}, notice.change, notice.changed_ms
        FROM notice JOIN alarm ON alarm.id = notice.alarm WHERE way = @way ORDER BY notice.changed_ms, notice.alarm
        """,
        ReadChange, ("@way", way)).OfType<AlarmChange>().ToList()));

    /// <inheritdoc/>
    public void Sent(string way, IReadOnlyList<AlarmChange> changes) => database.InTransaction(session =>
    {
        foreach (var change in changes)
            session.Execute(
                "DELETE FROM notice WHERE way = @way AND changed_ms = @changed_ms AND alarm = @alarm AND change = @change",
                KeyOf(way, change));
        return true;
    });

    /// <inheritdoc/>
    public bool Claim(LocalDate day) => database.InTransaction(session =>
    {
        var text = LocalDatePattern.Iso.Format(day);
        session.Execute("DELETE FROM morning_sheet WHERE day < @day", ("@day", text));
        return session.Query(
            "INSERT INTO morning_sheet (day) VALUES (@day) ON CONFLICT DO NOTHING RETURNING 1", [[("@day", text)]], _ => true)
            .Single().Count > 0;
    });

    /// <inheritdoc/>
    public string? Describe(Exception problem) => database.IsAway(problem) ? null : database.Describe(problem);

    private static (string, object?)[] KeyOf(string way, AlarmChange change) =>
    [
        ("@way", way), ("@changed_ms", Milliseconds(change.Alarm.ChangedAt)), ("@alarm", change.Alarm.Id), ("@change", $"{change.Kind}"),
    ];

    private static AlarmChange? ReadChange(DbDataReader row) =>
        ReadRow(row) is { } alarm && Enum.TryParse<AlarmChangeKind>(row.GetString(Names.Length), out var kind)
            ? new AlarmChange(kind, alarm with { ChangedAt = ReadInstant(row, Names.Length + 1)!.Value })
            : null;

    private static (string, object?)[] ParametersOf(Alarm alarm) =>
    [
        ("@id", alarm.Id), ("@kind", $"{alarm.Subject.Kind}"), ("@name", alarm.Subject.Name), ("@cause", $"{alarm.Subject.Cause}"),
        ("@priority", (long)alarm.Priority), ("@since_ms", Milliseconds(alarm.Since)), ("@changed_ms", Milliseconds(alarm.ChangedAt)),
        ("@cleared_ms", Milliseconds(alarm.ClearedAt)), ("@count", (long)alarm.Count), ("@node", alarm.Node), ("@port", alarm.Port),
        ("@meters", string.Join(' ', alarm.Meters)), ("@last_error", alarm.LastError), ("@advice_en", alarm.Advice?.En),
        ("@advice_es", alarm.Advice?.Es), ("@note", alarm.Note), ("@acknowledged_by", alarm.AcknowledgedBy),
        ("@acknowledged_ms", Milliseconds(alarm.AcknowledgedAt)), ("@shelved_until_ms", Milliseconds(alarm.ShelvedUntil)),
    ];

    /// <summary>An alarm; null when a newer program has written one that this one does not know.</summary>
    private static Alarm? ReadRow(DbDataReader row) =>
        Enum.TryParse<AlarmSubjectKind>(row.GetString(1), out var kind) && Enum.TryParse<VerdictCause>(row.GetString(3), out var cause)
            ? new Alarm(
                new AlarmSubject(kind, row.GetString(2), cause), (AlarmPriority)row.GetInt32(4), ReadInstant(row, 5)!.Value,
                ReadInstant(row, 6)!.Value)
            {
                ClearedAt = ReadInstant(row, 7),
                Count = row.GetInt32(8),
                Node = ReadText(row, 9),
                Port = ReadText(row, 10),
                Meters = [.. row.GetString(11).Split(' ', StringSplitOptions.RemoveEmptyEntries)],
                LastError = ReadText(row, 12),
                Advice = row.IsDBNull(13) ? null : new Advice(row.GetString(13), row.GetString(14)),
                Note = ReadText(row, 15),
                AcknowledgedBy = ReadText(row, 16),
                AcknowledgedAt = ReadInstant(row, 17),
                ShelvedUntil = ReadInstant(row, 18),
            }
            : null;

    private static string? ReadText(DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static Instant? ReadInstant(DbDataReader row, int column) =>
        row.IsDBNull(column) ? null : Instant.FromUnixTimeMilliseconds(row.GetInt64(column));

    private static long? Milliseconds(Instant? instant) => instant?.ToUnixTimeMilliseconds();
}
