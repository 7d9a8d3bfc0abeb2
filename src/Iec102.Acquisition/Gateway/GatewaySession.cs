using Akka.Actor;
using Akka.Event;
using Iec102.Acquisition.Meters;
using Iec102.Acquisition.Ports;
using Iec102.Fleet;
using Iec102.Lines;
using Iec102.Protocol.Application;
using Iec102.Protocol.Link;

namespace Iec102.Acquisition.Gateway;

/// <summary>
/// One client of a gateway, from its connection to its end. Its requests go to the actors of the meters, each of which passes them on to
/// the port in its own session; the port's answers come back here and go to the client (<see cref="ClientLink"/>) octet for octet.
/// <para>Takes <see cref="ServeMeters"/>, <see cref="WatchFrames"/>, <see cref="LoginJudged"/> from its listener; <see cref="PassedOn"/>,
/// <see cref="NotPassedOn"/> from meters; <see cref="AsduArrived"/>, <see cref="ExchangeEnded"/> from the port; and the news of its
/// line.</para>
/// <para>States of a request that is passed on: at the meter's actor, which logs in if it has to; at the port; once more at the meter's
/// actor, when the session with the meter was lost; then answered, or left in silence.</para>
/// </summary>
internal sealed class GatewaySession : ReceiveActor, IWithTimers, IClientLinkHost
{
    /// <summary>Limits what waits for a client: answers that it has not fetched and frames that it has not taken.</summary>
    private const int MaxBufferedOctets = 1024 * 1024;

    private static readonly TimeSpan ReportEvery = TimeSpan.FromSeconds(1);

    private readonly PortConfiguration _configuration;
    private readonly GatewayConfiguration _gateway;
    private readonly ClientAddress _client;
    private readonly IActorRef _listener;
    private readonly TimeProvider _time;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly ClientWire _wire;
    private readonly ClientLinks _links;
    private readonly ClientTally _report;
    private readonly ClientPace _pace;
    private Dictionary<string, ServedMeter> _meters = [];
    private IActorRef _port = ActorRefs.Nobody;
    private RequestId _lastId;
    private RequestId? _login;

    private sealed record HoldEnds(ClientLink Link);

    private sealed record LoginWaited(RequestId Id);

    private sealed record PauseOver(RequestId Id);

    private sealed record Overdue(RequestId Id);

    private sealed record IdleCheck;

    private sealed record ReportDue;

