using Akka.Actor;
using Akka.Event;
using Iec102.Acquisition.Meters;
using Iec102.Acquisition.Ports;
using Iec102.Protocol.Application;

namespace Iec102.Acquisition.Gateway;

/// <content>What becomes of the client's requests, and what is told of them.</content>
internal sealed partial class GatewaySession
{
    private static readonly TimeSpan ReportEvery = TimeSpan.FromSeconds(1);

    private readonly ClientTally _report;
    private RequestId _lastId;

    private sealed record ReportDue;

    RequestId IClientLinkHost.NextId() => _lastId = _lastId.Next();

    void IClientLinkHost.TryLogin(ClientRequest login)
    {
        if (!login.KeyFits)
            _report.WrongKeys++;
        _listener.Tell(new LoginTried(login, _client.ToString(), _client.Host));
    }

    void IClientLinkHost.PassOn(ClientRequest request)
    {
        _report.Requests++;
        var header = request.Request.Header;
        if (!GatewayRules.OnlyReads(header.Type))
            _log.Info(LogEvents.GatewayRequestMayWrite, _configuration.Id, _client, request.Meter.Id, request.Request);
        AskForSession(request, lostEpoch: null);
    }

    void IClientLinkHost.Drop(ClientRequest request)
    {
        Timers.Cancel(request);
        _port.Tell(new DropRequests(_client.Name, request.Link.Slave.LinkAddress));
    }

    void IClientLinkHost.Refused(ushort linkAddress, GatewayMeter? meter, AsduHeader request, string why)
    {
        _report.Requests++;
        _report.Refused++;
        if (_report.IsNews($"refused {linkAddress} {request.PointAddress} {(byte)request.Type} {why}"))
        {
            var target = meter is null ? $"link {linkAddress}, point {request.PointAddress}" : $"meter {meter.Id}";
            _log.Info(LogEvents.GatewayRequestRefused, _configuration.Id, _client, target, (byte)request.Type, why);
        }
    }

    private void OnLoginJudged(LoginJudged judged)
    {
        if (judged.Delay > TimeSpan.Zero)
            Timers.StartSingleTimer(judged.Login, new LoginWaited(judged.Login), judged.Delay);
        else
            OnLoginWaited(judged.Login);
    }

    private void OnLoginWaited(ClientRequest login)
    {
        if (!login.IsWanted)
            return;
        login.Link.EndLogin(login);
        if (login.KeyFits)
            _report.LoggedIn(login.Meter.Id);
        else
            _report.Refused++;
        if (login.KeyFits && _report.IsNews($"login {login.Meter.Id}"))
            _log.Info(LogEvents.GatewayClientLoggedIn, _configuration.Id, _client, login.Meter.Id);
        Resume(login.Link);
    }

    private void AskForSession(ClientRequest request, int? lostEpoch)
    {
        request.Meter.Actor!.Tell(new OpenSession(request.Id, lostEpoch));
        Timers.StartSingleTimer(request, new Overdue(request), SessionPatience);
    }

    private void OnSessionOpened(SessionOpened opened)
    {
        if (Wanted(opened.Id) is not { } request)
            return;
        request.Epoch = opened.Epoch;
        var patience = QueuePatience + _gateway.MaxHold;
        _port.Tell(new ExchangeRequest(request.Id, _client.Name, request.Meter.LinkAddress, request.Request, RequestClass.Gateway, opened.Epoch, patience)
        {
            Stream = Self,
            MaxHold = _gateway.MaxHold,
        });
        Timers.StartSingleTimer(request, new Overdue(request), patience + PortSilenceLimit);
    }

    private void OnAsdu(AsduArrived arrived)
    {
        if (Wanted(arrived.Id) is not { } request)
            return;
        request.Link.Add(arrived.Octets);
        if (_links.Values.Sum(link => link.BufferedOctets) > MaxBufferedOctets)
            DropAnswers(request);
        Resume(request.Link);
    }

    /// <summary>The client is slower than the meter by more than is kept for it; the line goes on without it.</summary>
    private void DropAnswers(ClientRequest request)
    {
        _report.Overflows++;
        _log.Warning(LogEvents.GatewayAnswersDropped, _configuration.Id, _client, request.Meter.Id, MaxBufferedOctets);
        ((IClientLinkHost)this).Drop(request);
        request.Link.DropAnswers();
    }

    private void OnEnded(ExchangeEnded ended)
    {
        if (Wanted(ended.Id) is not { } request)
            return;
        Timers.Cancel(request);
        switch (ended.End)
        {
            case ExchangeEnd.Completed or ExchangeEnd.Refused:
                _report.Answers(request.Meter.Id);
                request.Link.End();
                Resume(request.Link);
                break;
            case ExchangeEnd.SessionLost when !request.IsRetried:
                request.IsRetried = true;
                AskForSession(request, request.Epoch);
                break;
            default:
                Silence(request, ended.Error ?? "the exchange failed");
                break;
        }
    }

    /// <summary>What fails between here and the meter is never told as if the meter had said it.</summary>
    private void Silence(ClientRequest? request, string why)
    {
        if (request is null)
            return;
        Timers.Cancel(request);
        _report.Unanswered++;
        if (_report.IsNews($"silent {request.Meter.Id}"))
            _log.Info(LogEvents.GatewayNoAnswer, _configuration.Id, _client, request.Meter.Id, why);
        request.Link.Fail();
        Resume(request.Link);
    }

    /// <summary>The client's request that this is about; null when it does not wait for it any more.</summary>
    private ClientRequest? Wanted(RequestId id)
    {
        foreach (var link in _links.Values)
        {
            if (link.Pending?.Id == id)
                return link.Pending;
        }

        return null;
    }

    private void ReportSoon()
    {
        if (!Timers.IsTimerActive(nameof(ReportDue)))
            Timers.StartSingleTimer(nameof(ReportDue), new ReportDue(), ReportEvery);
    }

    private void Report() => _listener.Tell(new ClientReport(_report.Client));
}
