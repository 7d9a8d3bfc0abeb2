using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Iec102.Acquisition.Meters;
using Iec102.Acquisition.Ports;
using Iec102.Acquisition.Tests.Meters;
using Iec102.Fleet;
using Iec102.Protocol.Application;
using NodaTime;

namespace Iec102.Acquisition.Tests.Gateway;

/// <summary>The meter's actor has the only session with the meter, and lends it.</summary>
public sealed class SharedSessionTests : TestKit
{
    private static readonly DateTimeZone Madrid = DateTimeZoneProviders.Tzdb["Europe/Madrid"];

    private readonly SchedulerTime _time;
    private readonly TestProbe _port;
    private readonly TestProbe _client;
    private readonly IActorRef _meter;
    private readonly List<ExchangeRequest> _logins = [];
    private ExchangeEnd _endOfLogins = ExchangeEnd.Completed;
    private RequestId _lastId;

    public SharedSessionTests() : base(SchedulerTime.Config)
    {
        _time = new SchedulerTime(Sys);
        (_port, _client) = (CreateTestProbe(), CreateTestProbe());
        _port.SetAutoPilot(new DelegateAutoPilot(PlayPort));
        var (liveState, writer) = (CreateTestProbe(), CreateTestProbe());
        var configuration = new MeterConfiguration
        {
            Id = "m-1",
            Port = "p-1",
            LinkAddress = 1,
            PointAddress = 1,
            Password = new Secret(7),
            Record = false,
            TimeZone = Madrid,
            CurrentValues = new CurrentValuesConfiguration { Enabled = false },
        };
        _meter = Sys.ActorOf(Props.Create(() => new MeterActor(configuration, _port.Ref, liveState.Ref, writer.Ref, new List<(Curve, IActorRef)>(), null, _time)));
    }

    [Fact]
    public void Whoever_asks_first_has_it_log_in_and_all_who_wait_share_the_session()
    {
        OpenSession();
        OpenSession();
        Begin();
        Opened().Epoch.ShouldBe(1);
        Opened().Epoch.ShouldBe(1);
        OpenSession();
        Opened().Epoch.ShouldBe(1);
        _logins.Count.ShouldBe(1);
    }

    [Fact]
    public void A_lost_session_is_opened_anew_once_however_many_have_lost_it()
    {
        Begin();
        OpenSession();
        Opened().Epoch.ShouldBe(1);
        OpenSession(lost: 1);
        OpenSession(lost: 1);
        Opened().Epoch.ShouldBe(2);
        Opened().Epoch.ShouldBe(2);

        // News of the session before the last change nothing.
        OpenSession(lost: 1);
        Opened().Epoch.ShouldBe(2);
        _logins.Select(login => login.Epoch).ShouldBe([0, 1]);
    }

    [Fact]
    public async Task Use_by_others_keeps_the_session_from_being_idle()
    {
        Begin();
        for (var minute = 0; minute < 10; minute++)
        {
            OpenSession();
            Opened().Epoch.ShouldBe(1);
            await Settle();
            _time.Advance(TimeSpan.FromMinutes(1));
        }

        _time.Advance(TimeSpan.FromMinutes(2));
        OpenSession();
        Opened().Epoch.ShouldBe(2);
    }

    [Theory]
    [InlineData(ExchangeEnd.NoAnswer)]
    [InlineData(ExchangeEnd.Refused)]
    [InlineData(ExchangeEnd.PortLost)]
    public void No_session_is_said_at_once(ExchangeEnd end)
    {
        _endOfLogins = end;
        Begin();
        OpenSession();
        _client.ExpectMsg<SessionNotOpened>().Id.ShouldBe(new RequestId(1));
        OpenSession();
        _client.ExpectMsg<SessionNotOpened>();
    }

    private void Begin()
    {
        _meter.Tell(new PortStateChanged(PortState.Closed, null));
        _meter.Tell(new KnownIdentity("m-1", null, null, [], []));
    }

    private void OpenSession(int? lost = null) => _meter.Tell(new OpenSession(_lastId = _lastId.Next(), lost), _client.Ref);

    private SessionOpened Opened() => _client.ExpectMsg<SessionOpened>();

    /// <summary>Waits until what the meter and the port have to say to each other has been said.</summary>
    private async Task Settle()
    {
        for (var round = 0; round < 30; round++)
        {
            await _meter.Ask<ActorIdentity>(new Identify(round));
            await _port.Ref.Ask<ActorIdentity>(new Identify(round));
        }
    }

    /// <summary>A port whose meter takes the login, says who it is and what time it is, and has nothing else to offer.</summary>
    private KeepRunning PlayPort(IActorRef sender, object message)
    {
        if (message is not ExchangeRequest request)
            return AutoPilot.KeepRunning;
        var type = request.Request.Header.Type;
        if (type == TypeIdentification.Login)
            _logins.Add(request);
        var (end, answers) = type switch
        {
            TypeIdentification.Login => (_endOfLogins, (byte[][])[]),
            TypeIdentification.ReadDeviceIdentification => (ExchangeEnd.Completed, [MeterAnswers.Identification(48304838)]),
            TypeIdentification.ReadCurrentTime => (ExchangeEnd.Completed, [MeterAnswers.Clock(_time.Now(), Madrid)]),
            _ => (ExchangeEnd.Refused, []),
        };
        sender.Tell(new ExchangeEnded(
            request.Id, request.Request, end, end == ExchangeEnd.Refused ? CauseOfTransmission.TypeNotAvailable : default, false, _logins.Count, answers, _time.Now(), _time.Now(),
            TimeSpan.FromMilliseconds(100), end == ExchangeEnd.Completed ? null : "it failed", default));
        return AutoPilot.KeepRunning;
    }
}
