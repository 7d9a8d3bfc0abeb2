using System.Collections.Immutable;
using Akka.Actor;
using Iec102.Acquisition.Gateway;
using Iec102.Acquisition.Meters;
using Iec102.Acquisition.Ports;
using Iec102.Acquisition.Profiles;
using Iec102.Fleet;
using NodaTime;

namespace Iec102.Acquisition.Readings;

/// <summary>
/// Everything that is known now, in memory, for whoever asks: states of ports, meters and curves, and current values; passes on to the writer what is
/// to be kept, and tells those who watch what happens. Takes the status messages of the other actors and answers <see cref="GetOverview"/>.
/// </summary>
public sealed class ReadingsActor : ReceiveActor
{
    private static readonly Duration UpsertEvery = Duration.FromSeconds(10);

    private readonly IActorRef _writer;
    private readonly TimeProvider _time;
    private readonly Dictionary<string, CurrentValues> _current = new(StringComparer.Ordinal);
    private ImmutableSortedDictionary<string, PortStatus> _ports = ImmutableSortedDictionary.Create<string, PortStatus>(StringComparer.Ordinal);
    private ImmutableSortedDictionary<string, MeterStatus> _meters = ImmutableSortedDictionary.Create<string, MeterStatus>(StringComparer.Ordinal);

    private ImmutableSortedDictionary<string, GatewayStatus> _gateways = ImmutableSortedDictionary.Create<string, GatewayStatus>(StringComparer.Ordinal);

    private ImmutableSortedDictionary<string, ImmutableSortedDictionary<Curve, ProfileStatus>> _profiles =
        ImmutableSortedDictionary.Create<string, ImmutableSortedDictionary<Curve, ProfileStatus>>(StringComparer.Ordinal);

    private ImmutableSortedDictionary<string, MeterTally> _tallies = ImmutableSortedDictionary.Create<string, MeterTally>(StringComparer.Ordinal);

    /// <summary>A list, so that they are told in an order that a replay repeats; a handful of clients.</summary>
    private readonly List<IActorRef> _watchers = [];

    /// <summary>A meter's values: the period after which they are stale counts from each value's own reading.</summary>
    private sealed class CurrentValues
    {
        /// <summary>Zero until they are read after the start: restored values are stale whatever their age.</summary>
        public Duration StaleAfter { get; set; } = Duration.Zero;

        public Instant StoredAt { get; set; } = Instant.MinValue;

        public Instant HistoryAt { get; set; } = Instant.MinValue;

        public SortedDictionary<string, CurrentValue> Values { get; } = new(StringComparer.Ordinal);
    }

    /// <summary>Creates the actor.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="time">The clock.</param>
    public ReadingsActor(IActorRef writer, TimeProvider time)
    {
        _writer = writer;
        _time = time;
        Receive<PortStatus>(OnPort);
        Receive<MeterStatus>(OnMeter);
        Receive<ProfileStatus>(OnProfile);
        Receive<CurrentValuesRead>(OnCurrentValues);
        Receive<CurrentValuesRestored>(OnRestored);
        Receive<ClockWritten>(OnClockWritten);
        Receive<MeterFact>(_writer.Tell);
        Receive<EventsStored>(OnEventsStored);
        Receive<CurveRecorded>(TellWatchers);
        Receive<IdentityRead>(read => _writer.Tell(new StoreIdentity(read.Meter, read.Identification, read.ReadAt)));
        Receive<ClockRead>(read => _writer.Tell(new StoreClockCheck(read.Meter, read.Reading)));
        Receive<HabitFound>(found => _writer.Tell(new StoreHabit(found.Meter, found.Habit)));
        Receive<GatewayStatus>(status => _gateways = _gateways.SetItem(status.Port, status));
        Receive<ForgetPort>(forget => _ports = _ports.Remove(forget.Port));
        Receive<ForgetGateway>(forget => _gateways = _gateways.Remove(forget.Port));
        Receive<ForgetMeter>(OnForgetMeter);
        Receive<GetOverview>(_ => Sender.Tell(Overview()));
        Receive<Watch>(_ => OnWatch());
        Receive<Unwatch>(_ => Forget(Sender));
        Receive<Terminated>(gone => _watchers.Remove(gone.ActorRef));
    }

