using System.Diagnostics.CodeAnalysis;
using Akka.Actor;
using Akka.Event;
using Iec102.Acquisition.Ports;
using Iec102.Fleet;
using Iec102.Lines;
using Iec102.Lines.Tcp;

namespace Iec102.Acquisition.Gateway;

/// <summary>
/// The gateway of a port: listens, admits clients that are allowed, and starts a <see cref="GatewaySession"/> for each; judges the logins
/// of all clients together, so that nobody gains by connecting often; and shows operators who is connected.
/// <para>Takes <see cref="ServeMeters"/>, <see cref="WatchFrames"/>, <see cref="ReportStatus"/>; from its door <see cref="ClientArrived"/>,
/// <see cref="NobodyLetIn"/>; from its sessions <see cref="LoginTried"/>, <see cref="ClientReport"/>,
/// <see cref="ClientNotice"/>.</para>
/// <para>States: listening; or, while the address is not available or the system has no room for another connection, waiting to try
/// again. Clients stay connected meanwhile.</para>
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "The door is closed in PostStop, where an actor ends.")]
public sealed class GatewayListener : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan ListenAgain = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan StatusEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan DroppedLogEvery = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly PortConfiguration _configuration;
    private readonly GatewayConfiguration _gateway;
    private readonly GatewayMeters _meters;
    private readonly IActorRef _liveState;
    private readonly TimeProvider _time;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly ClientLog _clientLog;
    private readonly KeyPenalties _penalties = new();
    private readonly Dictionary<string, TimeSpan> _pausedHosts = [];
    private readonly FrameWatchers _watchers = new();
    private readonly List<(IActorRef Session, GatewayClient? Client)> _clients = [];
    private TcpLineListener? _door;
    private string? _error;
    private GatewayCounters _gone;
    private long _connections;
    private long _notAllowed;
    private long _tooMany;
    private long _droppedUnsaid;
    private TimeSpan? _droppedSaidAt;

    private sealed record Listen;

    private sealed record StatusDue;

    private sealed record MinuteOver;

    /// <summary>Creates the actor; it begins to listen.</summary>
    /// <param name="configuration">The port; it has a gateway.</param>
    /// <param name="meters">The meters of the port.</param>
    /// <param name="liveState">Is sent <see cref="GatewayStatus"/>.</param>
    /// <param name="time">The clock.</param>
    public GatewayListener(PortConfiguration configuration, GatewayMeters meters, IActorRef liveState, TimeProvider time)
    {
        _time = time;
        _configuration = configuration;
        _gateway = configuration.Gateway!;
        _meters = meters;
        _liveState = liveState;
        _clientLog = new ClientLog(configuration.Id, _log);
        Receive<Listen>(_ => Open());
        Receive<ClientArrived>(arrived =>
        {
            OnArrived(arrived);
            // Not earlier: of the clients that wait to be judged, only one at a time takes a descriptor.
            _ = AcceptAsync(_door!, Self);
        });
        Receive<NobodyLetIn>(reason => OnDoorFailed(reason.Error));
        Receive<LoginTried>(OnLoginTried);
        Receive<ClientReport>(OnReport);
        Receive<ClientNotice>(OnNotice);
        Receive<MinuteOver>(_ => OnMinuteOver());
        Receive<ServeMeters>(TellSessions);
        Receive<ReportStatus>(_ => TellStatus());
        Receive<WatchFrames>(watch =>
        {
            _watchers.Add(watch.Watcher, Context);
            TellSessions(watch);
        });
        Receive<Terminated>(OnTerminated);
        Receive<StatusDue>(_ => TellStatus());
    }

    /// <summary>The actor's timers.</summary>
    public ITimerScheduler Timers { get; set; } = null!;

    private TimeSpan Now => _time.Elapsed();

    /// <inheritdoc/>
    protected override void PreStart() => Open();

    /// <inheritdoc/>
    protected override void PostStop()
    {
        _door?.Dispose();
        _clientLog.EndMinute();
    }

    /// <summary>A session owns its client's line: it cannot be restarted without the client.</summary>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    private void Open()
    {
        try
        {
            _door ??= new TcpLineListener(_gateway.Listen.Port, _gateway.Listen.Address);
        }
        catch (LineException error)
        {
            OnDoorFailed(error.Message);
            return;
        }

        _error = null;
        var access = _gateway.Mode == GatewayMode.Full ? "full access" : "read-only";
        _log.Info(LogEvents.GatewayListening, _configuration.Id, _gateway.Listen, access);
        _ = AcceptAsync(_door, Self);
        TellStatus();
    }

    /// <summary>
    /// The address is not available; or the system has no room for another connection, and clients that connect meanwhile wait.
    /// </summary>
    private void OnDoorFailed(string error)
    {
        if (error != _error)
            _log.Warning(LogEvents.GatewayNotListening, _configuration.Id, error, ListenAgain.TotalSeconds);
        _error = error;
        Timers.StartSingleTimer(nameof(Listen), new Listen(), ListenAgain);
        TellStatus();
    }

    private void OnArrived(ClientArrived arrived)
    {
        var client = ClientAddress.Of(arrived.Line.FarEnd);
        if (!_gateway.Allows(arrived.Line.FarEnd.Address))
        {
            _notAllowed++;
            Drop(arrived.Line, client, "its address is not allowed");
            return;
        }

        if (_clients.Count >= _gateway.MaxClients)
        {
            _tooMany++;
            Drop(arrived.Line, client, $"{_clients.Count} clients are connected already (max-clients)");
            return;
        }

        _connections++;
        var (configuration, line, meters, self, time) = (_configuration, arrived.Line, _meters.All, Self, _time);
        var pausedUntil = _pausedHosts.GetValueOrDefault(client.Host);
        var props = Props.Create(() => new GatewaySession(configuration, line, client, meters, self, pausedUntil, time));
        var session = Context.ActorOf(props, $"client-{_connections}");
        Context.Watch(session);
        _clients.Add((session, null));
        foreach (var watcher in _watchers.All)
            session.Tell(new WatchFrames(watcher));
    }

    /// <summary>A client that keeps trying must not fill the log.</summary>
    private void Drop(TcpLine line, ClientAddress client, string why)
    {
        LineConnection.Dispose(line);
        StatusSoon();
        if (_droppedSaidAt is { } said && Now - said < DroppedLogEvery)
        {
            _droppedUnsaid++;
            return;
        }

        _log.Warning(LogEvents.GatewayClientTurnedAway, _configuration.Id, client, why, _droppedUnsaid);
        _droppedSaidAt = Now;
        _droppedUnsaid = 0;
    }

    private void OnLoginTried(LoginTried tried)
    {
        var host = tried.Client.Host;
        var delay = _penalties.OnLogin(host, tried.KeyFits, Now);
        if (!tried.KeyFits)
            OnNotice(new ClientNotice.WrongKey(tried.Client, tried.Meter, _penalties.WrongKeysOf(host), delay));
        Sender.Tell(new LoginJudged(tried.Id, delay));
    }

    private void OnNotice(ClientNotice notice)
    {
        _clientLog.Take(notice);
        if (!Timers.IsTimerActive(nameof(MinuteOver)))
            Timers.StartSingleTimer(nameof(MinuteOver), new MinuteOver(), Minute);
    }

    private void OnMinuteOver()
    {
        _clientLog.EndMinute();
        if (_clientLog.HasNews)
            Timers.StartSingleTimer(nameof(MinuteOver), new MinuteOver(), Minute);
    }

    private void OnReport(ClientReport report)
    {
        foreach (var (host, _) in _pausedHosts.Where(paused => paused.Value <= Now).ToList())
            _pausedHosts.Remove(host);
        if (report.PausedUntil > Now && report.PausedUntil > _pausedHosts.GetValueOrDefault(report.Host))
            _pausedHosts[report.Host] = report.PausedUntil;
        var at = _clients.FindIndex(client => client.Session.Equals(Sender));
        if (at >= 0)
            _clients[at] = (Sender, report.Client);
        StatusSoon();
    }

    private void OnTerminated(Terminated ended)
    {
        _watchers.Remove(ended.ActorRef);
        var at = _clients.FindIndex(client => client.Session.Equals(ended.ActorRef));
        if (at < 0)
            return;
        _gone += _clients[at].Client?.Counters ?? default;
        _clients.RemoveAt(at);
        StatusSoon();
    }

    private void TellSessions(object message)
    {
        foreach (var (session, _) in _clients)
            session.Tell(message);
    }

    private void StatusSoon()
    {
        if (!Timers.IsTimerActive(nameof(StatusDue)))
            Timers.StartSingleTimer(nameof(StatusDue), new StatusDue(), StatusEvery);
    }

    private void TellStatus()
    {
        ValueList<GatewayClient> clients = [.. _clients.Where(client => client.Client is not null).Select(client => client.Client!)];
        var counters = clients.Aggregate(_gone, (sum, client) => sum + client.Counters);
        _liveState.Tell(new GatewayStatus(
            _configuration.Id, _gateway.Listen.ToString(), _error, clients, _connections, _notAllowed, _tooMany, counters));
    }

    private static async Task AcceptAsync(TcpLineListener door, IActorRef listener)
    {
        try
        {
            listener.Tell(new ClientArrived(await door.AcceptAsync(CancellationToken.None)), ActorRefs.NoSender);
        }
        catch (LineException error)
        {
            listener.Tell(new NobodyLetIn(error.Message), ActorRefs.NoSender);
        }
    }
}
