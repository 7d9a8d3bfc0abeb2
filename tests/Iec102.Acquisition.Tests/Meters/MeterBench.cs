using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Iec102.Acquisition.Meters;
using Iec102.Acquisition.Ports;
using Iec102.Acquisition.Profiles;
using Iec102.Fleet;
using Iec102.Protocol.Application;
using Iec102.Protocol.Time;
using NodaTime;

namespace Iec102.Acquisition.Tests.Meters;

/// <summary>A meter actor in virtual time, with probes in place of its port, profile, live state and writer.</summary>
public abstract class MeterBench : TestKit
{
    private protected const ushort Link = 34572;
    private protected const uint Serial = 48304838;
    private protected static readonly DateTimeZone Madrid = DateTimeZoneProviders.Tzdb["Europe/Madrid"];
    private static readonly LineRate Rate = new(OctetsPerSecond: 900, OthersWait: false);

    private protected readonly SchedulerTime _time;
    private protected readonly TestProbe _port;
    private protected readonly TestProbe _liveState;
    private protected readonly TestProbe _writer;
    private protected readonly TestProbe _profile;
    private protected readonly HostClock _hostClock = new();

    private protected MeterConfiguration _configuration = new()
    {
        Id = "m-1",
        Port = "p-1",
        LinkAddress = Link,
        PointAddress = 1,
        Password = new Secret(7),
        TimeZone = Madrid,
        CurrentValues = new CurrentValuesConfiguration { Enabled = false },
    };

    protected MeterBench() : base(SchedulerTime.Config)
    {
        _time = new SchedulerTime(Sys);
        _port = CreateTestProbe("port");
        _liveState = CreateTestProbe("live-state");
        _writer = CreateTestProbe("writer");
        _profile = CreateTestProbe("profile");
    }

    private protected sealed class HostClock : IHostClock
    {
        public bool IsSynchronised { get; set; } = true;
    }

    /// <summary>Waits until the actor has handled all messages sent to it, so that its timers are set before time moves on.</summary>
    private protected void Settle(IActorRef meter)
    {
        meter.Tell(new Identify("settled"), TestActor);
        ExpectMsg<ActorIdentity>();
    }

    private protected IActorRef Start()
    {
        IReadOnlyList<(Curve, IActorRef)> profiles = [(Curve.Hourly, _profile.Ref)];
        return Sys.ActorOf(
            Props.Create(() => new MeterActor(_configuration, _port.Ref, _liveState.Ref, _writer.Ref, profiles, _hostClock, _time)));
    }

    private protected KnownIdentity Everything(uint? serial) => MeterAnswers.Everything("m-1", serial, _time.Now());

    private protected void Know(IActorRef meter, uint? serial) => Remember(meter, Everything(serial));

    private protected void Remember(IActorRef meter, KnownIdentity known)
    {
        _port.ExpectMsg<RegisterMeter>();
        meter.Tell(new PortStateChanged(PortState.Closed, null));
        meter.Tell(known);
    }

    private protected void LogIn(IActorRef meter, int epoch = 1, uint? known = null)
    {
        Know(meter, known);
        FinishLogin(meter, epoch);
    }

    /// <summary>Logs in to a meter whose serial number is not the one that the actor expects.</summary>
    private protected void LogInToWrongMeter(IActorRef meter, uint? known = null)
    {
        Know(meter, known);
        AnswerIdentity(meter, epoch: 1);
    }

    private protected void FinishLogin(IActorRef meter, int epoch = 1, Duration clockOffset = default)
    {
        AnswerIdentity(meter, epoch);
        AnswerClock(meter, Expect(TypeIdentification.ReadCurrentTime), clockOffset, epoch);
    }

    private void AnswerIdentity(IActorRef meter, int epoch)
    {
        Answer(meter, ExpectLogin(), epoch: epoch);
        var identity = Expect(TypeIdentification.ReadDeviceIdentification);
        identity.Epoch.ShouldBe(epoch);
        Answer(meter, identity, epoch: epoch, answers: [MeterAnswers.Identification(Serial)]);
    }

    private protected void AnswerClock(IActorRef meter, ExchangeRequest clock, Duration offset, int epoch = 1) =>
        Answer(meter, clock, epoch: epoch, answers: [MeterAnswers.Clock(_time.Now() + offset, Madrid)], roundTrip: TimeSpan.Zero);

    private protected ExchangeRequest ExpectLogin(uint key = 7)
    {
        var login = _port.ExpectMsg<ExchangeRequest>();
        login.Request.Header.Type.ShouldBe(TypeIdentification.Login);
        login.Request.Asdu.ToArray().ShouldBe(Request.Login(1, key).Asdu.ToArray());
        return login;
    }

    private protected ExchangeRequest Expect(TypeIdentification type)
    {
        var request = _port.ExpectMsg<ExchangeRequest>();
        request.Request.Header.Type.ShouldBe(type);
        return request;
    }

    private protected void Answer(
        IActorRef meter, ExchangeRequest request, ExchangeEnd end = ExchangeEnd.Completed, int epoch = 1,
        IReadOnlyList<byte[]>? answers = null, CauseOfTransmission cause = default, TimeSpan? roundTrip = null) =>
        meter.Tell(new ExchangeEnded(
            request.Id, request.Request, end, cause, false, epoch, answers ?? [], _time.Now(), _time.Now(),
            roundTrip ?? TimeSpan.FromMilliseconds(100),
            end == ExchangeEnd.Completed ? null : "failed", Rate, request.Clock?.At(_time.Now()) ?? request.Request));

    private protected void Refuse(IActorRef meter, ExchangeRequest request, CauseOfTransmission cause, int epoch = 1) =>
        Answer(meter, request, ExchangeEnd.Refused, epoch, cause: cause);

    /// <summary>Refuses a request, then answers the clock to show that the session still exists.</summary>
    private protected void RefuseInSession(IActorRef meter, ExchangeRequest request, CauseOfTransmission cause, int epoch = 1)
    {
        Refuse(meter, request, cause, epoch);
        AnswerClock(meter, Expect(TypeIdentification.ReadCurrentTime), Duration.Zero, epoch);
    }

    private protected MeterStatus Status(MeterState state) =>
        (MeterStatus)_liveState.FishForMessage(message => message is MeterStatus status && status.State == state);

    /// <summary>The next message of this type to the writer.</summary>
    private protected T Stored<T>() => (T)_writer.FishForMessage(message => message is T);

    private protected ReadChunk Chunk()
    {
        var now = _time.Now();
        var tag = CivilTime.ToTagA(now, Madrid);
        return new ReadChunk(
            Curve.Hourly, new TimeRange(now - Duration.FromDays(1), now), Request.ReadIncrementalTotalBlocks(1, 11, 9, tag, tag), 24);
    }
}
