using Iec102.Acquisition;
using Iec102.Acquisition.Fleets;
using Iec102.Acquisition.Meters;
using Iec102.Protocol.Application;
using Iec102.Protocol.Time;
using Iec102.Storage.Writing;
using NodaTime;
using static Iec102.Storage.Tests.Batch;

namespace Iec102.Storage.Tests;

public sealed class WriteQueueTests
{
    private readonly WriteQueue _queue = new();

    [Fact]
    public void What_is_told_again_while_it_waits_or_is_in_flight_takes_no_further_place()
    {
        Add(1);
        Add(1);
        _queue.Take().Intervals.Count.ShouldBe(1);
        Add(1);
        Add(2);
        _queue.GiveBack();
        _queue.Take().Intervals.Select(one => one.SequenceNr).ShouldBe([1, 2]);
    }

    [Fact]
    public void What_is_told_again_after_it_was_stored_is_answered_once_more()
    {
        Add(1);
        _queue.Take();
        _queue.Stored();
        Add(1);
        _queue.Take().Intervals.ShouldHaveSingleItem();
    }

    [Fact]
    public void A_batch_that_failed_is_written_before_everything_that_has_come_since()
    {
        Add(1);
        Add(2);
        _queue.Take();
        Add(3);
        _queue.GiveBack();
        Add(4);

        _queue.Take().Intervals.Select(one => one.SequenceNr).ShouldBe([1, 2, 3, 4]);
    }

    [Fact]
    public void Of_the_audit_log_only_the_newest_lines_wait_in_their_order_however_long_the_database_is_away()
    {
        AddLines(0, 10);
        _queue.Take();
        AddLines(10, WriteQueue.MaxAudit - 5);
        _queue.GiveBack();

        _queue.Take().Audit.Select(line => line.Status).ShouldBe(Enumerable.Range(5, WriteQueue.MaxAudit).Cast<int?>());
        AddLines(0, WriteQueue.MaxAudit + 1);
        _queue.Stored();
        _queue.Take().Audit[0].Status.ShouldBe(1);

        void AddLines(int first, int count)
        {
            for (var number = first; number < first + count; number++)
                _queue.Add(new AuditEntry(Hour(1), "", "ops", "", "retry", "", number));
        }
    }

    [Fact]
    public void A_batch_has_a_bounded_number_of_intervals_and_the_rest_follows_in_order()
    {
        for (var number = 1; number <= 5; number++)
            _queue.Add(Store(number, Hours(1, WriteQueue.MaxIntervals / 2)));
        var taken = new List<long[]>();
        while (!_queue.IsEmpty)
        {
            taken.Add(_queue.Take().Intervals.Select(one => one.SequenceNr).ToArray());
            _queue.Stored();
        }

        taken.ShouldBe([[1, 2], [3, 4], [5]]);
    }

    [Fact]
    public void One_answer_larger_than_a_batch_is_a_batch()
    {
        _queue.Add(Store(1, Hours(1, WriteQueue.MaxIntervals + 1)));
        Add(2);

        _queue.Take().Intervals.Select(one => one.SequenceNr).ShouldBe([1]);
        _queue.IsAwaited.ShouldBeTrue();
    }

    [Fact]
    public void Only_the_latest_of_each_fact_waits_however_long_the_database_fails()
    {
        for (var failure = 0; failure < 100; failure++)
        {
            var time = Hour(failure);
            _queue.Add(new StoreCurrentValues("m-1", [Value("power.active.l1", failure, time)], KeepHistory: failure == 0));
            _queue.Add(new StoreCurrentValues("m-1", [Value("voltage.l1", failure, time)], KeepHistory: false));
            _queue.Add(new StoreIdentity("m-1", new DeviceIdentification(2005, 11, 7, (uint)failure), time));
            _queue.Add(new StoreHabit("m-1", SummerTimeHabit.Civil));
            _queue.Add(new StoreMeterZone("m-1", "Europe/Madrid"));
            _queue.Add(new StoreClockCheck("m-1", new(default, Duration.Zero, Duration.Zero, time)));
            _queue.Add(new GetIdentity("m-1"));
            _queue.Take();
            _queue.GiveBack();
        }

        var batch = _queue.Take();
        batch.CurrentValues.Values.Select(one => (one.Value.Id, one.Value.Value, one.KeepHistory)).ShouldBe(
            [("power.active.l1", 99, true), ("voltage.l1", 99, false)], ignoreOrder: true);
        batch.Identities.Values.ShouldHaveSingleItem().Identification.SerialNumber.ShouldBe(99u);
        batch.ClockChecks.Values.ShouldHaveSingleItem().Reading.ReadAt.ShouldBe(Hour(99));
        (batch.Habits.Count, batch.Zones.Count, batch.Questions.Count).ShouldBe((1, 1, 1));
    }

    private void Add(long sequenceNr) => _queue.Add(Store(sequenceNr, Hours((int)sequenceNr, 1)));
}
