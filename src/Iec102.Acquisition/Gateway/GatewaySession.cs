using Akka.Actor;
using Akka.Event;
using Iec102.Acquisition.Meters;
using Iec102.Acquisition.Ports;
using Iec102.Fleet;
using Iec102.Lines;
using Iec102.Protocol.Link;

namespace Iec102.Acquisition.Gateway;

/// <summary>
/// One client of a gateway, from its connection to its end: a <see cref="ClientLink"/> for each link address, whose requests go to the port inside our own session
/// with the meter, and whose answers come back as the meter gives them.
/// <para>Takes <see cref="ServeMeters"/>, <see cref="WatchFrames"/>, <see cref="LoginJudged"/> from its listener; <see cref="SessionOpened"/>,
/// <see cref="SessionNotOpened"/> from meters; <see cref="AsduArrived"/>, <see cref="ExchangeEnded"/> from the port; and what its line tells.</para>
/// <para>States of a request that is passed on: asked of the meter's actor (a session), then of the port (the exchange); when the port has no such session any more, once more
/// from the beginning; then answered, or silence.</para>
/// </summary>
internal sealed partial class GatewaySession : ReceiveActor, IWithTimers, IClientLinkHost
{
    /// <summary>Bounds what waits for a client, in answers that it has not fetched and in frames that it has not taken.</summary>
    private const int MaxBufferedOctets = 1024 * 1024;

    /// <summary>How long a request may wait for its turn on the line; the client sees a busy meter meanwhile.</summary>
    private static readonly TimeSpan QueuePatience = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan SessionPatience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan PortSilenceLimit = TimeSpan.FromSeconds(30);
    private const int OnlyGeneration = 1;

    private readonly PortConfiguration _configuration;
    private readonly GatewayConfiguration _gateway;
    private readonly ClientAddress _client;
    private readonly IActorRef _port;
    private readonly IActorRef _listener;
    private readonly TimeProvider _time;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly LineConnection _line;
    private readonly FrameReader _reader = new();
    private readonly FrameWatchers _watchers = new();
    private readonly SortedDictionary<ushort, ClientLink> _links = [];
    private TimeSpan _lastOctetAt;
    private TimeSpan _lastFrameAt;

    private sealed record HoldEnds(ClientLink Link);

    private sealed record LoginWaited(ClientRequest Login);

    private sealed record Overdue(ClientRequest Request);

    private sealed record IdleCheck;

    /// <summary>A session for an open line.</summary>
    /// <param name="configuration">The port; it has a gateway.</param>
    /// <param name="line">The client's line, which the session closes.</param>
    /// <param name="client">Where it comes from.</param>
    /// <param name="meters">The meters of the port.</param>
    /// <param name="port">The port's actor.</param>
    /// <param name="listener">Judges logins and is told <see cref="ClientReport"/>.</param>
    /// <param name="time">The clock.</param>
    public GatewaySession(
        PortConfiguration configuration, ILine line, ClientAddress client, IReadOnlyList<GatewayMeter> meters, IActorRef port, IActorRef listener, TimeProvider time)
    {
        _time = time;
        _configuration = configuration;
        _gateway = configuration.Gateway!;
        _client = client;
        _port = port;
        _listener = listener;
        _report = new ClientTally(client, time.Now());
        _lastFrameAt = Now;
        Serve(meters);

        Receive<OctetsArrived>(OnOctets);
        Receive<WriteEnded>(_ => _line!.OnWriteEnded());
        Receive<LineLost>(lost => Disconnect(lost.Error));
        Receive<HoldEnds>(hold => Send(hold.Link.Slave.EndHold()));
        Receive<LoginJudged>(OnLoginJudged);
        Receive<LoginWaited>(waited => OnLoginWaited(waited.Login));
        Receive<SessionOpened>(OnSessionOpened);
        Receive<SessionNotOpened>(refused => Silence(Wanted(refused.Id), refused.Error));
        Receive<AsduArrived>(OnAsdu);
        Receive<ExchangeEnded>(OnEnded);
        Receive<Overdue>(overdue => Silence(overdue.Request.IsWanted ? overdue.Request : null, "the port did not answer"));
        Receive<ServeMeters>(serve => Serve(serve.Meters));
        Receive<WatchFrames>(watch => _watchers.Add(watch.Watcher, Context));
        Receive<Terminated>(ended => _watchers.Remove(ended.ActorRef));
        Receive<IdleCheck>(_ => OnIdleCheck());
        Receive<ReportDue>(_ => Report());
        _line = new LineConnection(line, OnlyGeneration, Self);
    }