    private void OnPort(PortStatus status)
    {
        var isNews = _ports.GetValueOrDefault(status.Id)?.State != status.State;
        _ports = _ports.SetItem(status.Id, status);
        if (isNews)
            TellWatchers(status);
    }

    private void OnMeter(MeterStatus status)
    {
        var isNews = _meters.GetValueOrDefault(status.Id)?.State != status.State;
        _meters = _meters.SetItem(status.Id, status);
        if (isNews)
            TellWatchers(status);
    }

    private void OnClockWritten(ClockWritten written)
    {
        _tallies = _tallies.SetItem(written.Meter, TallyOf(written.Meter).And(written.Outcome));
        _writer.Tell(written);
    }

    private void OnEventsStored(EventsStored stored)
    {
        var tally = TallyOf(stored.Meter);
        _tallies = _tallies.SetItem(stored.Meter, tally with { EventsStored = tally.EventsStored + stored.Events.Count });
        TellWatchers(stored);
    }

    private void OnWatch()
    {
        if (_watchers.Contains(Sender))
            return;
        Context.Watch(Sender);
        _watchers.Add(Sender);
    }

    private void Forget(IActorRef watcher)
    {
        Context.Unwatch(watcher);
        _watchers.Remove(watcher);
    }

    private void TellWatchers(object notice)
    {
        foreach (var watcher in _watchers)
            watcher.Tell(notice);
    }

    private MeterTally TallyOf(string meter) => _tallies.GetValueOrDefault(meter) ?? new MeterTally();

    private void OnProfile(ProfileStatus status)
    {
        var curves = _profiles.GetValueOrDefault(status.Meter) ?? ImmutableSortedDictionary<Curve, ProfileStatus>.Empty;
        _profiles = _profiles.SetItem(status.Meter, curves.SetItem(status.Curve, status));
    }

    private void OnCurrentValues(CurrentValuesRead read)
    {
        var known = Of(read.Meter);
        known.StaleAfter = read.Every * 3;
        foreach (var value in read.Values)
            known.Values[value.Id] = value;
        TellWatchers(read);
        var now = _time.Now();
        var keepHistory = read.HistoryEvery is { } every && now - known.HistoryAt >= every;
        if (!keepHistory && now - known.StoredAt < UpsertEvery)
            return;
        known.StoredAt = now;
        known.HistoryAt = keepHistory ? now : known.HistoryAt;
        _writer.Tell(new StoreCurrentValues(read.Meter, read.Values, keepHistory));
    }

    private void OnRestored(CurrentValuesRestored restored)
    {
        foreach (var (meter, values) in restored.Values)
        {
            foreach (var value in values)
                Of(meter).Values.TryAdd(value.Id, value);
        }
    }

    private void OnForgetMeter(ForgetMeter forget)
    {
        _meters = _meters.Remove(forget.Meter);
        _profiles = _profiles.Remove(forget.Meter);
        _current.Remove(forget.Meter);
        _tallies = _tallies.Remove(forget.Meter);
    }

    private CurrentValues Of(string meter)
    {
        if (!_current.TryGetValue(meter, out var values))
            _current[meter] = values = new CurrentValues();
        return values;
    }

    private Overview Overview()
    {
        var now = _time.Now();
        return new Overview(
            _ports, _meters, _profiles,
            _current.ToImmutableSortedDictionary(
                pair => pair.Key,
                pair => pair.Value.Values.ToImmutableSortedDictionary(
                    value => value.Key, value => WithAge(value.Value, pair.Value.StaleAfter, now), StringComparer.Ordinal),
                StringComparer.Ordinal))
        {
            Tallies = _tallies,
            Gateways = _gateways,
        };
    }

    private static CurrentValue WithAge(CurrentValue value, Duration staleAfter, Instant now) =>
        value.Quality == ValueQuality.Good && now - value.ReadAt > staleAfter ? value with { Quality = ValueQuality.Stale } : value;
}
