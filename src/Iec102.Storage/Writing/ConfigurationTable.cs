using Iec102.Acquisition.Tasks;
using Iec102.Storage.Databases;
using Iec102.Storage.Reading;

namespace Iec102.Storage.Writing;

/// <summary>
/// Stores the answers about the settings of meters: a new row only when the settings have changed; otherwise the newest row notes that they
/// were read again.
/// </summary>
internal sealed class ConfigurationTable(WritingSession session)
{
    private const string OfPart = "meter = @meter AND type = @type AND record = @record AND part = @part";

    public void Store(IEnumerable<(long Meter, ConfigurationRead Read)> facts)
    {
        var answers = facts.Select(fact => (fact.Meter, Next: StoredConfiguration.Of(fact.Read))).ToList();
        var newest = new Dictionary<(long Meter, int Type, byte Record, byte Part), StoredConfiguration>();
        var stored = session.Query(
            $"SELECT {StoredConfiguration.Columns} FROM meter_configuration c WHERE {OfPart} ORDER BY first_read_at DESC LIMIT 1",
            answers.Select(one => Key(one.Meter, one.Next)), StoredConfiguration.Read);
        foreach (var (one, found) in answers.Zip(stored).Where(one => one.Second.Count > 0))
            newest[(one.Meter, (int)one.Next.Type, one.Next.Record, one.Next.Part)] = found[0];
        foreach (var (meter, next) in answers)
        {
            var part = (meter, (int)next.Type, next.Record, next.Part);
            var known = newest.GetValueOrDefault(part);
            newest[part] = known is not null && known.SerialNumber == next.SerialNumber && known.SaysTheSameAs(next)
                ? Again(meter, known, next)
                : Add(meter, next);
        }
    }

    /// <summary>The newest answer of each type, record and part of each of some meters.</summary>
    public IEnumerable<IReadOnlyList<ConfigurationRead>> Newest(IEnumerable<(string Meter, uint Serial)> meters)
    {
        var asked = meters.ToList();
        return asked.Zip(session.Query(
            $"{StoredConfiguration.SelectNewest} ORDER BY type, record, part",
            asked.Select(one => ((string, object?)[])[("@meter", one.Meter), ("@serial", (long)one.Serial)]), StoredConfiguration.Read),
            IReadOnlyList<ConfigurationRead> (one, found) =>
                [.. found.Select(stored => new ConfigurationRead(one.Meter, stored.SerialNumber, stored.LastReadAt, stored.Asdu))]);
    }

    private StoredConfiguration Again(long meter, StoredConfiguration known, StoredConfiguration next)
    {
        session.Execute(
            $"UPDATE meter_configuration SET last_read_at = @read, asdu = @asdu WHERE {OfPart} AND first_read_at = @first",
            [
                .. Key(meter, next), ("@first", known.FirstReadAt.ToUnixTimeSeconds()), ("@read", next.LastReadAt.ToUnixTimeSeconds()),
                ("@asdu", next.Asdu),
            ]);
        return known with { LastReadAt = next.LastReadAt, Asdu = next.Asdu };
    }

    private StoredConfiguration Add(long meter, StoredConfiguration next)
    {
        session.Execute(
            """
            INSERT INTO meter_configuration (meter, type, record, part, first_read_at, last_read_at, serial_number, asdu)
            VALUES (@meter, @type, @record, @part, @read, @read, @serial, @asdu)
            ON CONFLICT (meter, type, record, part, first_read_at) DO UPDATE SET
                last_read_at = excluded.last_read_at, serial_number = excluded.serial_number, asdu = excluded.asdu
            """,
            [
                .. Key(meter, next), ("@read", next.FirstReadAt.ToUnixTimeSeconds()), ("@serial", (long)next.SerialNumber),
                ("@asdu", next.Asdu),
            ]);
        return next;
    }

    private static (string, object?)[] Key(long meter, StoredConfiguration of) =>
        [("@meter", meter), ("@type", (long)of.Type), ("@record", (long)of.Record), ("@part", (long)of.Part)];
}
