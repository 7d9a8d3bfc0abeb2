using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Iec102.Acquisition;
using Iec102.Acquisition.Profiles;
using Iec102.Fleet;
using Iec102.Protocol.Application;
using Iec102.Protocol.Time;
using Iec102.Storage.Schema;
using Iec102.Storage.Writing;
using static Iec102.Storage.Tests.Batch;

namespace Iec102.Storage.Tests;

public abstract class RevisionTests : OnBothDatabases
{
    private protected RevisionTests(TestData data)
        : base(data)
    {
    }

    public static TheoryData<string, uint?[], uint?[], uint?[]?> ReadTwice => new()
    {
        { "equal values", [1, 2, 3], [1, 2, 3], null },
        { "fewer objects, equal", [1, 2, 3], [1, 2], null },
        { "another value", [1, 2, 3], [1, 2, 4], [1, 2, 4] },
        { "zero is a value", [1, 2, 3], [1, 2, 0], [1, 2, 0] },
        { "fewer objects, another value", [1, 2, 3], [1, 4], [1, 4] },
        { "more objects, equal", [1, 2], [1, 2, 3], [1, 2, 3] },
        { "other objects, equal where both have them", [1, 2, null], [1, null, 3], [1, 2, 3] },
        { "other objects, another value", [1, 2, null], [5, null, 3], [5, null, 3] },
    };

    [Theory]
    [MemberData(nameof(ReadTwice))]
    public void An_interval_read_again_is_a_new_revision_only_when_it_brings_something_new(
        string what, uint?[] first, uint?[] second, uint?[]? newest)
    {
        what.ShouldNotBeEmpty();
        _data.Write(Store(1, Hour(1), first), Store(2, Hour(1), second));

        var revisions = _data.Store.Intervals("m-1", Curve.Hourly, Ever, allRevisions: true).ToList();
        revisions.Select(one => one.Revision).ShouldBe(Enumerable.Range(0, newest is null ? 1 : 2));
        revisions[0].Row.ShouldBe(Row(Hour(1), first));
        var shown = _data.Store.Intervals("m-1", Curve.Hourly, Ever).ShouldHaveSingleItem();
        shown.Row.ShouldBe(Row(Hour(1), newest ?? first));
        _data.Store.Count("m-1", Curve.Hourly, Ever).ShouldBe(1);
    }

    [Fact]
    public void Another_quality_octet_is_a_new_revision()
    {
        var invalid = Row(Hour(1));
        invalid.Set(1, 7, Quality.Invalid);
        _data.Write(Store(1, Answer(new RecordedInterval(Hour(1), invalid))), Store(2, Hour(1), 7));

        _data.Store.Intervals("m-1", Curve.Hourly, Ever, allRevisions: true).Select(one => one.Row.GetQuality(1))
            .ShouldBe([Quality.Invalid, Quality.None]);
    }

    [Fact]
    public void Another_period_is_a_new_revision()
    {
        var hours = Answer(new RecordedInterval(Hour(1), Row(Hour(1), 7)));
        _data.Write(Store(1, hours), Store(2, hours with { PeriodMinutes = 15 }));

        _data.Store.Intervals("m-1", Curve.Hourly, Ever, allRevisions: true).Select(one => one.PeriodMinutes).ShouldBe([60, 15]);
    }

    [Fact]
    public void Other_bits_of_the_label_are_no_revision()
    {
        var labelled = Row(Hour(1), 7);
        labelled.Time = TimeTagA.Read([0x40, 0x01, 0x02, 0x03, 0x1A]);
        _data.Write(Store(1, Hour(1), 7), Store(2, Answer(new RecordedInterval(Hour(1), labelled))));

        _data.Store.Intervals("m-1", Curve.Hourly, Ever, allRevisions: true).ShouldHaveSingleItem().Row.Time.ShouldNotBe(labelled.Time);
    }

    [Fact]
    public void A_value_that_changes_back_is_a_third_revision()
    {
        _data.Write(Store(1, Hour(1), 7), Store(2, Hour(1), 8), Store(3, Hour(1), 7));

        _data.Store.Intervals("m-1", Curve.Hourly, Ever, allRevisions: true).Select(one => one.Row.GetValue(1)).ShouldBe([7u, 8u, 7u]);
    }

    [Fact]
    public void What_was_revised_is_named_once_by_its_end()
    {
        _data.Write(Store(1, Hour(1), 7), Store(2, Hour(1), 8), Store(3, Hour(1), 7), Store(4, Hour(2), 7));

        _data.Store.Revised("m-1", Curve.Hourly, Ever).ShouldBe([Hour(1)]);
        _data.Store.Revised("m-1", Curve.Hourly, new TimeRange(Hour(1), Hour(3))).ShouldBeEmpty();
        _data.Store.Revised("m-1", Curve.QuarterHour, Ever).ShouldBeEmpty();
    }

    [Fact]
    public void The_same_end_twice_in_one_answer_is_two_revisions()
    {
        _data.Write(Store(1, Answer(new RecordedInterval(Hour(1), Row(Hour(1), 7)), new RecordedInterval(Hour(1), Row(Hour(1), 8)))));

        _data.Store.Intervals("m-1", Curve.Hourly, Ever).ShouldHaveSingleItem().Row.GetValue(1).ShouldBe(8u);
    }

    [Property]
    public Property After_any_readings_the_newest_revision_agrees_with_the_last_and_reading_it_again_is_nothing_new() => Prop.ForAll(
        Readings().ToArbitrary(),
        readings =>
        {
            var newest = Interval(readings[0]);
            foreach (var reading in readings.Skip(1))
            {
                if (RevisionRule.Next(newest, reading, 60) is { } row)
                    newest = newest with { Row = row };
            }

            var last = readings[^1];
            return RevisionRule.Next(newest, last, 60) is null
                && Enumerable.Range(1, 8).Where(address => last.Has(address))
                    .All(address => newest.Row.GetValue(address) == last.GetValue(address));
        });

    private static Gen<TotalsRow[]> Readings()
    {
        var value = Gen.OneOf(Gen.Constant<uint?>(null), Gen.Elements<uint?>(0, 1, 2));
        return value.ArrayOf(8).Select(values => Row(Hour(1), values)).NonEmptyListOf().Select(rows => rows.ToArray());
    }

    private static StoredInterval Interval(TotalsRow row) => StoredInterval.Of(Answer(new RecordedInterval(Hour(1), row))).Single();
}

/// <inheritdoc/>
public sealed class SqliteRevisionTests() : RevisionTests(new TemporaryData());

/// <inheritdoc/>
public sealed class PostgresRevisionTests() : RevisionTests(new PostgresData());
