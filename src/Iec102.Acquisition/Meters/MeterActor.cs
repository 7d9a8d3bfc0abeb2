using Akka.Actor;
using Akka.Event;
using Iec102.Acquisition.Meters.Facts;
using Iec102.Acquisition.Ports;
using Iec102.Acquisition.Profiles;
using Iec102.Acquisition.Readings;
using Iec102.Fleet;
using Iec102.Protocol;
using NodaTime;

namespace Iec102.Acquisition.Meters;

/// <summary>
/// One meter, or one measurement point of it: keeps a session open, knows what is due, and has one exchange at a time with it through its port.
/// <para>Takes <see cref="ReadNow"/>, <see cref="RetryLogin"/>, <see cref="DeclareReplaced"/>, <see cref="OpenSession"/>; from its port <see cref="PortStateChanged"/>,
/// <see cref="LinkStateChanged"/>, <see cref="ExchangeEnded"/>; from its profiles <see cref="ReadChunk"/>, <see cref="NothingDue"/>,
/// <see cref="ChunkRecorded"/>, <see cref="ChunkDue"/>, <see cref="SegmentBegun"/>; from the writer <see cref="KnownIdentity"/>.</para>
/// </summary>
public sealed partial class MeterActor : ReceiveActor, IWithTimers
{
    // States (MeterState):
    //   Offline     nothing asked yet, the identity on record not known yet, or the port lost; left by whatever is due next.
    //   LoggingIn   183, then 100 for the identity, then 103 for the clock; 183 with the password that may write, before 181.
    //   Online      a session is open; reads what is due.
    //   Demoted     the meter does not answer; the port probes it and says when it does.
    //   Refused     the login was refused; next try by LoginBackoff.
    //   WrongMeter  the identity is another; next look by LoginBackoff.

    private static readonly TimeSpan ExchangeTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan HistoryTimeout = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan OnDemandTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PortSilenceLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan IdentityRetry = TimeSpan.FromSeconds(5);
    private static readonly Duration UnsupportedRetry = Duration.FromDays(1);

    private readonly MeterConfiguration _configuration;
    private readonly IActorRef _port;
    private readonly IActorRef _readings;
    private readonly IActorRef _writer;
    private readonly TimeProvider _time;
    private readonly IHostClock? _hostClock;
    private readonly List<ProfileLane> _lanes;
    private readonly MeterSessionState _session;
    private readonly Duration _spread;
    private readonly LoginBackoff _backoff = new();
    private readonly Queue<(ReadNow Command, IActorRef Sender)> _onDemand = new();
    private readonly ILoggingAdapter _log = Context.GetLogger();

    private PortState _portState = PortState.Opening;
    private Exchange? _running;
    private RequestId _lastId;
    private Instant _notBefore;
    private int _failures;
    private Instant _currentDue;
    private Instant _clockDue;
    private LineRate _rate = new(OctetsPerSecond: 900, OthersWait: true);
    private MeterStatus _status;

    /// <summary>What an exchange is for.</summary>
    private enum Purpose { Login, Identification, Clock, CurrentValues, Chunk, Fact, WriteLogin, ClockSetting, Proof }

    private sealed record Exchange(
        Purpose Purpose, Request Request, ProfileLane? Lane = null, (ReadNow Command, IActorRef Sender)? OnDemand = null, FactTask? Task = null);

    private sealed record Wake;

    private sealed record PortSilent(RequestId Id, Request Request);

    private sealed record AskIdentity;

    /// <summary>Creates the actor; it registers with its port and begins to read what is due.</summary>
    /// <param name="configuration">The meter.</param>
    /// <param name="port">Its port's actor.</param>
    /// <param name="readings">The readings actor.</param>
    /// <param name="writer">The writer.</param>
    /// <param name="profiles">The profile actors of the curves that are recorded.</param>
    /// <param name="hostClock">Whether our clock is right, so that the meter's may be set by it; null when nobody can tell.</param>
    /// <param name="time">The clock.</param>
    public MeterActor(
        MeterConfiguration configuration, IActorRef port, IActorRef readings, IActorRef writer, IReadOnlyList<(Curve Curve, IActorRef Profile)> profiles,
        IHostClock? hostClock, TimeProvider time)
    {
        _hostClock = hostClock;
        _time = time;
        _configuration = configuration;
        _port = port;
        _readings = readings;
        _writer = writer;
        _lanes = profiles.Select(profile => new ProfileLane(profile.Curve, profile.Profile)).ToList();
        _spread = Spread * StableHash.Fraction(configuration.Id);
        _clockRule = configuration.Clock.Set is { } limits ? new ClockSetRule(limits, configuration.TimeZone) : null;
        _session = new MeterSessionState(configuration.TimeZone, configuration.SerialNumber, configuration.SummerTime);
        _status = new MeterStatus(
            configuration.Id, configuration.Port, configuration.LinkAddress, configuration.PointAddress,
            MeterState.Offline, SerialNumber: null, LastSeen: null, LastError: null, ClockOffset: null);

        Receive<PortStateChanged>(OnPortState);
        Receive<LinkStateChanged>(OnLinkState);
        Receive<ExchangeEnded>(OnEnded);
        Receive<KnownIdentity>(OnKnownIdentity);
        Receive<ReadChunk>(OnReadChunk);
        Receive<NothingDue>(OnNothingDue);
        Receive<ChunkRecorded>(OnChunkRecorded);
        Receive<ChunkDue>(OnChunkDue);
        Receive<SegmentBegun>(OnSegmentBegun);
        Receive<ReadNow>(OnReadNow);
        Receive<OpenSession>(OnOpenSession);
        Receive<RetryLogin>(_ => OnRetryLogin());
        Receive<DeclareReplaced>(_ => OnDeclareReplaced());
        Receive<Wake>(_ => Advance());
        Receive<PortSilent>(OnPortSilent);
        Receive<AskIdentity>(_ => OnStorageSilent());
    }

