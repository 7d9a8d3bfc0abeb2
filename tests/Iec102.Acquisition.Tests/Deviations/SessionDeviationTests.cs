using Akka.Actor;
using Iec102.Acquisition.Meters;
using Iec102.Acquisition.Ports;
using Iec102.Acquisition.Profiles;
using Iec102.Acquisition.Tasks;
using Iec102.Acquisition.Tests.Ports;
using Iec102.Fleet;
using Iec102.Protocol.Application;
using Iec102.Protocol.Time;
using Iec102.Simulator.Meters;
using NodaTime;

namespace Iec102.Acquisition.Tests.Deviations;

/// <summary>
/// Meters that drop the session by themselves and then refuse requests with causes that, inside a session, would say something about a
/// type, a record or a range (protocol notes 7.4). Port actor and meter actor are real; the test plays the profile actor.
/// </summary>
public sealed class SessionDeviationTests : DeviationBench
{
    private static readonly Duration HalfADay = Duration.FromHours(12);

    private int _answered;

    private IActorRef _meter = ActorRefs.Nobody;
    private Recorder _profile = null!;

    [Theory]
    [InlineData(CauseOfTransmission.RecordNotAvailable)]
    [InlineData(CauseOfTransmission.TypeNotAvailable)]
    [InlineData(CauseOfTransmission.PeriodNotAvailable)]
    public async Task Meter_that_drops_the_session_after_some_requests(CauseOfTransmission cause)
    {
        Begin(new() { RequestsPerSession = 7, OutsideSession = cause });
        await Until(() => _profile.All<GetNextChunk>().Count > 0, TimeSpan.FromMinutes(1));

        await ReadDays(2);
        await Advance(Seconds(120));

        Simulated.Counters.Snapshot().Logins.ShouldBeGreaterThan(3);
        Simulated.Counters.Snapshot().Refusals[(byte)cause].ShouldBeGreaterThan(3);
        ShouldKnowEverything();
    }

    [Fact]
    public async Task Meter_that_drops_an_idle_session()
    {
        Begin(new() { SessionIdle = Duration.FromSeconds(30), OutsideSession = CauseOfTransmission.TypeNotAvailable });
        await Until(() => _profile.All<GetNextChunk>().Count > 0, TimeSpan.FromMinutes(1));
        await ReadDays(1);
        await Advance(Seconds(120));
        var before = Simulated.Counters.Snapshot().Logins;

        await ReadDays(1);

        Simulated.Counters.Snapshot().Logins.ShouldBe(before + 1);
        ShouldKnowEverything();
    }

    [Fact]
    public async Task Meter_that_drops_every_session_at_once_is_not_hammered()
    {
        Begin(new() { RequestsPerSession = 2, OutsideSession = CauseOfTransmission.PeriodNotAvailable });

        await Advance(Seconds(600));

        Simulated.Counters.Snapshot().Logins.ShouldBeLessThan(25);
        _profile.All<ChunkAnswered>().ShouldBeEmpty();
    }

    private void Begin(MeterBehaviour behaviour)
    {
        Connect(behaviour);
        _profile = Record("profile");
        var configuration = new MeterConfiguration
        {
            Id = "m-1",
            Port = "north",
            LinkAddress = 1,
            PointAddress = 1,
            Password = new Secret(7),
            TimeZone = Madrid,
            CurrentValues = new CurrentValuesConfiguration { Enabled = false },
        };
        IReadOnlyList<(Curve, IActorRef)> profiles = [(Curve.Hourly, _profile.Ref)];
        _meter = Include(Sys.ActorOf(
            Props.Create(() => new MeterActor(configuration, Port, LiveState.Ref, Writer.Ref, profiles, null, Scheduler.Time)), "meter"));
        _meter.Tell(new KnownIdentity("m-1", null, null, [], []));
    }

    /// <summary>
    /// Reads the hours of some days in chunks of half a day. A chunk whose session was lost is asked for again, as a profile actor would
    /// do.
    /// </summary>
    private async Task ReadDays(int days)
    {
        var range = Back(days);
        var read = new List<RecordedInterval>();
        for (var from = range.From; from < range.To;)
        {
            var half = new TimeRange(from, from + HalfADay);
            var request = ReadMethod.BlocksOf8.Request(1, RecordAddress.LoadCurve1, half, Madrid, SummerTimeHabit.SuBit);
            var chunk = new ReadChunk(Curve.Hourly, half, request, 12);
            var answered = await Answer(chunk);
            // A refusal here would be taken for a fact about the chunk, so only completion or a lost session may be reported.
            answered.Ended.End.ShouldBeOneOf(ExchangeEnd.Completed, ExchangeEnd.SessionLost);
            if (!answered.Ended.IsCompleted)
                continue;
            read.AddRange(AnswerReader.Read(chunk, answered.Ended.Answers, Madrid, SummerTimeHabit.SuBit).Intervals);
            from += HalfADay;
        }

        ShouldBeTheTruth(read, range);
    }

    private async Task<ChunkAnswered> Answer(ReadChunk chunk)
    {
        _meter.Tell(chunk);
        await Until(() => _profile.All<ChunkAnswered>().Count > _answered, TimeSpan.FromMinutes(5));
        _answered++;
        var asked = _profile.All<GetNextChunk>().Count;
        _meter.Tell(new ChunkRecorded(Curve.Hourly, 0));
        await Until(() => _profile.All<GetNextChunk>().Count > asked, TimeSpan.FromMinutes(5));
        return _profile.All<ChunkAnswered>()[^1];
    }

    /// <summary>
    /// Checks that the meter's configuration and events have arrived too: no refusal after a lost session was mistaken for the meter not
    /// having them.
    /// </summary>
    private void ShouldKnowEverything()
    {
        Writer.All<ConfigurationRead>().Select(read => (TypeIdentification)read.Asdu[0]).ShouldContain(TypeIdentification.Configuration);
        Writer.All<EventsRead>().Select(read => read.Record).Distinct().ShouldContain((byte)52);
        LiveState.All<MeterStatus>()[^1].State.ShouldBe(MeterState.Online);
    }
}
