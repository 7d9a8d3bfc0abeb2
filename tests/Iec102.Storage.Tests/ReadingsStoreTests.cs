using Iec102.Acquisition;
using Iec102.Fleet;
using Iec102.Storage.Files;
using Iec102.Storage.Reading;
using NodaTime;
using static Iec102.Storage.Tests.Batch;

namespace Iec102.Storage.Tests;

public sealed class ReadingsStoreTests : IDisposable
{
    private readonly TemporaryData _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public void A_range_excludes_its_beginning_and_includes_its_end()
    {
        _data.Write(Store(1, Hours(1, 10)));

        var range = new TimeRange(Hour(3), Hour(6));
        _data.Store.Intervals("m-1", Curve.Hourly, range).Select(one => one.End).ShouldBe([Hour(4), Hour(5), Hour(6)]);
        _data.Store.Count("m-1", Curve.Hourly, range).ShouldBe(3);
    }

    [Fact]
    public void A_long_range_comes_whole_and_in_order_whatever_the_page_boundaries()
    {
        _data.Write(Store(1, Hours(1, 6001)));
        // The ends on both sides of the boundaries get a second and a third revision.
        var sequenceNr = 1;
        foreach (var hour in new[] { 1999, 2000, 2001, 4000, 4001, 6001 })
        {
            _data.Write(Store(++sequenceNr, Hour(hour), 100_000));
            _data.Write(Store(++sequenceNr, Hour(hour), 200_000));
        }

        var newest = _data.Store.Intervals("m-1", Curve.Hourly, Ever).ToList();
        newest.Select(one => one.End).ShouldBe(Enumerable.Range(1, 6001).Select(Hour));
        newest.Where(one => one.Revision > 0).Select(one => one.Row.GetValue(1)).ShouldBe(Enumerable.Repeat(200_000u, 6));

        var all = _data.Store.Intervals("m-1", Curve.Hourly, Ever, allRevisions: true).ToList();
        all.Count.ShouldBe(6001 + 12);
        all.Select(one => (one.End, one.Revision)).ShouldBe(all.Select(one => (one.End, one.Revision)).Distinct().Order());
    }

    [Fact]
    public void Curves_are_listed_with_their_first_and_last_end()
    {
        _data.Write(Store(1, Hours(5, 10)), Store(1, Hours(1, 2), "a-2", Curve.QuarterHour), Store(1, Hours(3, 2), "a-2"));

        _data.Store.Curves().Select(one => (one.Meter.Id, one.Curve, one.FirstEnd, one.LastEnd)).ShouldBe(
        [
            ("a-2", Curve.Hourly, Hour(3), Hour(4)), ("a-2", Curve.QuarterHour, Hour(1), Hour(2)), ("m-1", Curve.Hourly, Hour(5), Hour(14)),
        ]);
    }

    [Fact]
    public void An_unknown_meter_has_no_intervals()
    {
        _data.Store.Intervals("m-7", Curve.Hourly, Ever).ShouldBeEmpty();
        _data.Store.Count("m-7", Curve.Hourly, Ever).ShouldBe(0);
        _data.Store.Curves().ShouldBeEmpty();
    }

    [Fact]
    public void A_meter_whose_zone_is_not_known_is_written_in_utc()
    {
        new StoredMeter("m", "Nowhere/Atlantis", null, null, null).Zone.ShouldBe(DateTimeZone.Utc);
        new StoredMeter("m", null, null, null, null).Zone.ShouldBe(DateTimeZone.Utc);
    }

    [Fact]
    public void A_database_that_cannot_be_read_is_explained_in_a_sentence()
    {
        File.WriteAllText(_data.Directory.ReadingsFile, "this is no database, and long enough to be one: " + new string('x', 4096));
        File.Delete(_data.Directory.ReadingsFile + "-wal");

        Should.Throw<StorageException>(() => _data.Store.Meters()).Message.ShouldContain("is not an SQLite database");
    }
}