    /// <inheritdoc />
    public ITimerScheduler Timers { get; set; } = null!;

    private Instant Now => _time.Now();

    private TimeSpan Clock => _time.Elapsed();

    /// <inheritdoc />
    protected override void PreStart()
    {
        var now = Now;
        var spread = Duration.FromTimeSpan(_configuration.CurrentValues.Every) * StableHash.Fraction(_configuration.Id);
        _currentDue = _configuration.CurrentValues.Enabled ? now + Duration.Min(spread, Duration.FromSeconds(10)) : Instant.MaxValue;
        _clockDue = now + Duration.FromTimeSpan(_configuration.Clock.CheckEvery);
        foreach (var lane in _lanes)
            lane.WaitUntil(now);
        _readings.Tell(_status);
        _port.Tell(new RegisterMeter(_configuration.Id, _configuration.LinkAddress, _configuration.PointAddress));
        _writer.Tell(new GetIdentity(_configuration.Id));
        Timers.StartPeriodicTimer("identity", new AskIdentity(), IdentityRetry);
    }

    /// <inheritdoc />
    protected override void PostStop() => _port.Tell(new UnregisterMeter(_configuration.Id));

    private void OnKnownIdentity(KnownIdentity known)
    {
        if (_agenda is not null)
            return;
        Timers.Cancel("identity");
        var configuration = known.Configuration.Where(answer => answer.SerialNumber == (known.SerialNumber ?? 0)).ToList();
        _session.Remember(known.SerialNumber, known.Habit, configuration);
        _agenda = new FactAgenda(_configuration, known.Progress, configuration, Now);
        if (!_session.SetUp.IsKnown)
            _agenda.HastenSetUp(Now);
        Publish(_status with { SerialNumber = known.SerialNumber, LastError = null });
        Advance();
    }

    /// <summary>Without what is on record nothing may be read: whose history it is could not be told.</summary>
    private void OnStorageSilent()
    {
        Publish(_status with { LastError = "waits for the storage, which does not say yet what is on record of this meter; the log says why" });
        _writer.Tell(new GetIdentity(_configuration.Id));
    }

    private void OnPortState(PortStateChanged changed)
    {
        _portState = changed.State;
        if (changed.State is PortState.BackingOff or PortState.Closed)
        {
            _session.Lose();
            if (_status.State is MeterState.Online or MeterState.LoggingIn or MeterState.Demoted)
                Publish(_status with { State = MeterState.Offline, LastError = changed.Error ?? _status.LastError });
        }
        else if (_status.State is not (MeterState.Refused or MeterState.WrongMeter))
        {
            _notBefore = Instant.MinValue;
        }

        Advance();
    }

    private void OnLinkState(LinkStateChanged changed)
    {
        if (changed.LinkAddress != _configuration.LinkAddress)
            return;
        if (!changed.Answers)
        {
            _session.Lose();
            Publish(_status with { State = MeterState.Demoted });
            return;
        }

        _notBefore = Instant.MinValue;
        if (_status.State == MeterState.Demoted)
            Publish(_status with { State = MeterState.Offline });
        Advance();
    }

    private void OnRetryLogin()
    {
        _backoff.Reset();
        _notBefore = Instant.MinValue;
        if (_status.State is MeterState.Refused or MeterState.WrongMeter)
            Publish(_status with { State = MeterState.Offline });
        _port.Tell(new RetryNow(_configuration.LinkAddress));
        Sender.Tell(new OperatorActionAccepted());
        Advance();
    }

    private void OnDeclareReplaced()
    {
        _log.Info(LogEvents.MeterDeclaredReplaced, _configuration.Id);
        _session.DeclareReplaced();
        _session.Lose();
        OnRetryLogin();
    }

    private void OnReadNow(ReadNow command)
    {
        if (_status.State is MeterState.Refused or MeterState.WrongMeter || _portState == PortState.BackingOff)
        {
            var outcome = _portState == PortState.BackingOff ? ReadNowOutcome.NoAnswer : ReadNowOutcome.Refused;
            Sender.Tell(new ReadNowAnswer(outcome, _status.LastError));
            return;
        }

        _onDemand.Enqueue((command, Sender));
        Advance();
    }

    /// <summary>The port has not even said that a request failed: it was restarted and has forgotten us.</summary>
    private void OnPortSilent(PortSilent silent)
    {
        if (_running is null || silent.Id != _lastId)
            return;
        _port.Tell(new RegisterMeter(_configuration.Id, _configuration.LinkAddress, _configuration.PointAddress));
        OnEnded(new ExchangeEnded(silent.Id, silent.Request, ExchangeEnd.PortLost, default, false, 0, [], Now, Now, TimeSpan.Zero, "the port did not answer", _rate));
    }

    /// <summary>Tells the readings actor what changed.</summary>
    private void Publish(MeterStatus status)
    {
        if (status == _status)
            return;
        _status = status;
        _readings.Tell(status);
    }
}
