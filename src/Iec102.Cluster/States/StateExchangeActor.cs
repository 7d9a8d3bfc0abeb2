using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using Iec102.Acquisition;
using Iec102.Acquisition.Live;

namespace Iec102.Cluster.States;

/// <summary>What the actor of the states works with.</summary>
/// <param name="Self">The id of this node.</param>
/// <param name="LiveState">The live state of this node.</param>
/// <param name="Table">Where the states are stored.</param>
/// <param name="View">Where those of others are shown to code outside the actors.</param>
/// <param name="Time">The clock.</param>
public sealed record StateExchangeSetup(string Self, IActorRef LiveState, IStateTable Table, StatesView View, TimeProvider Time);

/// <summary>
/// /user/state-exchange: every 2 s stores what has changed of the ports and meters that this node runs, and reads what others have stored.
/// What is disabled, every node knows by itself.
/// <para>The states of a large fleet take their time behind a slow line, so this node's are stored in parts, and a part that is stored
/// remains so whatever becomes of the next. While the database does not answer it goes on trying; what is shown of others stays as it was
/// and grows old.</para>
/// </summary>
public sealed class StateExchangeActor : ReceiveActor, IWithTimers
{
    /// <summary>The time between two exchanges.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    /// <summary>A part that is not stored, or states that are not read, by then have failed.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>Some 150 KiB.</summary>
    private const int MostAtOnce = 100;

    private readonly StateExchangeSetup _setup;
    private readonly ILoggingAdapter _log = Context.GetLogger();

    /// <summary>What this node runs, as it was at the beginning of the exchange.</summary>
    private OwnStates _own = new(ImmutableDictionary<StateKey, object>.Empty, TimeSpan.Zero);

    /// <summary>What was stored last: the same object, when nothing has changed.</summary>
    private ImmutableDictionary<StateKey, object> _stored = ImmutableDictionary<StateKey, object>.Empty;

    private bool _isFailing;
    private string? _problem;

    private sealed record ExchangeDue;

    private sealed record OwnStates(ImmutableDictionary<StateKey, object> States, TimeSpan At);

    private sealed record PartStored(IReadOnlyDictionary<StateKey, object> Part);

    private sealed record StoringFailed(Exception Problem);

    private sealed record OthersRead(IReadOnlyList<StoredState> States, TimeSpan At);

    private sealed record ReadingFailed(Exception Problem);

    /// <summary>Creates the actor.</summary>
    /// <param name="setup">What it works with.</param>
    public StateExchangeActor(StateExchangeSetup setup)
    {
        _setup = setup;
        Receive<ExchangeDue>(_ => Exchange());
        Receive<OwnStates>(OnOwn);
        Receive<PartStored>(OnStored);
        Receive<StoringFailed>(failed => OnStoringFailed(failed.Problem));
        Receive<OthersRead>(OnRead);
        Receive<ReadingFailed>(failed => OnReadingFailed(failed.Problem));
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>The props of the actor.</summary>
    public static Props Props(StateExchangeSetup setup) => Akka.Actor.Props.Create(() => new StateExchangeActor(setup));

    /// <inheritdoc/>
    protected override void PreStart() => Exchange();

    private void Exchange() => OwnAsync(_setup)
        .PipeTo(Self, success: own => own, failure: problem => new StoringFailed(problem));

    private static async Task<OwnStates> OwnAsync(StateExchangeSetup setup)
    {
        var at = setup.Time.Elapsed();
        using var patience = new CancellationTokenSource(Patience, setup.Time);
        var ports = setup.LiveState.Ask<LivePorts>(new GetPorts(), patience.Token);
        var meters = setup.LiveState.Ask<LiveMeters>(new GetMeters(), patience.Token);
        var states = ImmutableDictionary.CreateRange(
        [
            .. (await ports).ById.Values.Where(port => port is { Status: not null, IsDisabled: false })
                .Select(port => Of(StateKind.Port, port.Id, port)),
            .. (await meters).ById.Values.Where(meter => meter is { Status: not null, IsDisabled: false })
                .Select(meter => Of(StateKind.Meter, meter.Id, meter)),
        ]);
        return new OwnStates(states, at);
    }

    private static KeyValuePair<StateKey, object> Of(StateKind kind, string id, object state) => new(new StateKey(kind, id), state);

    private void OnOwn(OwnStates own)
    {
        _own = own;
        _stored = _stored.RemoveRange(_stored.Keys.Where(key => !own.States.ContainsKey(key)));
        StoreNext();
    }

    private void StoreNext()
    {
        var part = _own.States.Where(one => !ReferenceEquals(one.Value, _stored.GetValueOrDefault(one.Key))).Take(MostAtOnce)
            .ToDictionary();
        if (part.Count > 0)
        {
            StoreAsync(_setup, part).PipeTo(Self, success: () => new PartStored(part), failure: problem => new StoringFailed(problem));
            return;
        }

        _setup.View.ShowStored(_own.At);
        Read();
    }

    private static async Task StoreAsync(StateExchangeSetup setup, IReadOnlyDictionary<StateKey, object> part)
    {
        using var patience = new CancellationTokenSource(Patience, setup.Time);
        await setup.Table.StoreAsync(part.ToDictionary(one => one.Key, one => StoredJson.Write(one.Value)), patience.Token);
    }

    private void OnStored(PartStored stored)
    {
        _stored = _stored.SetItems(stored.Part);
        StoreNext();
    }

    private void OnStoringFailed(Exception problem)
    {
        _problem = problem.Message;
        Read();
    }

    private void Read() => ReadAsync(_setup)
        .PipeTo(Self, success: read => read, failure: problem => new ReadingFailed(problem));

    private static async Task<OthersRead> ReadAsync(StateExchangeSetup setup)
    {
        var at = setup.Time.Elapsed();
        using var patience = new CancellationTokenSource(Patience, setup.Time);
        return new OthersRead(await setup.Table.ReadAsync(patience.Token), at);
    }

    private void OnRead(OthersRead read)
    {
        _setup.View.Show(_setup.Self, _own.States, read.States, read.At);
        // An owner of before, who had been stopped, may have stored its state once more: this node's is stored again.
        _stored = _stored.RemoveRange(read.States.Where(one => one.Node != _setup.Self).Select(one => one.Key));
        End();
    }

    private void OnReadingFailed(Exception problem)
    {
        _problem ??= problem.Message;
        End();
    }

    private void End()
    {
        if (_problem is not null && !_isFailing)
            _log.Warning(NodeEvents.StatesNotExchanged, _problem);
        else if (_problem is null && _isFailing)
            _log.Info(NodeEvents.StatesExchangedAgain);
        (_isFailing, _problem) = (_problem is not null, null);
        Timers.StartSingleTimer(nameof(ExchangeDue), new ExchangeDue(), Every);
    }
}
