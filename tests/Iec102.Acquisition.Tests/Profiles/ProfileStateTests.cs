using System.Diagnostics;
using FsCheck.Xunit;
using Iec102.Acquisition.Profiles;
using Iec102.Fleet;
using Iec102.Protocol.Application;
using Iec102.Protocol.Time;
using NodaTime;

namespace Iec102.Acquisition.Tests.Profiles;

/// <summary>The stored state comes back unchanged, is small, and is read quickly.</summary>
public class ProfileStateTests
{
    private static readonly Instant Now = Madrid.At(2024, 6, 14, 10, 30);

    [Fact]
    public void A_recovered_state_is_the_state_that_was_left_through_events_and_through_a_snapshot_alike()
    {
        var reading = EventfulReading();
        for (var i = 0; i <= reading.Events.Count; i++)
        {
            var snapshot = reading.Events.Take(i).Aggregate(ProfileState.Empty, (state, one) => state.Apply(one));
            var stored = reading.Events.Skip(i).Prepend<object>(snapshot)
                .Select(one => (ProfileFormat.Manifest(one), ProfileFormat.Write(one)));
            ShouldBeSame(ProfileState.Recover(stored), reading.State);
        }
    }

    [Property]
    public void Intervals_come_back_octet_by_octet(byte[] steps, uint serial, uint[] values)
    {
        var end = Now - Duration.FromTicks(Now.ToUnixTimeTicks() % (60 * 10_000_000));
        var intervals = steps.Prepend((byte)1).Select((step, i) =>
        {
            end += Duration.FromMinutes(step % 5 == 0 ? step + 1 : 60);
            var row = new TotalsRow { Time = TimeTagA.Read([step, (byte)(step * 3), (byte)i, 0x33, 0x98]) };
            for (var address = 1; address <= 8; address++)
            {
                if (address == 1 || (step & (1 << (address - 1))) != 0)
                    row.Set(address, values.Length == 0 ? uint.MaxValue : values[(i + address) % values.Length], (Quality)(step ^ address));
            }

            return new RecordedInterval(end, row);
        }).ToList();
        var recorded = new IntervalsRecorded(serial, 11, TypeIdentification.ReadIncrementalTotalBlocks, 60, Now, intervals);

        var back = (IntervalsRecorded)ProfileFormat.Read(ProfileFormat.Write(recorded), "ir1");

        back.Intervals.ShouldBe(intervals);
        (back with { Intervals = intervals }).ShouldBe(recorded);
    }

    [Fact]
    public void What_the_first_version_wrote_is_still_read()
    {
        foreach (var (manifest, stored, octets) in FirstVersion.All)
        {
            ProfileFormat.Manifest(stored).ShouldBe(manifest);
            ProfileFormat.Read(Convert.FromHexString(octets), manifest).ShouldBe(stored);
        }

        var recorded = (IntervalsRecorded)ProfileFormat.Read(Convert.FromHexString(FirstVersion.RecordedOctets), "ir1");
        recorded.Intervals.ShouldBe(FirstVersion.Recorded.Intervals);
        (recorded with { Intervals = [] }).ShouldBe(FirstVersion.Recorded with { Intervals = [] });
        ShouldBeSame((ProfileState)ProfileFormat.Read(Convert.FromHexString(FirstVersion.StateOctets), "st1"), FirstVersion.State);
    }

    [Fact]
    public void What_is_no_event_of_a_profile_is_refused_by_name()
    {
        Should.Throw<ArgumentException>(() => ProfileFormat.Read([], "xx9")).Message.ShouldContain("xx9");
        Should.Throw<ArgumentException>(() => ProfileFormat.Write("text")).Message.ShouldContain("String");
        Should.Throw<ArgumentException>(() => ProfileState.Empty.Apply(new UnknownEvent())).Message.ShouldContain(nameof(UnknownEvent));
    }

    [Fact]
    public void Every_event_of_a_profile_can_be_stored_and_nothing_else_but_its_state() =>
        ProfileFormat.Types.ShouldBe(
            typeof(IProfileEvent).Assembly.GetTypes().Where(type => type.IsAssignableTo(typeof(IProfileEvent)) && !type.IsInterface)
                .Append(typeof(ProfileState)),
            ignoreOrder: true);

