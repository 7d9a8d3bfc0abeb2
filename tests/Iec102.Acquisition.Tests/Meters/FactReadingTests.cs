using System.Globalization;
using Akka.Actor;
using Iec102.Acquisition.Meters;
using Iec102.Acquisition.Ports;
using Iec102.Acquisition.Profiles;
using Iec102.Acquisition.Tasks;
using Iec102.Fleet;
using Iec102.Protocol.Application;
using Iec102.Protocol.Time;
using NodaTime;

namespace Iec102.Acquisition.Tests.Meters;

/// <summary>When a meter actor reads the facts that are due, and what follows from each answer.</summary>
public sealed class FactReadingTests : MeterBench
{
    private static readonly KnownIdentity Nothing = new("m-1", null, null, [], []);

    [Fact]
    public void The_configuration_comes_before_the_first_interval_and_the_profiles_know_it()
    {
        var meter = Start();
        Remember(meter, Nothing);
        FinishLogin(meter);
        var configuration = Expect(TypeIdentification.ReadConfiguration);
        configuration.Class.ShouldBe(RequestClass.ClockAndEvents);
        _profile.ExpectNoMsg(TimeSpan.FromMilliseconds(50));

        Answer(meter, configuration, answers: [MeterAnswers.Registrar(period2: 10)]);

        Stored<ConfigurationRead>().SerialNumber.ShouldBe(Serial);
        var session = _profile.ExpectMsg<GetNextChunk>().Session;
        (session.Firmware, session.Periods).ShouldBe(("KA 77", new CurvePeriods(60, 10)));
    }

    [Fact]
    public void A_meter_that_refuses_its_configuration_is_asked_for_the_further_one_and_then_goes_on()
    {
        var meter = Start();
        Remember(meter, Nothing);
        FinishLogin(meter);
        RefuseInSession(meter, Expect(TypeIdentification.ReadConfiguration), CauseOfTransmission.TypeNotAvailable);
        RefuseInSession(meter, Expect(TypeIdentification.ReadFurtherConfiguration), CauseOfTransmission.TypeNotAvailable);

        _profile.ExpectMsg<GetNextChunk>().Session.Periods.ShouldBeNull();
    }

    [Fact]
    public void A_meter_that_falls_silent_when_asked_for_its_configuration_is_read_all_the_same()
    {
        var meter = Start();
        Remember(meter, Nothing);
        foreach (var type in new[] { TypeIdentification.ReadConfiguration, TypeIdentification.ReadFurtherConfiguration })
        {
            for (var i = 0; i < 2; i++)
            {
                FinishLogin(meter);
                Answer(meter, Expect(type), ExchangeEnd.OutOfStep);
                Settle(meter);
                _time.Advance(TimeSpan.FromSeconds(40));
            }
        }

        FinishLogin(meter);
        _profile.ExpectMsg<GetNextChunk>();
    }

