using Akka.Actor;
using Iec102.Acquisition.Alarms;
using Iec102.Acquisition.Live;
using Iec102.Acquisition.Meters;
using Iec102.Contract;
using Iec102.Fleet;
using Iec102.Page.Data;
using Iec102.Server.Api;

namespace Iec102.Server.Pages;

/// <summary>
/// Makes one state of the fleet for all who look at the page: at most every two seconds, only while somebody looks, and only when something
/// has happened; where there are nodes, whose news do not come here, always.
/// </summary>
internal sealed class FleetNewsActor : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    /// <summary>Verdicts change with time also when nothing happens; who is watched forgets its watchers when it is restarted.</summary>
    private static readonly TimeSpan AtLeastEvery = TimeSpan.FromSeconds(14);

    private readonly HashSet<FleetNews.Follower> _followers = [];
    private readonly List<IActorRef> _waiting = [];
    private readonly ServerNode _node;
    private readonly TimeProvider _time;
    private readonly MeterModels _meters = new();
    private FleetSnapshot? _last;
    private (IReadOnlyList<Alarm> Alarms, FleetConfiguration Fleet)? _alarmsOf;
    private IReadOnlyDictionary<string, AlarmModel> _alarms = new Dictionary<string, AlarmModel>();
    private DateTimeOffset _powersAt;
    private bool _isMaking;
    private bool _hasNews;

    /// <summary>Creates the actor.</summary>
    /// <param name="node">The server.</param>
    /// <param name="time">The time.</param>
    public FleetNewsActor(ServerNode node, TimeProvider time)
    {
        (_node, _time) = (node, time);
        Receive<Get>(_ =>
        {
            if (_last is not null && Age < Every)
            {
                Sender.Tell(_last);
                return;
            }

            _waiting.Add(Sender);
            Make();
        });
        Receive<Follow>(follow => _followers.Add(follow.Follower));
        Receive<Unfollow>(follow => _followers.Remove(follow.Follower));
        Receive<Tick>(_ => OnTick());
        Receive<FleetSnapshot>(OnMade);
        Receive<Status.Failure>(OnFailed);
        ReceiveAny(_ => _hasNews = true);
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    private TimeSpan Age => _last is null ? TimeSpan.MaxValue : _time.GetUtcNow() - _last.At;

    /// <summary>The props of the actor.</summary>
    public static Props Props(ServerNode node, TimeProvider time) => Akka.Actor.Props.Create(() => new FleetNewsActor(node, time));

    /// <inheritdoc/>
    protected override void PreStart() => Timers.StartPeriodicTimer(nameof(Tick), new Tick(), Every);

    /// <inheritdoc/>
    protected override void PostStop() => _node.LiveState.Tell(new Unwatch());

    private void OnTick()
    {
        if (_followers.Count == 0)
        {
            _node.LiveState.Tell(new Unwatch());
            return;
        }

        _node.LiveState.Tell(new Watch());
        _node.Alarms.Tell(new WatchAlarms());
        if (_hasNews || _node.Others is not null || Age >= AtLeastEvery)
            Make();
    }

    private void Make()
    {
        if (_isMaking)
            return;
        (_isMaking, _hasNews) = (true, false);
        // What other nodes run is read from the database, which is not asked every two seconds.
        var powers = _node.Others is not null && _time.GetUtcNow() - _powersAt < AtLeastEvery ? _last?.Powers : null;
        if (powers is null)
            _powersAt = _time.GetUtcNow();
        MakeAsync(powers, Alarms()).PipeTo(Self);
    }

    private IReadOnlyDictionary<string, AlarmModel> Alarms()
    {
        var (alarms, fleet) = (_node.AlarmView.Alarms, _node.Fleet);
        if (!ReferenceEquals(alarms, _alarmsOf?.Alarms) || !ReferenceEquals(fleet, _alarmsOf?.Fleet))
            _alarms = alarms.ToDictionary(alarm => alarm.Id, alarm => AlarmModel.Of(alarm, fleet), StringComparer.Ordinal);
        _alarmsOf = (alarms, fleet);
        return _alarms;
    }

    private void OnMade(FleetSnapshot snapshot)
    {
        (_isMaking, _last) = (false, snapshot);
        Answer(snapshot);
        foreach (var follower in _followers)
            follower.Tell(snapshot);
    }

    private void OnFailed(Status.Failure failure)
    {
        _isMaking = false;
        Answer(failure);
    }

    private void Answer(object answer)
    {
        foreach (var one in _waiting)
            one.Tell(answer);
        _waiting.Clear();
    }

    private async Task<FleetSnapshot> MakeAsync(
        IReadOnlyDictionary<string, LastPower>? powers, IReadOnlyDictionary<string, AlarmModel> alarms)
    {
        var live = await _node.LiveFleetAsync();
        var status = _node.FleetStatus;
        var fleet = status.Fleet;
        var ports =
            from port in live.Ports.ById.Values
            where port.Status is not null
            select PortModel.Of(port, live.Verdicts.OfPort(port.Id), fleet.TimeZone);
        return new FleetSnapshot(
            StatusModel.Of(live.Verdicts, live.Meters, status, live.At), _meters.Of(live, fleet),
            [.. ports.OrderBy(port => port.Id, NaturalOrder.Instance)], powers ?? Powers(_node.WithValues(live)), alarms,
            RejectionModel.Of(status), _time.GetUtcNow());
    }

    private static Dictionary<string, LastPower> Powers(LiveFleet live) =>
        live.Meters.ById.Values.Select(meter => meter.ValueAt(live.At, "power.active.total") is { Value: { } kilowatts } value
            ? KeyValuePair.Create(meter.Id, new LastPower(kilowatts, value.Quality == ValueQuality.Good, value.ReadAt.ToDateTimeOffset()))
            : default).Where(power => power.Key is not null).ToDictionary();

    /// <summary>Asks for the state now, which is at most two seconds old.</summary>
    internal sealed record Get;

    /// <summary>Somebody looks.</summary>
    internal sealed record Follow(FleetNews.Follower Follower);

    /// <summary>Somebody looks no more.</summary>
    internal sealed record Unfollow(FleetNews.Follower Follower);

    private sealed record Tick;
}
