using Akka.Actor;
using Akka.Event;
using Iec102.Acquisition;
using Iec102.Fleet;
using Iec102.Storage.Writing;

namespace Iec102.Server.Deliveries;

/// <summary>
/// /user/deliveries: looks at one delivery after the other, each minute at those that are due or could not be written, and each hour at all
/// of them, since more may be stored by then. Takes <see cref="GetDeliveries"/> and <see cref="RunDelivery"/>.
/// </summary>
internal sealed class DeliveryActor : ReceiveActor, IWithTimers, IDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan AgainEvery = TimeSpan.FromHours(1);

    private readonly DeliverySetup _setup;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Dictionary<string, Known> _known = [];
    private readonly Dictionary<string, List<IActorRef>> _asked = [];
    private bool _isBusy;

    /// <summary>Who waits for the look that is under way.</summary>
    private IReadOnlyList<IActorRef> _waiting = [];

    private sealed record LookDue;

    /// <summary>What the last look at a delivery has brought.</summary>
    private sealed record Known(DeliveryConfiguration Delivery, long LookedAt, DeliveryState State);

    /// <summary>Creates the actor.</summary>
    /// <param name="setup">What it works with.</param>
    public DeliveryActor(DeliverySetup setup)
    {
        _setup = setup;
        Receive<LookDue>(_ => OnLookDue());
        Receive<DeliveryLook>(OnLooked);
        Receive<Status.Failure>(_ => _isBusy = false);
        Receive<RunDelivery>(OnRun);
        Receive<GetDeliveries>(_ => Sender.Tell(_setup.Keeps()
            ? new DeliveryStates(_known.ToDictionary(one => one.Key, one => one.Value.State), _isBusy)
            : new DeliveriesElsewhere()));
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>The props of the actor.</summary>
    public static Props Props(DeliverySetup setup) => Akka.Actor.Props.Create(() => new DeliveryActor(setup));

    /// <inheritdoc/>
    protected override void PreStart() => Timers.StartSingleTimer(nameof(LookDue), new LookDue(), Every);

    /// <inheritdoc/>
    protected override void PostStop() => _stopping.Cancel();

    /// <inheritdoc/>
    public void Dispose() => _stopping.Dispose();

    private void OnLookDue()
    {
        Timers.StartSingleTimer(nameof(LookDue), new LookDue(), Every);
        Look();
    }

    private void OnRun(RunDelivery run)
    {
        if (!_asked.TryGetValue(run.Name, out var askers))
            _asked[run.Name] = askers = [];
        askers.Add(Sender);
        Look();
    }

    /// <summary>Begins with the next delivery, unless a look is under way.</summary>
    private void Look()
    {
        if (_isBusy)
            return;
        var fleet = _setup.Keeps() ? _setup.Fleet() : null;
        var deliveries = fleet?.Deliveries ?? [];
        foreach (var gone in _known.Keys.Except(deliveries.Select(one => one.Name)).ToList())
            _known.Remove(gone);
        foreach (var gone in _asked.Keys.Except(deliveries.Select(one => one.Name)).ToList())
            Answer(Take(gone), new DeliveriesElsewhere());
        var next = deliveries.FirstOrDefault(one => _asked.ContainsKey(one.Name)) ?? deliveries.FirstOrDefault(one => IsDue(fleet!, one));
        if (next is null)
            return;
        (_isBusy, _waiting) = (true, Take(next.Name));
        var (work, isAsked, ct) = (_setup.Work, _waiting.Count > 0, _stopping.Token);
        Task.Run(() => work.LookAsync(fleet!, next, isAsked, ct), ct).PipeTo(Self);
    }

    private bool IsDue(FleetConfiguration fleet, DeliveryConfiguration delivery)
    {
        if (!_known.TryGetValue(delivery.Name, out var known) || known.Delivery != delivery)
            return true;
        var now = _setup.Time.Now().InZone(fleet.TimeZone).LocalDateTime;
        var isDue = known.State.Problem is not null
            || DeliveryPlan.Periods(delivery, known.State.Files, now)
                .Any(period => DeliveryPlan.Newest(known.State.Files, period.Name) is null or { Part: not null });
        return _setup.Time.GetElapsedTime(known.LookedAt) >= (isDue ? Every : AgainEvery);
    }

    private void OnLooked(DeliveryLook look)
    {
        _isBusy = false;
        var name = look.Delivery.Name;
        foreach (var file in look.Written)
            _log.Info(DeliveryEvents.DeliveryWritten, name, file.File, file.Intervals, CompleteOf(file));
        foreach (var period in look.Empty)
            _log.Warning(DeliveryEvents.DeliveryEmpty, name, period);
        var before = _known.GetValueOrDefault(name)?.State;
        if (look.Problem is { IsSaid: false } problem && problem.Sentence != before?.Problem)
            _log.Warning(DeliveryEvents.DeliveryFailed, name, problem.Sentence);
        var state = new DeliveryState(look.Problem?.Sentence, look.Files ?? before?.Files ?? []);
        _known[name] = new Known(look.Delivery, _setup.Time.GetTimestamp(), state);
        Answer(_waiting, look);
        _waiting = [];
        Look();
    }

    private static string CompleteOf(DeliveredFile file) => file.Complete is null ? "not counted" : $"{file.Complete} of {file.Meters}";

    private List<IActorRef> Take(string name) => _asked.Remove(name, out var askers) ? askers : [];

    private static void Answer(IEnumerable<IActorRef> askers, object answer)
    {
        foreach (var asker in askers)
            asker.Tell(answer);
    }
}