    /// <summary>The actor's timers.</summary>
    public ITimerScheduler Timers { get; set; } = null!;

    private TimeSpan Now => _time.Elapsed();

    /// <inheritdoc/>
    protected override void PreStart()
    {
        _log.Info(LogEvents.GatewayClientConnected, _configuration.Id, _client);
        Timers.StartSingleTimer(nameof(IdleCheck), new IdleCheck(), _gateway.IdleTimeout);
        Report();
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        _line.Close();
        foreach (var link in _links.Values)
            Forget(link);
        Report();
    }

    private void Serve(IReadOnlyList<GatewayMeter> meters)
    {
        // A link without an enabled meter is silent, like one that is not there.
        var served = meters.GroupBy(meter => meter.LinkAddress).Where(link => link.Any(meter => meter.Actor is not null)).ToDictionary(link => link.Key, link => link.ToList());
        foreach (var gone in _links.Values.Where(link => !served.ContainsKey(link.Slave.LinkAddress)).ToList())
        {
            Forget(gone);
            _links.Remove(gone.Slave.LinkAddress);
        }

        // What was asked of an actor that is not there any more is never answered.
        foreach (var pending in _links.Values.Select(link => link.Pending).OfType<ClientRequest>().Where(pending => !meters.Contains(pending.Meter)).ToList())
            Silence(pending, "its configuration has changed");
        foreach (var (address, behind) in served)
        {
            if (_links.TryGetValue(address, out var link))
                link.Serve(behind);
            else
                _links.Add(address, new ClientLink(address, behind, _gateway, this));
        }
    }

    private void Forget(ClientLink link)
    {
        Timers.Cancel(link);
        if (link.Pending is { } pending)
            ((IClientLinkHost)this).Drop(pending);
    }

    private void OnOctets(OctetsArrived chunk)
    {
        var now = Now;
        if (_reader.InsideFrame && now - _lastOctetAt >= _configuration.Timing.InterCharacterTimeout)
            _reader.Restart();
        _lastOctetAt = now;
        ReadOnlySpan<byte> octets = chunk.Buffer.AsSpan(0, chunk.Count);
        while (_reader.TryRead(ref octets, out var frame))
            OnFrame(frame, now);
        _line.Taken(chunk);
        _report.Heard(_reader);
        ReportSoon();
        if (_line.WaitingOctets <= MaxBufferedOctets)
            return;
        _report.Overflows++;
        Disconnect("It does not take what it asks for.");
    }

    private void OnFrame(in Frame frame, TimeSpan now)
    {
        _lastFrameAt = now;
        _report.FramesReceived++;
        Trace(sent: false, frame.Octets);
        if (!_links.TryGetValue(frame.LinkAddress, out var link))
            return;
        Send(link.Slave.OnFrame(frame));
        FollowHold(link);
    }

    private void FollowHold(ClientLink link)
    {
        if (!link.Slave.IsHeld)
            Timers.Cancel(link);
        else if (!Timers.IsTimerActive(link))
            Timers.StartSingleTimer(link, new HoldEnds(link), _gateway.AnswerHold);
    }

    /// <summary>There is news on a link: the poll that waits for it is answered.</summary>
    private void Resume(ClientLink link)
    {
        Send(link.Slave.Resume());
        FollowHold(link);
        ReportSoon();
    }

    private void Send(ReadOnlyMemory<byte> frame)
    {
        if (frame.IsEmpty)
            return;
        _report.FramesSent++;
        _line.Send(frame);
        Trace(sent: true, frame.Span);
    }

    private void Trace(bool sent, ReadOnlySpan<byte> frame)
    {
        if (!_watchers.IsEmpty)
            _watchers.Tell(_time.Now(), _client.ToString(), sent, frame);
    }

    private void OnIdleCheck()
    {
        var left = _lastFrameAt + _gateway.IdleTimeout - Now;
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
        _log.Info(LogEvents.GatewayClientGone, _configuration.Id, _client, _report.Requests, why);
        Context.Stop(Self);
    }
}
