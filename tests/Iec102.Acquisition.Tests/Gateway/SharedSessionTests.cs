using System.Collections.Concurrent;
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

/// <summary>
/// The meter's actor holds the only session with the meter, and passes on requests from clients of the gateway within it.
/// </summary>
public sealed class SharedSessionTests : TestKit
{
    private static readonly Request TheRequest = Request.ReadCurrentTime(1);
    private static readonly DateTimeZone Madrid = DateTimeZoneProviders.Tzdb["Europe/Madrid"];

    private readonly SchedulerTime _time;
    private readonly TestProbe _port;
    private readonly TestProbe _client;
    private readonly IActorRef _meter;
    private readonly ConcurrentQueue<ExchangeRequest> _passedOn = [];
    private readonly ConcurrentQueue<DropRequest> _dropped = [];
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
        _meter = Sys.ActorOf(Props.Create(
            () => new MeterActor(configuration, _port.Ref, liveState.Ref, writer.Ref, new List<(Curve, IActorRef)>(), null, _time)));
    }

    [Fact]
    public void Whoever_asks_first_has_it_log_in_and_all_who_wait_share_the_session()
    {
        Ask();
        Ask();
        Begin();
        Epoch().ShouldBe(1);
        Epoch().ShouldBe(1);
        Ask();
        Epoch().ShouldBe(1);
        _logins.Count.ShouldBe(1);
    }

    [Fact]
    public void A_lost_session_is_opened_anew_once_however_many_have_lost_it()
    {
        Begin();
        Ask();
        Epoch().ShouldBe(1);
        Ask(lost: 1);
        Ask(lost: 1);
        Epoch().ShouldBe(2);
        Epoch().ShouldBe(2);

        // A report that an earlier session was lost changes nothing.
        Ask(lost: 1);
        Epoch().ShouldBe(2);
        _logins.Select(login => login.Epoch).ShouldBe([0, 1]);
    }

    [Fact]
    public async Task Use_by_others_keeps_the_session_from_being_idle()
    {
        Begin();
        for (var minute = 0; minute < 10; minute++)
        {
            Ask();
            Epoch().ShouldBe(1);
            await Settle();
            _time.Advance(TimeSpan.FromMinutes(1));
        }

        _time.Advance(TimeSpan.FromMinutes(2));
        Ask();
        Epoch().ShouldBe(2);
    }

    [Theory]
    [InlineData(ExchangeEnd.NoAnswer)]
    [InlineData(ExchangeEnd.Refused)]
    [InlineData(ExchangeEnd.PortLost)]
    public void No_session_is_said_at_once(ExchangeEnd end)
    {
        _endOfLogins = end;
        Begin();
        Ask();
        _client.ExpectMsg<NotPassedOn>().Id.ShouldBe(new RequestId(1));
        Ask();
        _client.ExpectMsg<NotPassedOn>();
        _passedOn.ShouldBeEmpty();
    }

    [Fact]
    public void The_port_gets_the_request_in_the_session_with_the_weight_of_the_gateway_and_answers_the_client_itself()
    {
        Begin();
        var request = Ask();
        Ended().Id.ShouldBe(request.Id);
        var exchange = _passedOn.ShouldHaveSingleItem();
        (exchange.Id, exchange.Client, exchange.LinkAddress, exchange.Class, exchange.Epoch)
            .ShouldBe((request.Id, request.Client, (ushort)1, RequestClass.Gateway, 1));
        (exchange.Streams, exchange.Timeout, exchange.MaxHold).ShouldBe((true, request.Timeout, request.MaxHold));
        exchange.Request.ShouldBe(request.Request);
    }

    [Fact]
    public void What_is_withdrawn_while_it_waits_for_a_session_never_reaches_the_port()
    {
        var unwanted = Ask();
        var wanted = Ask();
        _meter.Tell(new Withdraw(unwanted.Id, unwanted.Client), _client.Ref);
        Begin();
        Ended().Id.ShouldBe(wanted.Id);
        _passedOn.Select(exchange => exchange.Id).ShouldBe([wanted.Id]);
        _dropped.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_withdrawn_after_that_is_dropped_by_the_port()
    {
        Begin();
        var request = Ask();
        Epoch().ShouldBe(1);
        _meter.Tell(new Withdraw(request.Id, request.Client), _client.Ref);
        await Settle();
        _dropped.ShouldHaveSingleItem().ShouldBe(new DropRequest(request.Client, request.Id));
    }

    [Fact]
    public void Whoever_waits_for_a_session_is_told_when_the_meters_actor_ends()
    {
        var request = Ask();
        _meter.Tell(PoisonPill.Instance);
        _client.ExpectMsg<NotPassedOn>().Id.ShouldBe(request.Id);
    }

    private void Begin()
    {
        _meter.Tell(new PortStateChanged(PortState.Closed, null));
        _meter.Tell(new KnownIdentity("m-1", null, null, [], []));
    }

    private PassOn Ask(int? lost = null)
    {
        _lastId = _lastId.Next();
        var request = new PassOn(_lastId, "client 192.0.2.7:50001", TheRequest, TimeSpan.FromSeconds(320), TimeSpan.FromSeconds(20), lost);
        _meter.Tell(request, _client.Ref);
        return request;
    }

    /// <summary>The epoch of the session in which the port answered the client.</summary>
    private int Epoch() => Ended().Epoch;

    /// <summary>Waits until the client has been told that its request is at the port, and then by the port how it ended.</summary>
    private ExchangeEnded Ended()
    {
        _client.ExpectMsg<PassedOn>();
        _client.LastSender.ShouldBe(_port.Ref);
        return _client.ExpectMsg<ExchangeEnded>();
    }

    /// <summary>Waits until the meter's actor and the port have exchanged all their messages.</summary>
    private async Task Settle()
    {
        for (var round = 0; round < 30; round++)
        {
            await _meter.Ask<ActorIdentity>(new Identify(round));
            await _port.Ref.Ask<ActorIdentity>(new Identify(round));
        }
    }

    /// <summary>Plays a port whose meter accepts the login, gives its identification and its clock, and refuses everything else.</summary>
    private KeepRunning PlayPort(IActorRef sender, object message)
    {
        if (message is DropRequest drop)
            _dropped.Enqueue(drop);
        if (message is not ExchangeRequest request)
            return AutoPilot.KeepRunning;
        if (request.Class == RequestClass.Gateway)
            _passedOn.Enqueue(request);
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
        var epoch = request.Class == RequestClass.Gateway ? request.Epoch : _logins.Count;
        var cause = end == ExchangeEnd.Refused ? CauseOfTransmission.TypeNotAvailable : default;
        sender.Tell(new ExchangeEnded(
            request.Id, request.Request, end, cause, false, epoch, answers,
            _time.Now(), _time.Now(), TimeSpan.FromMilliseconds(100), end == ExchangeEnd.Completed ? null : "it failed", default));
        return AutoPilot.KeepRunning;
    }
}