    [Fact]
    public void Five_years_of_hours_are_a_snapshot_of_a_few_octets_and_recover_within_50_ms_with_the_events_after_it()
    {
        var reading = new CurveReading(new FakeMeter(), Now, Now - Duration.FromDays(5 * 365), depth: Duration.FromDays(6 * 365));
        reading.ReadAll();
        reading.Report.Recorded.ShouldBe(5 * 365 * 24);
        var snapshot = reading.State;
        var stored = new List<(string, byte[])> { (ProfileFormat.Manifest(snapshot), ProfileFormat.Write(snapshot)) };
        stored[0].Item2.Length.ShouldBeLessThan(100);
        for (var day = 0; day < 50; day++)
        {
            reading.Meter.Newest = reading.Now += Duration.FromDays(1);
            var chunk = reading.Next()!;
            var events = reading.Take(chunk, reading.Meter.Answer(chunk, reading.Now));
            stored.AddRange(events.Select(one => (ProfileFormat.Manifest(one), ProfileFormat.Write(one))));
        }

        var fastest = Enumerable.Range(0, 10).Min(_ =>
        {
            var watch = Stopwatch.StartNew();
            ShouldBeSame(ProfileState.Recover(stored), reading.State);
            return watch.Elapsed;
        });

        stored.Count.ShouldBe(51);
        fastest.ShouldBeLessThan(TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public void A_month_of_hours_is_stored_in_less_octets_than_it_takes_on_the_wire()
    {
        var reading = new CurveReading(new FakeMeter(), Now, Now - Duration.FromDays(30));
        reading.ReadAll();

        reading.Events.OfType<IntervalsRecorded>().Sum(one => ProfileFormat.Write(one).Length).ShouldBeLessThan(reading.Meter.Octets);
    }

    /// <summary>A reading in which every kind of event occurs.</summary>
    private static CurveReading EventfulReading()
    {
        var meter = new FakeMeter
        {
            PeriodMinutes = 30,
            Methods = [ReadMethod.BlocksOf6],
            Holes = RangeSet.Of(new TimeRange(Now - Duration.FromHours(30), Now - Duration.FromHours(26))),
            OldestFrom = Now - Duration.FromDays(6),
            Refuses = CauseOfTransmission.RecordNotKnown,
        };
        var reading = new CurveReading(meter, Now, Now - Duration.FromDays(10), Curve.QuarterHour);
        reading.ReadAll();
        meter.Refuses = null;
        reading.Now += Duration.FromDays(1);
        reading.ReadAll();
        reading.Apply(new RereadRequested(reading.Expected with { From = reading.Expected.To - Duration.FromDays(2) }));
        reading.Take(reading.Next()!, meter.Answer(reading.Next()!, reading.Now, framesBeforeCut: 3));
        var offGrid = FirstVersion.Recorded.Intervals[0] with { End = reading.Now + Duration.FromMinutes(7) };
        reading.Apply(FirstVersion.Recorded with { Intervals = [offGrid] });
        reading.Apply(new MeterSeen(9));
        reading.Apply(new SetUpSeen("KA 77", 30));
        reading.Apply(new StartSet(reading.Settings.From!.Value - Duration.FromDays(3), 15, 0));
        reading.Apply(new RereadRequested(reading.Expected with { From = reading.Expected.To - Duration.FromDays(1) }));
        reading.Events.Select(one => one.GetType()).Distinct().Count().ShouldBe(9);
        return reading;
    }

    private static void ShouldBeSame(ProfileState actual, ProfileState expected)
    {
        (actual with { Coverage = Coverage.Empty }).ShouldBe(expected with { Coverage = Coverage.Empty });
        actual.Coverage.Recorded.ShouldBe(expected.Coverage.Recorded);
        actual.Coverage.OffGrid.ShouldBe(expected.Coverage.OffGrid);
        actual.Coverage.Absent.ShouldBe(expected.Coverage.Absent);
        actual.Coverage.Reread.ShouldBe(expected.Coverage.Reread);
    }

    private sealed record UnknownEvent : IProfileEvent;
}
