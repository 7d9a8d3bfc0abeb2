using Iec102.Acquisition.Tasks;
using Iec102.Storage.Databases;
using Iec102.Storage.Schema;

namespace Iec102.Storage.Writing;

/// <summary>
/// Stores tariff information: the current period as it was last read, and each closed period with the values that were last read.
/// </summary>
internal sealed class TariffTable(WritingSession session)
{
    private readonly string _insert =
        $"""
        INSERT INTO tariff (meter, record, closed, serial_number, read_at, {TariffColumns.Names})
        VALUES (@meter, @record, @closed, @serial, @read, {string.Join(", ", TariffColumns.Parameters)})
        ON CONFLICT (meter, record, closed, object, start_label, end_label) DO UPDATE SET
            serial_number = excluded.serial_number, read_at = excluded.read_at, {TariffColumns.Assignments}
        WHERE ({TariffColumns.Values}) IS DISTINCT FROM ({TariffColumns.ExcludedValues})
            {(session.MayBeStale ? "AND tariff.read_at <= excluded.read_at" : "")}
        """;

    private readonly string _delete =
        $"""
        DELETE FROM tariff WHERE meter = @meter AND record = @record AND closed = 0
            {(session.MayBeStale ? "AND read_at <= @read" : "")}
        """;

    public void Store(TariffRead read, long meter)
    {
        if (!read.IsClosed)
            session.Execute(
                _delete, ("@meter", meter), ("@record", (long)read.Record), ("@read", read.ReadAt.ToUnixTimeSeconds()));
        foreach (var period in read.Periods)
            session.Execute(
                _insert,
                [
                    ("@meter", meter), ("@record", (long)read.Record), ("@closed", read.IsClosed ? 1L : 0L),
                    ("@serial", (long)read.SerialNumber), ("@read", read.ReadAt.ToUnixTimeSeconds()),
                    .. TariffColumns.Parameters.Zip(TariffColumns.Of(period), (name, value) => (name, value)),
                ]);
    }
}
