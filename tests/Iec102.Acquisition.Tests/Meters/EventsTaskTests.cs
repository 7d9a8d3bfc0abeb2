using Iec102.Acquisition.Ports;
using Iec102.Acquisition.Tasks;
using Iec102.Protocol.Application;
using NodaTime;

namespace Iec102.Acquisition.Tests.Meters;

public class EventsTaskTests
{
    private static readonly Duration Hourly = Duration.FromHours(1);
    private static readonly Instant Noon = FactBench.Noon;
    private readonly FactBench _bench = new();

    [Fact]
    public void The_first_time_two_years_are_asked_for_in_one_request()
    {
        var fact = Read(Task(readTo: null)).ShouldHaveSingleItem();

        fact.Record.ShouldBe((byte)52);
        fact.ReadTo.ShouldBe(Noon);
        var request = _bench.Asked.ShouldHaveSingleItem();
        request.Header.Type.ShouldBe(TypeIdentification.ReadEventsInRange);
        FactBench.Time(request, 0).ShouldBe(Noon - Duration.FromDays(730));
        FactBench.Time(request, 1).ShouldBeGreaterThan(Noon);
    }

    [Fact]
    public void After_a_restart_it_goes_on_a_day_before_what_is_stored()
    {
        var stored = Noon - Duration.FromDays(3);
        Read(Task(stored));
        FactBench.Time(_bench.Asked[0], 0).ShouldBe(stored - Duration.FromDays(1));
    }

    [Fact]
    public void After_our_clock_was_set_back_it_goes_on_from_now()
    {
        Read(Task(Noon + Duration.FromDays(3)));
        FactBench.Time(_bench.Asked[0], 0).ShouldBe(Noon - Duration.FromDays(1));
    }

    [Fact]
    public void It_is_read_again_in_every_period_and_onwards_from_there()
    {
        var task = Task(readTo: null);
        Read(task);
        task.Due.ShouldBeInRange(Noon + Duration.Epsilon, Noon + Hourly);

        _bench.Now = task.Due;
        Read(task);
        FactBench.Time(_bench.Asked[1], 0).ShouldBe(Noon - Duration.FromDays(1));
    }

    [Fact]
    public void An_answer_that_takes_time_is_not_followed_by_the_same_request_at_once()
    {
        var task = Task(readTo: null);
        _bench.One(task, _ =>
        {
            _bench.Now += Duration.FromSeconds(3);
            return (ExchangeEnd.Completed, []);
        });

        task.ReadTo.ShouldBe(Noon);
        task.Due.ShouldBeGreaterThan(Noon + Duration.FromMinutes(1));
    }

    [Fact]
    public void The_events_of_a_clock_that_is_ahead_are_asked_for_too()
    {
        _bench.ClockOffset = Duration.FromMinutes(10);
        Read(Task(Noon));
        FactBench.Time(_bench.Asked[0], 1).ShouldBeGreaterThanOrEqualTo(Noon + Duration.FromMinutes(10));
    }

    [Fact]
    public void Equal_events_of_one_answer_are_numbered()
    {
        var (one, other) = (MeterAnswers.Event(1, 2, Noon, FactBench.Madrid), MeterAnswers.Event(3, 2, Noon, FactBench.Madrid, spi: true));
        var fact = Read(Task(Noon), MeterAnswers.Events(52, one, other), MeterAnswers.Events(52, one)).Single();

        fact.Events.Select(each => (each.Event, each.Time, each.Ordinal)).ShouldBe(
            [(one, (Instant?)Noon, 0), (other, Noon, 0), (one, Noon, 1)]);
    }

    [Fact]
    public void Unknown_codes_and_labels_that_are_no_date_are_kept_as_they_are()
    {
        var strange = new MeterEvent(200, 127, true, default);
        var read = Read(Task(Noon), MeterAnswers.Events(52, strange)).Single().Events.Single();
        (read.Event, read.Time).ShouldBe((strange, null));
    }

    [Fact]
    public void Answers_of_another_record_are_passed_over() =>
        Read(Task(Noon), MeterAnswers.Events(53, MeterAnswers.Event(1, 2, Noon, FactBench.Madrid))).Single().Events.ShouldBeEmpty();

    [Theory]
    [InlineData(CauseOfTransmission.RecordNotAvailable)]
    [InlineData(CauseOfTransmission.PeriodNotAvailable)]
    public void A_record_that_has_answered_before_says_by_a_refusal_that_there_are_none(CauseOfTransmission cause)
    {
        var task = Task(Noon - Duration.FromDays(2));
        var fact = _bench.Refused(task, cause).ShouldHaveSingleItem().ShouldBeOfType<EventsRead>();
        (fact.ReadTo, fact.Events.Count).ShouldBe((Noon, 0));
        task.Due.ShouldBeLessThanOrEqualTo(Noon + Hourly);
    }

    [Theory]
    [InlineData(CauseOfTransmission.RecordNotAvailable)]
    [InlineData(CauseOfTransmission.ObjectNotAvailable)]
    [InlineData(CauseOfTransmission.PeriodNotAvailable)]
    public void A_record_that_has_never_answered_is_asked_for_a_month_and_then_left_for_a_day(CauseOfTransmission cause)
    {
        var task = Task(readTo: null);
        _bench.Refused(task, cause).ShouldBeEmpty();
        _bench.Asked.Select(request => Noon - FactBench.Time(request, 0)).ShouldBe([Duration.FromDays(730), Duration.FromDays(30)]);
        task.Due.ShouldBe(Noon + Duration.FromDays(1));
        task.Refusal.ShouldNotBeNull();
    }

