using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Iec102.Acquisition.Meters;
using Iec102.Acquisition.Profiles;
using Iec102.Acquisition.Tasks;
using Iec102.Fleet;
using NodaTime;

namespace Iec102.Acquisition.Live;

/// <summary>
/// The present state of a meter. Immutable, so that whoever asked for it may keep it. Written as JSON it lacks the current values, which
/// are stored elsewhere, but has what tells how fresh they are.
/// </summary>
/// <param name="Id">The meter's id.</param>
public sealed record LiveMeter(string Id)
{
    private ImmutableSortedDictionary<string, CurrentValue> _values =
        ImmutableSortedDictionary.Create<string, CurrentValue>(StringComparer.Ordinal);

    /// <summary>Zero until values are read after the start: restored values are stale whatever their age.</summary>
    [JsonInclude, JsonPropertyName("staleAfter")]
    private Duration _staleAfter = Duration.Zero;

    /// <summary>When current values were last read since the start.</summary>
    [JsonInclude, JsonPropertyName("valuesReadAt")]
    private Instant? _valuesReadAt;

    [JsonInclude, JsonPropertyName("catchingUp")]
    private ImmutableDictionary<Curve, CatchingUp> _catchingUp = ImmutableDictionary<Curve, CatchingUp>.Empty;

    /// <summary>Its status; null before it has reported for the first time, and for an unknown meter.</summary>
    public MeterStatus? Status { get; init; }

    /// <summary>It, or its port, is configured with enabled = false, so it needs no node.</summary>
    [JsonIgnore]
    public bool IsDisabled => Status?.State == MeterState.Disabled;

    /// <summary>The node that runs it; null when there are no nodes, and while it is disabled.</summary>
    [JsonIgnore]
    public Sight? Sight { get; init; }

    /// <summary>Its recorded curves.</summary>
    [JsonInclude]
    public ImmutableSortedDictionary<Curve, ProfileStatus> Curves { get; private init; } =
        ImmutableSortedDictionary<Curve, ProfileStatus>.Empty;

    /// <summary>Its counts.</summary>
    [JsonInclude]
    public MeterTally Tally { get; private init; } = new();

    /// <summary>Its current values, by signal id, each with the quality that it has at a given moment.</summary>
    public IEnumerable<CurrentValue> ValuesAt(Instant now) => _values.Values.Select(value => AsOf(now, value));

    /// <summary>The current value of a signal, with the quality that it has at a given moment; null when there is none.</summary>
    public CurrentValue? ValueAt(Instant now, string signal) => _values.TryGetValue(signal, out var value) ? AsOf(now, value) : null;

    /// <summary>From when on the current values are stale unless they are read again; null before they were read since the start.</summary>
    public Instant? StaleSince => _valuesReadAt + _staleAfter;

    /// <summary>When the missing intervals of a curve last became fewer; when the curve first reported, if they never have.</summary>
    public Instant MovedAt(Curve curve) => _catchingUp[curve].MovedAt;

    /// <summary>How long what a curve is missing will take at the speed of the last minutes; null when that is not known.</summary>
    public Duration? RemainingOf(Curve curve) => _catchingUp[curve].Remaining;

    internal LiveMeter With(ProfileStatus status, Instant now)
    {
        var before = _catchingUp.GetValueOrDefault(status.Curve) ?? CatchingUp.From(status.Missing, now);
        return this with
        {
            Curves = Curves.SetItem(status.Curve, status),
            _catchingUp = _catchingUp.SetItem(status.Curve, before.With(status.Missing, now)),
        };
    }

    internal LiveMeter Without(Curve curve) => this with { Curves = Curves.Remove(curve), _catchingUp = _catchingUp.Remove(curve) };

    internal LiveMeter With(CurrentValuesRead read, Instant now) =>
        this with { _staleAfter = read.Every * 3, _valuesReadAt = now, _values = Including(read.Values) };

    /// <summary>With current values that were stored, as fresh as they are by its state.</summary>
    public LiveMeter Restore(IReadOnlyList<CurrentValue> values) => this with { _values = Including(values) };

    internal LiveMeter With(EventsStored stored) =>
        this with { Tally = Tally with { EventsStored = Tally.EventsStored + stored.Events.Count } };

    internal LiveMeter With(ClockWriteOutcome outcome) => this with { Tally = Tally.And(outcome) };

    private ImmutableSortedDictionary<string, CurrentValue> Including(IEnumerable<CurrentValue> values) =>
        _values.SetItems(values.Select(value => KeyValuePair.Create(value.Id, value)));

    /// <summary>A value that was read later than now was read before our clock was set back, nobody knows how long ago.</summary>
    private CurrentValue AsOf(Instant now, CurrentValue value) =>
        value.Quality == ValueQuality.Good && (now - value.ReadAt > _staleAfter || value.ReadAt - now > _staleAfter)
            ? value with { Quality = ValueQuality.Stale }
            : value;
}

/// <summary>What has been counted for a meter since the start, or since the live state itself was restarted.</summary>
/// <param name="EventsStored">Events that were stored and not known before.</param>
/// <param name="ClocksSet">How often its clock was set.</param>
/// <param name="ClocksRefused">How often it refused to have its clock set.</param>
/// <param name="ClocksUnanswered">How often it did not answer when its clock was to be set.</param>
public sealed record MeterTally(long EventsStored = 0, long ClocksSet = 0, long ClocksRefused = 0, long ClocksUnanswered = 0)
{
    /// <summary>The tally after one more attempt to set the clock.</summary>
    public MeterTally And(ClockWriteOutcome outcome) => outcome switch
    {
        ClockWriteOutcome.Set => this with { ClocksSet = ClocksSet + 1 },
        ClockWriteOutcome.Refused => this with { ClocksRefused = ClocksRefused + 1 },
        _ => this with { ClocksUnanswered = ClocksUnanswered + 1 },
    };
}
