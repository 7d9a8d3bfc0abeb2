using Akka.Actor;
using Akka.Event;
using Iec102.Lines;
using Iec102.Protocol.Description;
using NodaTime;

namespace Iec102.Acquisition.Ports;

/// <summary>
/// Owns a line and everything that happens on it (<see cref="PortExchanges"/>): opens it when it is needed, keeps it, opens it again when it is lost, and tells
/// meters and operators.
/// <para>Takes <see cref="RegisterMeter"/>, <see cref="UnregisterMeter"/>, <see cref="ExchangeRequest"/>, <see cref="DropRequests"/>, <see cref="RetryNow"/>, <see cref="ReleasePort"/>,
/// <see cref="WatchFrames"/>, <see cref="ReportStatus"/>; from its line <see cref="LineOpened"/>, <see cref="LineLost"/>, <see cref="OctetsArrived"/>, <see cref="WriteEnded"/>.</para>
/// <para>States:
/// Closed: nobody needs the line; a request or a due probe opens it.
/// Opening: the line is being opened; requests wait.
/// Open: exchanges run; after the hold, or told to, the sessions are ended and the line is closed.
/// BackingOff: the line was lost; opened again after a growing pause as long as a meter is registered; requests fail at once.
/// After <see cref="ReleasePort"/> the actor stops, from Open once the sessions are ended.</para>
/// </summary>
public sealed partial class PortActor : ReceiveActor, IWithTimers, IExchangeHost
{
    private static readonly TimeSpan StatusEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LeastWait = TimeSpan.FromMilliseconds(1);

    private readonly PortSettings _settings;
    private readonly ILineFactory _factory;
    private readonly IActorRef _liveState;
    private readonly TimeProvider _time;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly PortExchanges _exchanges;
    private readonly PortMeters _meters;
    private readonly FrameWatchers _watchers = new();
    private readonly TimeSpan _startedAt;
    private Action? _giveUpOpening;
    private Task<object>? _opening;
    private LineConnection? _line;
    private int _generation;
    private int _attempt;
    private bool _wasLost;
    private bool _isReleased;
    private long _reconnects;
    private TimeSpan _reconnectAt;
    private TimeSpan? _wakeAt;
    private PortState _state = PortState.Closed;
    private Instant _since;
    private string? _lastError;
    private TimeSpan _statusToldAt;
    private bool _statusIsOld;

    /// <summary>A port, its line closed.</summary>
    /// <param name="settings">Its settings.</param>
    /// <param name="factory">Opens its line.</param>
    /// <param name="liveState">Is told <see cref="PortStatus"/>.</param>
    /// <param name="time">The clock.</param>
    /// <param name="meters">The meters registered with an actor of this port before, or none.</param>
    public PortActor(PortSettings settings, ILineFactory factory, IActorRef liveState, TimeProvider time, PortMeters meters)
    {
        _time = time;
        _meters = meters;
        _settings = settings;
        _factory = factory;
        _liveState = liveState;
        _exchanges = new PortExchanges(settings, this);
        _exchanges.Wire.Traces = settings.LogsFrames;
        _startedAt = Now;
        _since = WallNow;
        Closed();
    }

    private sealed record Wake
    {
        public static readonly Wake Instance = new();
    }

    /// <summary>The actor's timers.</summary>
    public ITimerScheduler Timers { get; set; } = null!;

    private TimeSpan Now => _time.Elapsed();

    private Instant WallNow => _time.Now();

    Instant IExchangeHost.Now => WallNow;

    /// <inheritdoc/>
    protected override void PreStart()
    {
        // Whoever was registered with an actor before this one has lost session and line.
        _meters.Tell(new PortStateChanged(PortState.Closed, "The port was started anew."));
        TellStatus();
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        GiveUpOpening();
        _line?.Close();
        _exchanges.LineClosed("The port was stopped.", Now);
    }

    void IWireOwner.Transmit(ReadOnlyMemory<byte> frame) => _line!.Send(frame);

    void IWireOwner.Trace(bool sent, ReadOnlySpan<byte> frame)
    {
        if (_settings.LogsFrames)
            _log.Debug(LogEvents.FrameTraced, _settings.Id, sent ? "->" : "<-", FrameDescription.Summarize(frame));
        if (!_watchers.IsEmpty)
            _watchers.Tell(WallNow, client: null, sent, frame);
    }

    void IWireOwner.Stream(ExchangeRequest request, ReadOnlySpan<byte> asdu) => request.Stream!.Tell(new AsduArrived(request.Id, asdu.ToArray()));

    void IExchangeHost.Reply(IActorRef client, ExchangeEnded ended)
    {
        _statusIsOld = true;
        client.Tell(ended);
    }

