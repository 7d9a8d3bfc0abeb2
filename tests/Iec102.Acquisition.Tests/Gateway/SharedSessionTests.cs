using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Iec102.Acquisition.Fleet;
using Iec102.Acquisition.Meters;
using Iec102.Acquisition.Ports;
using Iec102.Acquisition.Readings;
using Iec102.Protocol;
using NodaTime;

namespace Iec102.Acquisition.Tests.Gateway;

/// <summary>The meter's actor has the only session with the meter, and lends it.</summary>
public sealed class SharedSessionTests : TestKit
{
    private static readonly Request Clock = Request.ReadCurrentTime(1);

    private readonly SchedulerTime _time;
    private readonly TestProbe _port;
    private readonly TestProbe _readings;
    private readonly TestProbe _writer;
    private readonly TestProbe _client;
    private readonly IActorRef _meter;

    public SharedSessionTests() : base(SchedulerTime.Config)
    {
        _time = new SchedulerTime(Sys);
        (_port, _readings, _writer, _client) = (CreateTestProbe(), CreateTestProbe(), CreateTestProbe(), CreateTestProbe());
        var configuration = new MeterConfiguration
        {
            Id = "m-1",
            Port = "p-1",
            LinkAddress = 1,
            PointAddress = 1,
            Password = new Secret(7),
            Record = false,
            TimeZone = DateTimeZoneProviders.Tzdb["Europe/Madrid"],
            CurrentValues = new CurrentValuesConfiguration { Enabled = false },
        };
        _meter = Sys.ActorOf(Props.Create(() => new MeterActor(configuration, _port.Ref, _readings.Ref, _writer.Ref, new List<(Curve, IActorRef)>(), null, _time)));
        _port.ExpectMsg<RegisterMeter>();
        _meter.Tell(new PortStateChanged(PortState.Closed, null));
        _meter.Tell(new KnownIdentity("m-1", null, null, [], []));
    }

    [Fact]
    public void Whoever_asks_first_has_it_log_in_and_all_who_wait_share_the_session()
    {
        OpenSession();
        OpenSession();
        LogIn(epoch: 4);
        Opened().Epoch.ShouldBe(4);
        Opened().Epoch.ShouldBe(4);
        OpenSession();
        Opened().Epoch.ShouldBe(4);
    }

    [Fact]
    public void A_lost_session_is_opened_anew_once_however_many_have_lost_it()
    {
        OpenSession();
        LogIn(epoch: 1);
        Opened();
        OpenSession(lost: 1);
        OpenSession(lost: 1);
        var login = Next(TypeIdentification.Login);
        login.Epoch.ShouldBe(1);
        Answer(login, epoch: 2);
        Finish(epoch: 2);
        Opened().Epoch.ShouldBe(2);
        Opened().Epoch.ShouldBe(2);

        // News of the session before the last change nothing.
        OpenSession(lost: 1);
        Opened().Epoch.ShouldBe(2);
    }

    [Fact]
    public void Use_by_others_keeps_the_session_from_being_idle()
    {
        OpenSession();
        LogIn(epoch: 1);
        Opened();
        for (var minute = 0; minute < 10; minute++)
        {
            _time.Advance(TimeSpan.FromMinutes(1));
            OpenSession();
            Opened().Epoch.ShouldBe(1);
        }
    }

    [Theory]
    [InlineData(ExchangeEnd.NoAnswer)]
    [InlineData(ExchangeEnd.Refused)]
    [InlineData(ExchangeEnd.PortLost)]
    public void No_session_is_said_at_once(ExchangeEnd end)
    {
        OpenSession();
        Answer(Next(TypeIdentification.Login), end: end);
        _client.ExpectMsg<SessionNotOpened>().Request.ShouldBeSameAs(Clock);
        OpenSession();
        _client.ExpectMsg<SessionNotOpened>();
    }

    private void OpenSession(int? lost = null) => _meter.Tell(new OpenSession(Clock, lost), _client.Ref);

    private SessionOpened Opened() => _client.ExpectMsg<SessionOpened>();

    private void LogIn(int epoch)
    {
        Answer(Next(TypeIdentification.Login), epoch);
        Finish(epoch);
    }

    /// <summary>What follows a login until nothing more is asked; the meter has none of it.</summary>
    private void Finish(int epoch)
    {
        while (_port.ReceiveOne(TimeSpan.FromMilliseconds(300)) is ExchangeRequest request)
        {
            request.Epoch.ShouldBe(epoch);
            Answer(request, epoch, ExchangeEnd.Refused);
        }
    }

    private ExchangeRequest Next(TypeIdentification type)
    {
        var request = (ExchangeRequest)_port.FishForMessage(message => message is ExchangeRequest);
        request.Request.Header.Type.ShouldBe(type);
        return request;
    }

    private void Answer(ExchangeRequest request, int epoch = 1, ExchangeEnd end = ExchangeEnd.Completed) => _meter.Tell(new ExchangeEnded(
        request.Request, end, end == ExchangeEnd.Refused ? CauseOfTransmission.TypeNotAvailable : default, false, epoch, [], _time.Now(), _time.Now(),
        TimeSpan.FromMilliseconds(100), end == ExchangeEnd.Completed ? null : "it failed", default));
}
