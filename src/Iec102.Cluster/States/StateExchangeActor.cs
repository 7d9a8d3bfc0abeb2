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
/// While the database does not answer it goes on trying; what is shown of others stays as it was.
/// </summary>
public sealed class StateExchangeActor : ReceiveActor, IWithTimers
{
    /// <summary>The time between two exchanges.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    /// <summary>An exchange that takes longer has failed.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly StateExchangeSetup _setup;
    private readonly ILoggingAdapter _log = Context.GetLogger();

    /// <summary>What was stored last: the same object, when nothing has changed.</summary>
    private ImmutableDictionary<StateKey, object> _stored = ImmutableDictionary<StateKey, object>.Empty;

    private sealed record ExchangeDue;

    private sealed record Exchanged(ImmutableDictionary<StateKey, object> Own, IReadOnlyList<StoredState> Read);

    private sealed record ExchangeFailed(Exception Problem);

    /// <summary>Creates the actor.</summary>
    /// <param name="setup">What it works with.</param>
    public StateExchangeActor(StateExchangeSetup setup)
    {
        _setup = setup;
        Receive<ExchangeDue>(_ => Exchange());
        Receive<Exchanged>(OnExchanged);
        Receive<ExchangeFailed>(OnFailed);
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>The props of the actor.</summary>
    public static Props Props(StateExchangeSetup setup) => Akka.Actor.Props.Create(() => new StateExchangeActor(setup));

    /// <inheritdoc/>
    protected override void PreStart() => Exchange();

    private void Exchange() => ExchangeAsync(_setup, _stored)
        .PipeTo(Self, success: exchanged => exchanged, failure: problem => new ExchangeFailed(problem));

    private static async Task<Exchanged> ExchangeAsync(StateExchangeSetup setup, ImmutableDictionary<StateKey, object> stored)
    {
        using var patience = new CancellationTokenSource(Patience, setup.Time);
        var ports = setup.LiveState.Ask<LivePorts>(new GetPorts(), patience.Token);
        var meters = setup.LiveState.Ask<LiveMeters>(new GetMeters(), patience.Token);
        var own = ImmutableDictionary.CreateRange(
        [
            .. (await ports).ById.Values.Where(port => port is { Status: not null, IsDisabled: false })
                .Select(port => Of(StateKind.Port, port.Id, port)),
            .. (await meters).ById.Values.Where(meter => meter is { Status: not null, IsDisabled: false })
                .Select(meter => Of(StateKind.Meter, meter.Id, meter)),
        ]);
        var changed = own.Where(one => !ReferenceEquals(one.Value, stored.GetValueOrDefault(one.Key)))
            .ToDictionary(one => one.Key, one => StoredJson.Write(one.Value));
        return new Exchanged(own, await setup.Table.ExchangeAsync(changed, patience.Token));
    }

    private static KeyValuePair<StateKey, object> Of(StateKind kind, string id, object state) => new(new StateKey(kind, id), state);

    private void OnExchanged(Exchanged exchanged)
    {
        var (own, read) = exchanged;
        _setup.View.Show(_setup.Self, own, read, _setup.Time.Elapsed());
        // An owner of before, who had been stopped, may have stored its state once more: this node's is stored again.
        _stored = own.RemoveRange(read.Where(one => one.Node != _setup.Self).Select(one => one.Key));
        ExchangeLater();
    }

    private void OnFailed(ExchangeFailed failed)
    {
        ExchangeLater();
        _log.Debug(NodeEvents.StatesNotExchanged, failed.Problem.Message);
    }

    private void ExchangeLater() => Timers.StartSingleTimer(nameof(ExchangeDue), new ExchangeDue(), Every);
}
