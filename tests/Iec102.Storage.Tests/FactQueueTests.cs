using Iec102.Acquisition.Tasks;
using Iec102.Storage.Writing;
using static Iec102.Storage.Tests.Batch;
using static Iec102.Storage.Tests.Facts;

namespace Iec102.Storage.Tests;

public sealed class FactQueueTests
{
    private readonly WriteQueue _queue = new();

    [Fact]
    public void What_is_told_while_the_last_word_still_waits_joins_it_and_nothing_is_dropped()
    {
        var (first, second) = (Told(Facts.Event(1, 2, Hour(1))), Told(Facts.Event(1, 2, Hour(2))));
        Add(Events(1, first), Events(2, first, second), Events(3));

        var joined = Waiting().ShouldHaveSingleItem().ShouldBeOfType<EventsRead>();
        joined.Events.ShouldBe([first, second]);
        joined.ReadTo.ShouldBe(Hour(3));
    }

    [Fact]
    public void Of_the_current_tariff_the_last_reading_waits_and_of_closed_ones_all()
    {
        var (old, now) = (Period(20, Hour(0), Hour(1), 1), Period(20, Hour(0), Hour(2), 2));
        Add(Tariff(closed: false, 1, old), Tariff(closed: true, 1, old), Tariff(closed: false, 2, now), Tariff(closed: true, 2, now));

        Waiting().Cast<TariffRead>().Select(one => one.Periods).ShouldBe([[now], [old, now]]);
    }

    [Fact]
    public void Of_a_closing_the_later_reading_waits_and_true_ones_apart_from_derived_ones()
    {
        Add(Closings(25, false, Closing(1, 1)), Closings(26, true, Closing(1, 2)), Closings(49, false, Closing(1, 3), Closing(2, 4)));

        Waiting().Cast<ClosingsRead>().Select(one => one.Closings.Select(closing => closing.Row.GetValue(1))).ShouldBe([[3u, 4u], [2u]]);
    }

    [Fact]
    public void Configurations_wait_by_type_record_and_part_and_attempts_to_set_a_clock_each()
    {
        Add(
            Powers(1, 50), ClockWrite(1, ClockWriteOutcome.Refused), Powers(2, 60), ClockWrite(2, ClockWriteOutcome.Set),
            Powers(3, 70, serial: 7));

        Waiting().Select(fact => fact.ReadAt).ShouldBe([Hour(2), Hour(1), Hour(2), Hour(3)]);
    }

    [Fact]
    public void A_batch_that_failed_is_written_before_what_has_come_since()
    {
        Add(Powers(1, 50), Tariff(closed: false, 1));
        _queue.Take();
        Add(Events(2), Powers(2, 60));
        _queue.GiveBack();

        Waiting().Select(fact => (fact.GetType(), fact.ReadAt)).ShouldBe(
            [(typeof(ConfigurationRead), Hour(2)), (typeof(TariffRead), Hour(1)), (typeof(EventsRead), Hour(2))]);
    }

    [Fact]
    public void A_batch_is_bounded_and_the_rest_waits_for_the_next_one()
    {
        var many = Enumerable.Range(0, WriteQueue.MaxFactRows).Select(i => Told(Facts.Event(3, 1, Hour(1)), i)).ToArray();
        Add(EventsOf(52, 1, many), EventsOf(53, 1, many), EventsOf(54, 1));

        Records().ShouldBe([52]);
        _queue.Stored();
        Records().ShouldBe([53]);
        _queue.Stored();
        Records().ShouldBe([54]);
        _queue.Stored();
        _queue.IsEmpty.ShouldBeTrue();

        IEnumerable<byte> Records() => Waiting().Cast<EventsRead>().Select(one => one.Record);
    }

    private void Add(params MeterFact[] facts)
    {
        foreach (var fact in facts)
            _queue.Add(fact);
    }

    private List<MeterFact> Waiting() => _queue.Take().Facts.Facts.ToList();
}