    /// <summary>A session for an open line.</summary>
    /// <param name="configuration">The port; it has a gateway.</param>
    /// <param name="line">The client's line, which the session closes.</param>
    /// <param name="client">The client's address.</param>
    /// <param name="meters">The meters of the port.</param>
    /// <param name="listener">Judges logins and is sent <see cref="ClientReport"/>.</param>
    /// <param name="pausedUntil">Until when requests wait, because clients of this host have abandoned answers.</param>
    /// <param name="time">The clock.</param>
    public GatewaySession(
        PortConfiguration configuration, ILine line, ClientAddress client, IReadOnlyList<ServedMeter> meters, IActorRef listener,
        TimeSpan pausedUntil, TimeProvider time)
    {
        _pace = new ClientPace(pausedUntil);
        _time = time;
        _configuration = configuration;
        _gateway = configuration.Gateway!;
        _client = client;
        _listener = listener;
        _report = new ClientTally(client, time.Now());
        _links = new ClientLinks(_gateway, this);
        Serve(meters);

        Receive<OctetsArrived>(OnOctets);
        Receive<WriteEnded>(_ => _wire!.OnWriteEnded());
        Receive<LineLost>(lost => Disconnect(lost.Error));
        Receive<HoldEnds>(hold => _wire!.Send(hold.Link.Slave.EndHold()));
        Receive<LoginJudged>(OnLoginJudged);
        Receive<LoginWaited>(waited => EndLogin(waited.Id));
        Receive<PauseOver>(over => ForwardIfWanted(over.Id));
        Receive<PassedOn>(OnPassedOn);
        Receive<NotPassedOn>(refused => Silence(_links.Wanted(refused.Id), refused.Error));
        Receive<AsduArrived>(OnAsdu);
        Receive<ExchangeEnded>(OnEnded);
        Receive<Overdue>(overdue => GiveUp(_links.Wanted(overdue.Id)));
        Receive<ServeMeters>(serve => Serve(serve.Meters));
        Receive<WatchFrames>(watch => _wire!.Watchers.Add(watch.Watcher, Context));
        Receive<Terminated>(ended => _wire!.Watchers.Remove(ended.ActorRef));
        Receive<IdleCheck>(_ => OnIdleCheck());
        Receive<ReportDue>(_ => Report());
        _wire = new ClientWire(line, configuration.Timing.InterCharacterTimeout, client, _report, time, Self);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private TimeSpan Now => _time.Elapsed();

    public RequestId NextId() => _lastId = _lastId.Next();

    public bool TakesLogin()
    {
        if (_login is null)
            return true;
        _report.Refused++;
        return false;
    }

    public void TryLogin(ClientRequest login)
    {
        _login = login.Id;
        if (!login.KeyFits)
            _report.WrongKeys++;
        _listener.Tell(new LoginTried(login.Id, login.Meter.Id, login.KeyFits, _client));
    }

    public void PassOn(ClientRequest request)
    {
        _report.Requests++;
        var pause = _pace.PausedUntil - Now;
        if (pause > TimeSpan.Zero)
            Timers.StartSingleTimer(request, new PauseOver(request.Id), pause);
        else
            ForwardIfWanted(request.Id);
    }

    public void Drop(ClientRequest request)
    {
        Withdraw(request);
        if (request.IsPassedOn)
            LeftUnfetched(request);
    }

    public void LeftUnfetched(ClientRequest request) =>
        Notice(new ClientNotice.Abandoned(_client, request.Meter.Id, _pace.Abandon(request, Now)));

    public void Refused(ushort linkAddress, GatewayMeter? meter, AsduHeader request, string why)
    {
        _report.Requests++;
        _report.Refused++;
        if (_report.IsNews($"refused {linkAddress} {request.PointAddress} {(byte)request.Type} {why}"))
            Notice(new ClientNotice.RequestRefused(_client, linkAddress, request.PointAddress, meter?.Id, (byte)request.Type, why));
    }

    protected override void PreStart()
    {
        Notice(new ClientNotice.Connected(_client));
        Timers.StartSingleTimer(nameof(IdleCheck), new IdleCheck(), _gateway.IdleTimeout);
        Report();
    }

    protected override void PostStop()
    {
        _wire.Close();
        foreach (var pending in _links.Pending)
            Drop(pending);
        Report();
    }

    private void Serve(IReadOnlyList<ServedMeter> meters)
    {
        foreach (var gone in _links.Serve(meters.Select(served => served.Meter)))
        {
            Timers.Cancel(gone);
            if (gone.Pending is { } pending)
                Withdraw(pending);
        }

        // A request to an actor that is gone is never answered.
        foreach (var pending in _links.Pending.Where(pending => !meters.Contains(_meters[pending.Meter.Id])).ToList())
            Silence(pending, "its configuration has changed");
        _meters = meters.ToDictionary(served => served.Meter.Id, StringComparer.Ordinal);
    }

    private IActorRef ActorOf(ClientRequest request) => _meters[request.Meter.Id].Actor!;

    private void OnOctets(OctetsArrived chunk)
    {
        _wire.Take(chunk, OnFrame);
        ReportSoon();
        if (_wire.WaitingOctets <= MaxBufferedOctets)
            return;
        _report.Overflows++;
        Disconnect("It does not read the answers to its requests.");
    }

    private void OnFrame(in Frame frame)
    {
        if (_links.At(frame.LinkAddress) is not { } link)
            return;
        _wire.Send(link.Slave.OnFrame(frame));
        FollowHold(link);
    }

    private void FollowHold(ClientLink link)
    {
        if (!link.Slave.IsHeld)
            Timers.Cancel(link);
        else if (!Timers.IsTimerActive(link))
            Timers.StartSingleTimer(link, new HoldEnds(link), _gateway.AnswerHold);
    }

    /// <summary>Something has arrived for a link: the poll that waits for it is answered.</summary>
    private void Resume(ClientLink link)
    {
        _wire.Send(link.Slave.Resume());
        FollowHold(link);
        ReportSoon();
    }

    private void OnLoginJudged(LoginJudged judged)
    {
        if (judged.Delay > TimeSpan.Zero)
            Timers.StartSingleTimer(nameof(LoginWaited), new LoginWaited(judged.Id), judged.Delay);
        else
            EndLogin(judged.Id);
    }

    private void EndLogin(RequestId id)
    {
        _login = null;
        if (_links.Wanted(id) is not { } login)
            return;
        login.Link.EndLogin(login);
        if (login.KeyFits)
            _report.LoggedIn(login.Meter.Id);
        else
            _report.Refused++;
        if (login.KeyFits && _report.IsNews($"login {login.Meter.Id}"))
            Notice(new ClientNotice.LoggedIn(_client, login.Meter.Id));
        Resume(login.Link);
    }

    private void Withdraw(ClientRequest request)
    {
        Timers.Cancel(request);
        if (request.IsAtPort)
            _port.Tell(new DropRequest(_client.Name, request.Id));
        else if (request.IsPassedOn)
            ActorOf(request).Tell(new Withdraw(request.Id, _client.Name));
    }

    private void ForwardIfWanted(RequestId id)
    {
        if (_links.Wanted(id) is not { } request)
            return;
        if (!GatewayRules.OnlyReads(request.Request.Header.Type))
            _log.Info(LogEvents.GatewayRequestMayWrite, _configuration.Id, _client, request.Meter.Id, request.Request);
        Forward(request, lostEpoch: null);
    }

    private void Forward(ClientRequest request, int? lostEpoch)
    {
        request.IsPassedOn = true;
        request.IsAtPort = false;
        var patience = GatewayRules.PortPatience(_gateway);
        ActorOf(request).Tell(new PassOn(request.Id, _client.Name, request.Request, patience, _gateway.MaxHold, lostEpoch));
        Timers.StartSingleTimer(request, new Overdue(request.Id), GatewayRules.LoginPatience);
    }

    /// <summary>The port has the request now, and will answer it.</summary>
    private void OnPassedOn(PassedOn passed)
    {
        if (_links.Wanted(passed.Id) is not { } request)
            return;
        _port = Sender;
        request.IsAtPort = true;
        Timers.StartSingleTimer(request, new Overdue(request.Id), GatewayRules.PortPatience(_gateway) + GatewayRules.PortSilenceLimit);
    }

    private void OnAsdu(AsduArrived arrived)
    {
        if (_links.Wanted(arrived.Id) is not { } request)
            return;
        var isFetched = ClientPace.IsFetched(request, Now);
        request.Link.Add(arrived.Octets);
        if (_links.BufferedOctets > MaxBufferedOctets)
            DropAnswers(request, $"{MaxBufferedOctets} octets");
        else if (!isFetched)
            DropAnswers(request, $"{ClientPace.FetchPatience.TotalSeconds:0} s");
        Resume(request.Link);
    }

    /// <summary>The client has fallen further behind the meter than may be buffered; the line goes on without it.</summary>
    private void DropAnswers(ClientRequest request, string limit)
    {
        _report.Overflows++;
        Notice(new ClientNotice.AnswersDropped(_client, request.Meter.Id, limit));
        Withdraw(request);
        _pace.Abandon(request, Now);
        request.Link.DropAnswers();
    }

    private void OnEnded(ExchangeEnded ended)
    {
        if (_links.Wanted(ended.Id) is not { } request)
            return;
        Timers.Cancel(request);
        switch (ended.End)
        {
            case ExchangeEnd.Completed or ExchangeEnd.Refused:
                _report.Answers(request.Meter.Id);
                request.AnsweredAt = Now;
                request.Link.End();
                Resume(request.Link);
                break;
            case ExchangeEnd.SessionLost when !request.IsRetried:
                request.IsRetried = true;
                Forward(request, ended.Epoch);
                break;
            default:
                Silence(request, ended.Error ?? "the exchange failed");
                break;
        }
    }

    /// <summary>A request that has gone unanswered for this long must not reach the meter once its client has stopped waiting.</summary>
    private void GiveUp(ClientRequest? request)
    {
        if (request is null)
            return;
        Withdraw(request);
        Silence(request, request.IsAtPort ? "the port did not answer" : "the meter's actor did not answer");
    }

    /// <summary>A failure between here and the meter is never passed off as the meter's answer.</summary>
    private void Silence(ClientRequest? request, string why)
    {
        if (request is null)
            return;
        Timers.Cancel(request);
        _report.Unanswered++;
        if (_report.IsNews($"silent {request.Meter.Id}"))
            Notice(new ClientNotice.NoAnswer(_client, request.Meter.Id, why));
        request.Link.Fail();
        Resume(request.Link);
    }

    private void OnIdleCheck()
    {
        var left = _wire.LastFrameAt + _gateway.IdleTimeout - Now;
        if (left > TimeSpan.Zero)
        {
            Timers.StartSingleTimer(nameof(IdleCheck), new IdleCheck(), left);
            return;
        }

        _report.TimedOut++;
        Disconnect($"It has sent no frame for {_gateway.IdleTimeout.TotalSeconds:0} s.");
    }

    private void Disconnect(string why)
    {
        Notice(new ClientNotice.Gone(_client, _report.Requests, why));
        Context.Stop(Self);
    }

    private void Notice(ClientNotice notice) => _listener.Tell(notice);

    private void ReportSoon()
    {
        if (!Timers.IsTimerActive(nameof(ReportDue)))
            Timers.StartSingleTimer(nameof(ReportDue), new ReportDue(), ReportEvery);
    }

    private void Report() => _listener.Tell(new ClientReport(_report.Client, _client.Host, _pace.PausedUntil));
}
