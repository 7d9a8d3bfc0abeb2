using Iec102.Acquisition.Tasks;
using Iec102.Storage.Databases;
using Iec102.Storage.Schema;
using NodaTime;

namespace Iec102.Storage.Writing;

/// <summary>
/// Stores the facts that meters report, each of them once, together with the progress up to which they are known. A fact with a serial
/// number other than that of the recorded progress starts the progress again: what the previous meter reported says nothing about this one.
/// </summary>
internal sealed class FactTables(WritingSession session)
{
    private const string InsertEvent = """
        INSERT INTO event (meter, record, spa, spq, spi, label, ordinal, time_ms, serial_number, read_at)
        VALUES (@meter, @record, @spa, @spq, @spi, @label, @ordinal, @time, @serial, @read) ON CONFLICT DO NOTHING RETURNING 1
        """;

    private readonly TariffTable _tariffs = new(session);
    private readonly ClosingTable _closings = new(session);
    private readonly ConfigurationTable _configurations = new(session);

    /// <summary>Stores facts within the open transaction; returns the events that were not known before.</summary>
    /// <param name="facts">The facts, each with the number of its meter.</param>
    public IReadOnlyList<EventsStored> Store(IReadOnlyList<(long Meter, MeterFact Fact)> facts)
    {
        // The progress first: a second writer of the same meter waits there.
        foreach (var (meter, fact) in facts)
            SetProgress(meter, fact);
        foreach (var (meter, tariff) in Of<TariffRead>(facts))
            _tariffs.Store(tariff, meter);
        _closings.Store(Of<ClosingsRead>(facts));
        _configurations.Store(Of<ConfigurationRead>(facts));
        foreach (var (meter, written) in Of<ClockWritten>(facts))
            Store(written, meter);
        return Store([.. Of<EventsRead>(facts)]);
    }

    /// <summary>The progress up to which the facts of each of some meters are stored.</summary>
    public IEnumerable<IReadOnlyList<FactProgress>> Progress(IEnumerable<(string Meter, uint Serial)> meters) => session.Query(
        """
        SELECT kind, record, read_to FROM fact_progress p JOIN meter m ON m.key = p.meter
        WHERE id = @id AND p.serial_number = @serial ORDER BY kind, record
        """,
        meters.Select(one => ((string, object?)[])[("@id", one.Meter), ("@serial", (long)one.Serial)]),
        row => new FactProgress((FactKind)row.GetInt32(0), row.GetByte(1), Instant.FromUnixTimeSeconds(row.GetInt64(2))));

    /// <summary>The newest answer of each type, record and part about the settings of each of some meters.</summary>
    public IEnumerable<IReadOnlyList<ConfigurationRead>> Configuration(IEnumerable<(string Meter, uint Serial)> meters) =>
        _configurations.Newest(meters);

    private static IEnumerable<(long Meter, T Fact)> Of<T>(IEnumerable<(long Meter, MeterFact Fact)> facts) where T : MeterFact =>
        facts.Where(one => one.Fact is T).Select(one => (one.Meter, (T)one.Fact));

    private List<EventsStored> Store(IReadOnlyList<(long Meter, EventsRead Fact)> facts)
    {
        var events = facts.SelectMany(one => one.Fact.Events.Select(read => (one.Meter, one.Fact, Event: read))).ToList();
        var stored = session.Query(InsertEvent, events.Select(one => ParametersOf(one.Meter, one.Fact, one.Event)), _ => true);
        return
        [
            .. events.Zip(stored).Where(one => one.Second.Count > 0).Select(one => one.First).GroupBy(one => one.Fact)
                .Select(group => new EventsStored(
                    group.Key.Meter, group.Key.Record, group.Key.ReadAt, group.Select(one => one.Event).ToList())),
        ];
    }

    private static (string, object?)[] ParametersOf(long meter, EventsRead read, EventRead one) =>
    [
        ("@meter", meter), ("@record", (long)read.Record), ("@spa", (long)one.Event.Spa), ("@spq", (long)one.Event.Spq),
        ("@spi", one.Event.Spi ? 1L : 0L), ("@label", LabelOctets.Of(one.Event.Time)), ("@ordinal", (long)one.Ordinal),
        ("@time", one.Time?.ToUnixTimeMilliseconds()),
        ("@serial", (long)read.SerialNumber), ("@read", read.ReadAt.ToUnixTimeSeconds()),
    ];

    private void Store(ClockWritten written, long meter) => session.Execute(
        """
        INSERT INTO clock_write (meter, ended_ms, offset_before_ms, written, outcome, error, serial_number)
        VALUES (@meter, @ended, @offset, @written, @outcome, @error, @serial)
        ON CONFLICT (meter, ended_ms) DO UPDATE SET offset_before_ms = excluded.offset_before_ms, written = excluded.written,
            outcome = excluded.outcome, error = excluded.error, serial_number = excluded.serial_number
        """,
        ("@meter", meter), ("@ended", written.ReadAt.ToUnixTimeMilliseconds()),
        ("@offset", (long)Math.Round(written.OffsetBefore.TotalMilliseconds)),
        ("@written", LabelOctets.Of(written.Written)), ("@outcome", (long)written.Outcome), ("@error", written.Error),
        ("@serial", (long)written.SerialNumber));

    private void SetProgress(long meter, MeterFact fact)
    {
        (FactKind, byte, Instant)? progress = fact switch
        {
            EventsRead read => (FactKind.Events, read.Record, read.ReadTo),
            TariffRead { IsClosed: true } read => (FactKind.ClosedTariff, read.Record, read.ReadTo),
            ClosingsRead read => (FactKind.Closings, StoredInterval.RecordOf(read), read.ReadTo),
            _ => null,
        };
        if (progress is not var (kind, record, readTo))
            return;
        session.Execute(
            """
            INSERT INTO fact_progress (meter, kind, record, serial_number, read_to) VALUES (@meter, @kind, @record, @serial, @to)
            ON CONFLICT (meter, kind, record) DO UPDATE SET serial_number = excluded.serial_number, read_to =
                CASE WHEN fact_progress.serial_number = excluded.serial_number AND fact_progress.read_to > excluded.read_to
                    THEN fact_progress.read_to ELSE excluded.read_to END
            """,
            ("@meter", meter), ("@kind", (long)kind), ("@record", (long)record), ("@serial", (long)fact.SerialNumber),
            ("@to", readTo.ToUnixTimeSeconds()));
    }
}
