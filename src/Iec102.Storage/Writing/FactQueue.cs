using Iec102.Acquisition.Tasks;
using Iec102.Protocol.Application;
using Iec102.Storage.Reading;
using Iec102.Storage.Schema;
using NodaTime;

namespace Iec102.Storage.Writing;

/// <summary>
/// Facts that wait to be stored, in the order in which they arrived. A fact that arrives while an earlier one of the same kind and record
/// of the meter still waits is joined with it, so that at most one of each waits, however long the database fails; only the attempts to
/// write clocks are kept separately. Nothing is dropped, because the meter will not be asked again for what is older than the progress of a
/// later fact.
/// </summary>
internal sealed class FactQueue
{
    private readonly OrderedDictionary<FactKey, MeterFact> _waiting = [];

    public int Count => _waiting.Count;

    public IEnumerable<MeterFact> Facts => _waiting.Values;

    public void Add(MeterFact fact)
    {
        var key = FactKey.Of(fact);
        _waiting[key] = _waiting.TryGetValue(key, out var older) ? Joined(older, fact) : fact;
    }

    /// <summary>Puts facts that are older than all waiting ones in front of them.</summary>
    public void AddOlder(FactQueue older)
    {
        var newer = _waiting.Values.ToList();
        _waiting.Clear();
        foreach (var fact in older.Facts.Concat(newer))
            Add(fact);
    }

    /// <summary>Removes and returns the facts beyond the given number of rows; at least one fact stays.</summary>
    public FactQueue TakeBeyond(int rows)
    {
        var beyond = new FactQueue();
        var count = 0;
        foreach (var (key, fact) in _waiting.ToList())
        {
            count += RowsOf(fact);
            if (count <= rows || count == RowsOf(fact))
                continue;
            _waiting.Remove(key);
            beyond._waiting.Add(key, fact);
        }
        return beyond;
    }

    /// <summary>Joins two facts into one; where both are about the same thing, the newer one is kept.</summary>
    private static MeterFact Joined(MeterFact older, MeterFact newer) => (older, newer) switch
    {
        (EventsRead before, EventsRead now) =>
            now with { Events = before.Events.Union(now.Events).ToList(), ReadTo = Instant.Max(before.ReadTo, now.ReadTo) },
        (TariffRead { IsClosed: true } before, TariffRead now) =>
            now with { Periods = before.Periods.Union(now.Periods).ToList(), ReadTo = Instant.Max(before.ReadTo, now.ReadTo) },
        (ClosingsRead before, ClosingsRead now) => now with
        {
            Closings = now.Closings.UnionBy(before.Closings, closing => closing.End).ToList(),
            ReadTo = Instant.Max(before.ReadTo, now.ReadTo),
        },
        _ => newer,
    };

    private static int RowsOf(MeterFact fact) => fact switch
    {
        EventsRead events => 1 + events.Events.Count,
        TariffRead tariff => 1 + tariff.Periods.Count,
        ClosingsRead closings => 1 + closings.Closings.Count,
        _ => 1,
    };

    /// <summary>Facts with equal keys are joined.</summary>
    private readonly record struct FactKey(string Meter, uint SerialNumber, Type Kind, int Record, long Part)
    {
        public static FactKey Of(MeterFact fact)
        {
            var (record, part) = fact switch
            {
                EventsRead events => (events.Record, 0L),
                TariffRead tariff => (tariff.Record, tariff.IsClosed ? 1 : 0),
                ClosingsRead closings => (StoredInterval.RecordOf(closings), 0),
                ConfigurationRead read when StoredConfiguration.Of(read) is var stored =>
                    (stored.Record, (long)stored.Type << 8 | stored.Part),
                _ => (RecordAddress.Default, fact.ReadAt.ToUnixTimeTicks()),
            };
            return new FactKey(fact.Meter, fact.SerialNumber, fact.GetType(), record, part);
        }
    }
}