    [Fact]
    public void A_record_that_the_meter_does_not_know_is_left_for_a_day()
    {
        var task = Task(readTo: null);
        _bench.Refused(task, CauseOfTransmission.RecordNotKnown).ShouldBeEmpty();
        _bench.Asked.Count.ShouldBe(1);
        task.Due.ShouldBe(Noon + Duration.FromDays(1));
    }

    [Fact]
    public void A_cut_answer_is_asked_for_again_from_where_it_was()
    {
        var task = Task(Noon - Duration.FromDays(2));
        _bench.Cut(task, [MeterAnswers.Events(52, MeterAnswers.Event(1, 2, Noon, FactBench.Madrid))]);
        task.Due.ShouldBeLessThanOrEqualTo(Noon);

        Read(task);
        FactBench.Tag(_bench.Asked[1], 0).ShouldBe(FactBench.Tag(_bench.Asked[0], 0));
    }

    [Fact]
    public void A_request_that_costs_the_session_again_and_again_is_put_off_longer_and_longer()
    {
        var task = Task(Noon);
        _bench.Cut(task, [], ExchangeEnd.NoAnswer);
        task.Due.ShouldBeLessThanOrEqualTo(Noon);
        var waits = new List<Duration>();
        for (var i = 0; i < 3; i++)
        {
            _bench.Cut(task, [], ExchangeEnd.NoAnswer);
            waits.Add(task.Due - Noon);
        }

        waits.ShouldBe([Duration.FromMinutes(15), Duration.FromHours(1), Duration.FromDays(1)]);
    }

    [Fact]
    public void A_lost_line_says_nothing_about_the_request()
    {
        var task = Task(Noon);
        for (var i = 0; i < 5; i++)
            _bench.Cut(task, [], ExchangeEnd.PortLost);
        task.Due.ShouldBeLessThanOrEqualTo(Noon);
    }

    [Fact]
    public void That_a_meter_whose_clock_is_wrong_finds_no_events_proves_nothing()
    {
        _bench.ClockOffset = Duration.FromDays(-400);
        var task = Task(Noon - Duration.FromDays(5));
        Read(task).ShouldBeEmpty();

        _bench.ClockOffset = Duration.Zero;
        _bench.Now = task.Due;
        Read(task);
        FactBench.Tag(_bench.Asked[1], 0).ShouldBe(FactBench.Tag(_bench.Asked[0], 0));
    }

    [Fact]
    public void A_meter_that_makes_events_up_adds_at_most_2400_a_day_to_a_record_with_an_alarm()
    {
        var task = Task(readTo: Noon);
        var (stored, answers) = (0, 0);
        string? lastAlarm = null;
        for (; task.Due <= Noon + Duration.FromDays(30); _bench.Now = task.Due)
        {
            stored += Read(task, [.. Many(10_000, from: _bench.Now)]).Sum(read => read.Events.Count);
            answers++;
            lastAlarm = task.Alarm;
        }

        stored.ShouldBe(10_000 * answers);
        stored.ShouldBeLessThanOrEqualTo(30 * 2_400 + 10_000);
        lastAlarm.ShouldNotBeNull().ShouldStartWith("it gave 10000 events of record 52 in one answer; the record is read again at ");
    }

    [Fact]
    public void A_busy_meter_is_read_as_often_as_ever()
    {
        var task = Task(readTo: Noon);
        Read(task, [.. Many(90, from: Noon)]);
        task.Due.ShouldBeLessThanOrEqualTo(Noon + Hourly);
        task.Alarm.ShouldBeNull();
    }

    [Theory]
    [InlineData(25_000, ExchangeEnd.Completed)]
    [InlineData(2_000, ExchangeEnd.Excess)]
    public void A_list_that_is_too_long_for_one_answer_is_read_in_pieces_and_nothing_of_it_is_lost(int count, ExchangeEnd endOfLong)
    {
        var list = Enumerable.Range(1, count).Select(at => Noon - Duration.FromDays(600) * at / count).Reverse().ToList();
        var task = Task(readTo: null);
        var read = new SortedSet<Instant>();
        for (var exchanges = 0; task.ReadTo is not { } to || to < Noon; exchanges++)
        {
            exchanges.ShouldBeLessThan(20);
            _bench.Now = Instant.Max(_bench.Now, task.Due);
            var facts = _bench.One(task, request =>
            {
                var asked = list.Where(time => time >= FactBench.Time(request, 0) && time <= FactBench.Time(request, 1)).ToList();
                return endOfLong == ExchangeEnd.Excess && asked.Count > 500
                    ? (endOfLong, [.. AnswersOf(asked.Take(500))])
                    : (ExchangeEnd.Completed, [.. AnswersOf(asked)]);
            });
            read.UnionWith(facts.Cast<EventsRead>().SelectMany(fact => fact.Events).Select(each => each.Time!.Value));
        }

        read.ShouldBe(list);
    }

    private static EventsTask Task(Instant? readTo)
    {
        var task = new EventsTask("m-1", 52, Hourly, readTo);
        task.Hasten(Noon);
        return task;
    }

    private IReadOnlyList<EventsRead> Read(FactTask task, params byte[][] answers) =>
        [.. _bench.Run(task, _ => answers).Cast<EventsRead>()];

    private static IEnumerable<byte[]> Many(int count, Instant from) =>
        AnswersOf(Enumerable.Range(0, count).Select(at => from + Duration.FromMilliseconds(at)));

    private static IEnumerable<byte[]> AnswersOf(IEnumerable<Instant> times) => times
        .Chunk(20)
        .Select(few => MeterAnswers.Events(52, [.. few.Select(time => MeterAnswers.Event(1, 2, time, FactBench.Madrid))]));
}
