using Iec102.Acquisition.Tasks;
using Iec102.Storage.Schema;
using Iec102.Storage.Sql;

namespace Iec102.Storage.Writing;

/// <summary>
/// Stores tariff information: the current period as it was last read, and each closed period with the values that were last read.
/// </summary>
internal sealed class TariffTable(StatementCache statements)
{
    private static readonly string Insert =
        $"""
        INSERT INTO tariff (meter, record, closed, serial_number, read_at, {TariffColumns.Names})
        VALUES (@meter, @record, @closed, @serial, @read, {string.Join(", ", TariffColumns.Parameters)})
        ON CONFLICT (meter, record, closed, object, start_label, end_label) DO UPDATE SET
            serial_number = excluded.serial_number, read_at = excluded.read_at, {TariffColumns.Assignments}
        WHERE ({TariffColumns.Values}) IS DISTINCT FROM ({TariffColumns.ExcludedValues})
        """;

    public void Store(TariffRead read, long meter)
    {
        if (!read.IsClosed)
            statements.Execute(
                "DELETE FROM tariff WHERE meter = @meter AND record = @record AND closed = 0", ("@meter", meter),
                ("@record", (long)read.Record));
        foreach (var period in read.Periods)
        {
            var parameters = new List<(string, object?)>
            {
                ("@meter", meter), ("@record", (long)read.Record), ("@closed", read.IsClosed ? 1L : 0L),
                ("@serial", (long)read.SerialNumber),
                ("@read", read.ReadAt.ToUnixTimeSeconds()),
            };
            parameters.AddRange(TariffColumns.Parameters.Zip(TariffColumns.Of(period), (name, value) => (name, value)));
            statements.Execute(Insert, [.. parameters]);
        }
    }
}