    [Fact]
    public void After_a_restart_the_stored_configuration_of_this_meter_counts()
    {
        var meter = Start();
        LogIn(meter, known: Serial);
        var session = _profile.ExpectMsg<GetNextChunk>().Session;
        (session.Firmware, session.Periods).ShouldBe(("KA 77", new CurvePeriods(60, 15)));
        _port.ExpectNoMsg(TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public void The_stored_configuration_of_another_meter_does_not_count()
    {
        var meter = Start();
        Remember(meter, Everything(Serial) with { Configuration = Everything(Serial + 1).Configuration });
        FinishLogin(meter);
        Expect(TypeIdentification.ReadConfiguration);
    }

    [Fact]
    public void A_meter_in_the_place_of_another_is_asked_for_its_configuration_at_once_and_for_its_own_events()
    {
        var meter = Start();
        LogInToWrongMeter(meter, known: Serial + 1);
        meter.Tell(new DeclareReplaced(), TestActor);
        ExpectMsg<OperatorActionAccepted>();
        _port.ExpectMsg<RetryNow>();
        FinishLogin(meter, epoch: 2);
        Answer(meter, Expect(TypeIdentification.ReadConfiguration), epoch: 2, answers: [MeterAnswers.Registrar(firmware: 78)]);

        _profile.ExpectMsg<BeginSegment>();
        Answer(
            meter, Expect(TypeIdentification.ReadFurtherConfiguration), epoch: 2,
            answers: [MeterAnswers.Further(new FurtherConfiguration { BatteryPercent = 9 })]);
        meter.Tell(new SegmentBegun(Curve.Hourly));
        _profile.ExpectMsg<GetNextChunk>().Session.Firmware.ShouldBe("KA 78");
        while (Next() is { } request)
        {
            if (request.Request.Header.Type == TypeIdentification.ReadEventsInRange)
            {
                FactBench.Time(request.Request, 0).ShouldBeLessThan(_time.Now() - Duration.FromDays(700));
                return;
            }

            RefuseInSession(meter, request, CauseOfTransmission.ObjectNotAvailable, epoch: 2);
        }

        ExchangeRequest? Next() => _port.ExpectMsg<ExchangeRequest>();
    }

    [Fact]
    public void Current_values_go_before_facts_and_curves_take_turns_with_them()
    {
        _configuration = _configuration with { CurrentValues = new CurrentValuesConfiguration { Every = TimeSpan.FromMinutes(1) } };
        var meter = Start();
        Remember(meter, Everything(Serial) with { Progress = [] });
        Settle(meter);
        _time.Advance(TimeSpan.FromSeconds(10));
        FinishLogin(meter);
        Answer(meter, Expect(TypeIdentification.ReadInstantaneousValues), answers: [Phases()]);
        _profile.ExpectMsg<GetNextChunk>();
        meter.Tell(new NothingDue(Curve.Hourly, _time.Now()));
        // Everything else becomes due while this slow exchange is under way.
        var slow = Expect(TypeIdentification.ReadEventsInRange);
        Settle(meter);
        _time.Advance(TimeSpan.FromSeconds(75));
        Answer(meter, slow);

        var order = new List<TypeIdentification>();
        for (var i = 0; i < 7; i++)
        {
            var request = _port.ExpectMsg<ExchangeRequest>();
            order.Add(request.Request.Header.Type);
            // The profile always has a chunk to read, and is asked for it while a fact is being read.
            if (order[^1] == TypeIdentification.ReadEventsInRange)
            {
                _profile.ExpectMsg<GetNextChunk>();
                meter.Tell(Chunk());
            }

            Answer(meter, request, answers: order[^1] == TypeIdentification.ReadInstantaneousValues ? [Phases()] : []);
            if (order[^1] == TypeIdentification.ReadIncrementalTotalBlocks)
            {
                _profile.ExpectMsg<ChunkAnswered>();
                meter.Tell(new ChunkRecorded(Curve.Hourly, 24));
            }
        }

        var (fact, chunk) = (TypeIdentification.ReadEventsInRange, TypeIdentification.ReadIncrementalTotalBlocks);
        order.ShouldBe([TypeIdentification.ReadInstantaneousValues, fact, chunk, fact, chunk, fact, chunk]);
    }

    [Fact]
    public void What_a_cut_answer_brought_is_asked_for_again_after_a_new_login_and_nothing_is_told()
    {
        var meter = Start();
        var stored = _time.Now() - Duration.FromDays(2);
        Remember(meter, OnlyEvents(52, stored));
        FinishLogin(meter);
        var first = Expect(TypeIdentification.ReadEventsInRange);
        Answer(meter, first, ExchangeEnd.Expired, answers: [MeterAnswers.Events(52, MeterAnswers.Event(1, 2, stored, Madrid))]);
        Settle(meter);
        _time.Advance(TimeSpan.FromSeconds(2));
        FinishLogin(meter);
        var again = Expect(TypeIdentification.ReadEventsInRange);
        FactBench.Tag(again.Request, 0).ShouldBe(FactBench.Tag(first.Request, 0));

        Answer(meter, again, answers: [MeterAnswers.Events(52, MeterAnswers.Event(1, 2, stored, Madrid))]);

        Stored<MeterFact>().ShouldBeOfType<EventsRead>().Events.ShouldHaveSingleItem().Time.ShouldBe(CivilTime.ToInstant(
            CivilTime.ToTagB(stored, Madrid), Madrid, SummerTimeHabit.SuBit));
    }

    [Fact]
    public void A_meter_without_the_type_for_events_is_asked_once_and_left_for_a_day()
    {
        var meter = Start();
        Remember(
            meter, Everything(Serial) with { Progress = [new FactProgress(FactKind.Closings, 21, _time.Now() + Duration.FromDays(30))] });
        Quiet(meter);
        _time.Advance(TimeSpan.FromMinutes(1));
        RefuseInSession(meter, Expect(TypeIdentification.ReadEventsInRange), CauseOfTransmission.TypeNotAvailable);

        _port.ExpectNoMsg(TimeSpan.FromMilliseconds(50));
        Settle(meter);
        _time.Advance(TimeSpan.FromHours(25));
        FinishLogin(meter);
        RefuseInSession(meter, Expect(TypeIdentification.ReadEventsInRange), CauseOfTransmission.TypeNotAvailable);
        _port.ExpectNoMsg(TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public void Transformer_ratios_give_primary_values()
    {
        var meter = Start();
        Remember(meter, Nothing);
        FinishLogin(meter);
        Answer(
            meter, Expect(TypeIdentification.ReadConfiguration),
            answers: [MeterAnswers.Registrar(ratios: new TransformerRatios(0, 0, 2_000, 50))]);
        meter.Tell(new ReadNow(Readable.CurrentValues, DialogueBench.Patience), TestActor);
        RefuseInSession(meter, Expect(TypeIdentification.ReadFurtherConfiguration), CauseOfTransmission.TypeNotAvailable);
        Answer(meter, Expect(TypeIdentification.ReadInstantaneousValues), answers: [Phases()]);

        var values = ExpectMsg<ReadNowAnswer.CurrentValues>().Values;
        values.Single(value => value.Id == "current.l1").PrimaryValue.ShouldBe(100);
        values.Single(value => value.Id == "voltage.l1").PrimaryValue.ShouldBeNull();
    }

    [Theory]
    [InlineData(Readable.Events, "102 102 102 102 102 102 102 102 102 102")]
    [InlineData(Readable.Configuration, "141 156 185")]
    [InlineData(Readable.Parameters, "182")]
    [InlineData(Readable.Powers, "144 144")]
    [InlineData(Readable.Holidays, "147 150 147 150")]
    [InlineData(Readable.Tariff, "133 134 133 134")]
    [InlineData(Readable.Closings, "122")]
    public void Reading_now_reads_every_record_of_it_at_once_and_answers_with_all(Readable what, string types)
    {
        var meter = Start();
        var known = Everything(Serial);
        var contracts = MeterAnswers.Registrar(contract1: ContractState.Active, contract2: ContractState.Inactive);
        var first = new ConfigurationRead("m-1", Serial, known.Configuration[0].ReadAt, contracts);
        Remember(meter, known with { Configuration = [first, .. known.Configuration.Skip(1)] });
        Quiet(meter);
        meter.Tell(new ReadNow(what, DialogueBench.Patience), TestActor);
        var expected = types.Split(' ').Select(type => (TypeIdentification)byte.Parse(type, CultureInfo.InvariantCulture)).ToList();
        foreach (var type in expected)
        {
            var request = Expect(type);
            request.Class.ShouldBe(RequestClass.OnDemand);
            Answer(meter, request, answers: AnswerOf(request.Request));
        }

        var facts = ExpectMsg<ReadNowAnswer.Facts>().Read;
        facts.Count.ShouldBe(expected.Count);
        foreach (var fact in facts)
            Stored<MeterFact>().ShouldBe(fact);
    }

    [Fact]
    public void Reading_now_what_the_meter_refuses_answers_with_its_refusal()
    {
        var meter = Start();
        Remember(meter, Everything(Serial));
        FinishLogin(meter);
        _profile.ExpectMsg<GetNextChunk>();
        meter.Tell(new ReadNow(Readable.Events, DialogueBench.Patience), TestActor);
        RefuseInSession(meter, Expect(TypeIdentification.ReadEventsInRange), CauseOfTransmission.TypeNotAvailable);

        ExpectMsg<ReadNowAnswer.Refused>().Error.ShouldBe("failed");
    }

    [Fact]
    public void Reading_now_from_a_meter_that_falls_silent_in_the_middle_says_so()
    {
        var meter = Start();
        Remember(meter, Everything(Serial));
        FinishLogin(meter);
        _profile.ExpectMsg<GetNextChunk>();
        meter.Tell(new ReadNow(Readable.Events, DialogueBench.Patience), TestActor);
        Answer(meter, Expect(TypeIdentification.ReadEventsInRange));
        Answer(meter, Expect(TypeIdentification.ReadEventsInRange), ExchangeEnd.NoAnswer);

        ExpectMsg<ReadNowAnswer.NoAnswer>();
    }

    [Fact]
    public void Reading_now_answers_with_what_it_has_when_the_time_is_over()
    {
        var meter = Start();
        Remember(meter, Everything(Serial));
        FinishLogin(meter);
        _profile.ExpectMsg<GetNextChunk>();
        meter.Tell(new ReadNow(Readable.Events, DialogueBench.Patience), TestActor);
        var first = Expect(TypeIdentification.ReadEventsInRange);
        Settle(meter);
        _time.Advance(TimeSpan.FromSeconds(31));
        Answer(meter, first, answers: [MeterAnswers.Events(52)]);

        ExpectMsg<ReadNowAnswer.Facts>().Read.Count.ShouldBe(1);
    }

    private byte[] Phases()
    {
        var phase = new PhaseValues(25, 2310);
        return MeterAnswers.Instantaneous(
            new InstantaneousValues(null, null, new CurrentsAndVoltages(phase, phase, phase, CivilTime.ToTagA(_time.Now(), Madrid))));
    }

    /// <summary>A meter of which everything but one record of events was read recently.</summary>
    private KnownIdentity OnlyEvents(byte record, Instant readTo)
    {
        var known = Everything(Serial);
        return known with
        {
            Progress = [.. known.Progress.Where(progress => progress.Record != record), new FactProgress(FactKind.Events, record, readTo)],
        };
    }

    /// <summary>Logs in; the profile has nothing to read.</summary>
    private void Quiet(IActorRef meter)
    {
        LoggedIn(meter, ExpectLogin());
        for (var i = 0; i < 3; i++)
        {
            Settle(meter);
            if (_profile.ReceiveOne(TimeSpan.FromMilliseconds(50)) is GetNextChunk)
                meter.Tell(new NothingDue(Curve.Hourly, _time.Now() + Duration.FromDays(90)));
        }
    }

    private void LoggedIn(IActorRef meter, ExchangeRequest login)
    {
        Answer(meter, login);
        Answer(meter, Expect(TypeIdentification.ReadDeviceIdentification), answers: [MeterAnswers.Identification(Serial)]);
        AnswerClock(meter, Expect(TypeIdentification.ReadCurrentTime), Duration.Zero);
    }

    private IReadOnlyList<byte[]> AnswerOf(Request request) => request.Header.Type switch
    {
        TypeIdentification.ReadEventsInRange => [MeterAnswers.Events(request.Header.RecordAddress)],
        TypeIdentification.ReadConfiguration => [MeterAnswers.Registrar(contract1: ContractState.Active, contract2: ContractState.Active)],
        TypeIdentification.ReadIntegratedTotals => [MeterAnswers.Totals(21, FactBench.Time(request, 1), 5, Madrid)],
        TypeIdentification.ReadCurrentTariff or TypeIdentification.ReadStoredTariff =>
            [MeterAnswers.Tariff(request.AnswerType, request.Header.RecordAddress, 20, _time.Now(), _time.Now(), Madrid)],
        _ =>
        [
            [
                (byte)request.AnswerType, (byte)(request.Asdu.Length - AsduHeader.Length), 5, 1, 0, request.Header.RecordAddress,
                1, 2, 3, 4, 5, 6,
            ],
        ],
    };
}