    void IExchangeHost.LinkChanged(ushort linkAddress, bool answers)
    {
        var names = _meters.NamesOf(linkAddress);
        if (answers)
            _log.Info(LogEvents.LinkAnswers, _settings.Id, linkAddress, names);
        else
            _log.Warning(LogEvents.LinkSilent, _settings.Id, linkAddress, names);
        _meters.Tell(new LinkStateChanged(linkAddress, answers));
    }

    private void Closed()
    {
        Receive<ExchangeRequest>(Wait);
        Receive<ReleasePort>(_ => EndRelease(error: null));
        InEveryState();
    }

    private void Opening()
    {
        Receive<ExchangeRequest>(Wait);
        Receive<LineOpened>(opened => opened.Generation == _generation, OnOpened);
        Receive<LineLost>(lost => lost.Generation == _generation, lost => BackOff(lost.Error));
        Receive<ReleasePort>(_ => EndRelease(error: null));
        InEveryState();
    }

    private void Open()
    {
        Receive<OctetsArrived>(chunk => chunk.Generation == _generation, OnOctets);
        Receive<ExchangeRequest>(request =>
        {
            if (_isReleased)
                Refuse(request, ExchangeText.Released);
            else
                Wait(request);
        });
        Receive<WriteEnded>(ended => ended.Generation == _generation, _ => _line!.OnWriteEnded());
        Receive<LineLost>(lost => lost.Generation == _generation, OnLost);
        Receive<ReleasePort>(_ => BeginRelease());
        InEveryState();
    }

    private void BackingOff()
    {
        Receive<ExchangeRequest>(request => Refuse(request, _lastError!));
        Receive<ReleasePort>(_ => EndRelease(error: null));
        InEveryState();
    }

    private void InEveryState()
    {
        Receive<RegisterMeter>(OnRegister);
        Receive<UnregisterMeter>(OnUnregister);
        Receive<DropRequests>(drop =>
        {
            _exchanges.Forget(drop.Client, drop.LinkAddress);
            Proceed();
        });
        Receive<RetryNow>(retry =>
        {
            _exchanges.ProbeNow(retry.LinkAddress, Now);
            _reconnectAt = Now;
            Proceed();
        });
        Receive<ReportStatus>(_ => TellStatus());
        Receive<WatchFrames>(watch => Trace(() => _watchers.Add(watch.Watcher, Context)));
        Receive<Terminated>(ended => Trace(() => _watchers.Remove(ended.ActorRef)));
        Receive<Wake>(_ =>
        {
            _wakeAt = null;
            Proceed();
        });
        // News of an earlier line.
        Receive<LineOpened>(late => LineConnection.Dispose(late.Line));
        Receive<LineLost>(_ => { });
        Receive<OctetsArrived>(_ => { });
        Receive<WriteEnded>(_ => { });
    }

    private void Trace(Action change)
    {
        change();
        _exchanges.Wire.Traces = _settings.LogsFrames || !_watchers.IsEmpty;
    }

    private void Enter(PortState state, Action behaviour, string? error = null)
    {
        _state = state;
        _since = WallNow;
        _lastError = error ?? _lastError;
        Become(behaviour);
        _meters.Tell(new PortStateChanged(state, error));
        TellStatus();
    }

    private void OnRegister(RegisterMeter register)
    {
        _meters.Add(register, Sender);
        Sender.Tell(new PortStateChanged(_state, _state == PortState.BackingOff ? _lastError : null));
        if (_exchanges.Links.IsDemoted(register.LinkAddress))
            Sender.Tell(new LinkStateChanged(register.LinkAddress, Answers: false));
    }

    private void OnUnregister(UnregisterMeter unregister)
    {
        _meters.Remove(unregister.Meter);
        _exchanges.Forget(unregister.Meter);
        Proceed();
    }

    private void Wait(ExchangeRequest request)
    {
        _exchanges.Accept(Queued(request), Now);
        Proceed();
    }

    private void Refuse(ExchangeRequest request, string error) => _exchanges.Refuse(Queued(request), error, Now);

    private QueuedRequest Queued(ExchangeRequest request) => new(request, Sender, Now + request.Timeout);

    /// <summary>After every message: does what can be done now, and sets the timer for what comes next.</summary>
    private void Proceed()
    {
        var now = Now;
        _exchanges.Advance(now);
        switch (_state)
        {
            case PortState.Closed when !_isReleased && _exchanges.NeedsLine(now):
                OpenLine();
                break;
            case PortState.Open:
                ProceedOpen(now);
                break;
            case PortState.BackingOff when _meters.IsEmpty:
                Enter(PortState.Closed, Closed);
                break;
            case PortState.BackingOff when now >= _reconnectAt:
                OpenLine();
                break;
        }

        if (_statusIsOld && now - _statusToldAt >= StatusEvery)
            TellStatus();
        WakeAt(NextMoment(now), now);
    }
}
