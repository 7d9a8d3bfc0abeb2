using System.Text.Json.Serialization;
using Iec102.Storage.Reading;
using NodaTime;

namespace Iec102.Contract;

/// <summary>A current value that was kept; <c>stepEnd</c> is present only when steps were requested.</summary>
public sealed record KeptValueModel(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? StepEnd, double? Value, string Quality,
    string? MeterTime, string ReadAt)
{
    public static KeptValueModel Of(StoredCurrentValue stored, Instant? stepEnd, DateTimeZone zone) => new(
        Iso(stepEnd, zone), stored.Value, Names.Of(stored.Quality), Iso(stored.MeterTime, zone), TimeText.Format(stored.ReadAt, zone));

    private static string? Iso(Instant? time, DateTimeZone zone) => time is { } known ? TimeText.Format(known, zone) : null;
}

// The values are read from the database while they are written, so they can be enumerated only once.

/// <summary>The values of a signal that were kept.</summary>
/// <param name="Id">The signal's id.</param>
/// <param name="Unit">The unit of the values.</param>
/// <param name="Values">The values by time.</param>
public sealed record SignalHistoryModel(string Id, string Unit, IEnumerable<KeptValueModel> Values);

/// <summary>The current values of a meter that were kept as history.</summary>
public sealed record CurrentHistoryModel(string Meter, IEnumerable<SignalHistoryModel> Signals)
{
    public static CurrentHistoryModel Of(ReadingsStore store, string meter, HistoryQuery query, DateTimeZone zone)
    {
        var signals = query.Signal is { } one ? [one] : Contract.Signals.All.Intersect(store.Signals(meter));
        return new CurrentHistoryModel(
            meter, signals.Select(signal => new SignalHistoryModel(signal, Contract.Signals.UnitOf(signal), Values(signal))));

        IEnumerable<KeptValueModel> Values(string signal) => query.Step is { } step
            ? store.CurrentHistory(meter, signal, query.Range, step).Select(kept => KeptValueModel.Of(kept.Value, kept.StepEnd, zone))
            : store.CurrentHistory(meter, signal, query.Range).Select(kept => KeptValueModel.Of(kept, null, zone));
    }
}
