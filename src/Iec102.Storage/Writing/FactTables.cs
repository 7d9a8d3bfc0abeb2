using Iec102.Acquisition.Tasks;
using Iec102.Storage.Reading;
using Iec102.Storage.Schema;
using Iec102.Storage.Sql;
using NodaTime;

namespace Iec102.Storage.Writing;

/// <summary>
/// Stores the facts that meters report, each of them once, together with the progress up to which they are known. A fact with a serial
/// number other than that of the recorded progress starts the progress again: what the previous meter reported says nothing about this one.
/// </summary>
internal sealed class FactTables(StatementCache statements)
{
    private readonly TariffTable _tariffs = new(statements);
    private readonly ClosingTable _closings = new(statements);

    /// <summary>Stores a fact within the open transaction; returns the events that were not known before.</summary>
    public IReadOnlyList<EventRead> Store(MeterFact fact, long meter)
    {
        switch (fact)
        {
            case EventsRead read:
                SetProgress(meter, FactKind.Events, read.Record, read.SerialNumber, read.ReadTo);
                return read.Events.Where(one => Store(read, one, meter)).ToList();
            case TariffRead read:
                _tariffs.Store(read, meter);
                if (read.IsClosed)
                    SetProgress(meter, FactKind.ClosedTariff, read.Record, read.SerialNumber, read.ReadTo);
                break;
            case ClosingsRead read:
                _closings.Store(read, meter);
                SetProgress(meter, FactKind.Closings, StoredInterval.RecordOf(read), read.SerialNumber, read.ReadTo);
                break;
            case ConfigurationRead read:
                Store(read, meter);
                break;
            case ClockWritten written:
                Store(written, meter);
                break;
        }
        return [];
    }

    /// <summary>The progress up to which the facts of a meter are stored.</summary>
    public IReadOnlyList<FactProgress> Progress(string meter, uint serial)
    {
        using var row = statements.Prepared(
            """
            SELECT kind, record, read_to FROM fact_progress p JOIN meter m ON m.key = p.meter
            WHERE id = @id AND p.serial_number = @serial ORDER BY kind, record
            """,
            ("@id", meter), ("@serial", (long)serial)).ExecuteReader();
        var progress = new List<FactProgress>();
        while (row.Read())
            progress.Add(new FactProgress((FactKind)row.GetInt32(0), row.GetByte(1), Instant.FromUnixTimeSeconds(row.GetInt64(2))));
        return progress;
    }

    /// <summary>The newest answer of each type, record and part about the settings of a meter.</summary>
    public IReadOnlyList<ConfigurationRead> Configuration(string meter, uint serial)
    {
        using var row = statements.Prepared(
            $"{StoredConfiguration.SelectNewest} ORDER BY type, record, part",
            ("@meter", meter), ("@serial", (long)serial)).ExecuteReader();
        var newest = new List<ConfigurationRead>();
        while (row.Read())
        {
            var stored = StoredConfiguration.Read(row);
            newest.Add(new ConfigurationRead(meter, stored.SerialNumber, stored.LastReadAt, stored.Asdu));
        }
        return newest;
    }

    private bool Store(EventsRead read, EventRead one, long meter) => statements.Execute(
        """
        INSERT INTO event (meter, record, spa, spq, spi, label, ordinal, time_ms, serial_number, read_at)
        VALUES (@meter, @record, @spa, @spq, @spi, @label, @ordinal, @time, @serial, @read) ON CONFLICT DO NOTHING
        """,
        ("@meter", meter), ("@record", (long)read.Record), ("@spa", (long)one.Event.Spa), ("@spq", (long)one.Event.Spq),
        ("@spi", one.Event.Spi ? 1L : 0L), ("@label", LabelOctets.Of(one.Event.Time)), ("@ordinal", (long)one.Ordinal),
        ("@time", one.Time?.ToUnixTimeMilliseconds()),
        ("@serial", (long)read.SerialNumber), ("@read", read.ReadAt.ToUnixTimeSeconds())) > 0;

    private void Store(ConfigurationRead read, long meter)
    {
        var next = StoredConfiguration.Of(read);
        ReadOnlySpan<(string, object?)> key =
            [("@meter", meter), ("@type", (long)next.Type), ("@record", (long)next.Record), ("@part", (long)next.Part)];
        var known = Newest(key);
        if (known is not null && known.SerialNumber == next.SerialNumber && known.SaysTheSameAs(next))
        {
            statements.Execute(
                """
                UPDATE meter_configuration SET last_read_at = @read, asdu = @asdu
                WHERE meter = @meter AND type = @type AND record = @record AND part = @part AND first_read_at = @first
                """,
                [
                    .. key, ("@first", known.FirstReadAt.ToUnixTimeSeconds()), ("@read", next.LastReadAt.ToUnixTimeSeconds()),
                    ("@asdu", next.Asdu),
                ]);
            return;
        }
        statements.Execute(
            """
            INSERT INTO meter_configuration (meter, type, record, part, first_read_at, last_read_at, serial_number, asdu)
            VALUES (@meter, @type, @record, @part, @read, @read, @serial, @asdu)
            ON CONFLICT (meter, type, record, part, first_read_at) DO UPDATE SET
                last_read_at = excluded.last_read_at, serial_number = excluded.serial_number, asdu = excluded.asdu
            """,
            [.. key, ("@read", next.FirstReadAt.ToUnixTimeSeconds()), ("@serial", (long)next.SerialNumber), ("@asdu", next.Asdu)]);
    }

    private StoredConfiguration? Newest(ReadOnlySpan<(string, object?)> key)
    {
        using var row = statements.Prepared(
            $"""
            SELECT {StoredConfiguration.Columns} FROM meter_configuration c
            WHERE meter = @meter AND type = @type AND record = @record AND part = @part ORDER BY first_read_at DESC LIMIT 1
            """,
            key).ExecuteReader();
        return row.Read() ? StoredConfiguration.Read(row) : null;
    }

    private void Store(ClockWritten written, long meter) => statements.Execute(
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

    private void SetProgress(long meter, FactKind kind, byte record, uint serial, Instant readTo) => statements.Execute(
        """
        INSERT INTO fact_progress (meter, kind, record, serial_number, read_to) VALUES (@meter, @kind, @record, @serial, @to)
        ON CONFLICT (meter, kind, record) DO UPDATE SET serial_number = excluded.serial_number, read_to =
            CASE WHEN fact_progress.serial_number = excluded.serial_number AND fact_progress.read_to > excluded.read_to
                THEN fact_progress.read_to ELSE excluded.read_to END
        """,
        ("@meter", meter), ("@kind", (long)kind), ("@record", (long)record), ("@serial", (long)serial),
        ("@to", readTo.ToUnixTimeSeconds()));
}
