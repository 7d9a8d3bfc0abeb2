using Iec102.Acquisition;
using Iec102.Acquisition.Meters;
using Iec102.Acquisition.Tasks;
using Iec102.Fleet;
using Iec102.Protocol.Application;
using Iec102.Protocol.Time;
using Iec102.Storage.Reading;
using NodaTime;
using static Iec102.Storage.Tests.Batch;
using static Iec102.Storage.Tests.Facts;

namespace Iec102.Storage.Tests;

/// <summary>Facts are stored once each and are read back as the meters gave them.</summary>
public abstract class FactTests : OnBothDatabases
{
    private protected FactTests(TestData data)
        : base(data)
    {
    }

    [Fact]
    public void An_event_comes_back_as_it_was_told()
    {
        var said = Event(3, 2, Hour(5) + Duration.FromMilliseconds(10_522), spi: true);
        Write(Events(6, Told(said)));

        _data.Store.Events("m-1", Ever)
            .ShouldBe([new StoredEvent(52, said, Hour(5) + Duration.FromMilliseconds(10_522), 0, Serial, Hour(6))]);
    }

    [Fact]
    public void An_event_is_stored_once_however_often_it_is_read()
    {
        var (first, second) = (Told(Event(1, 2, Hour(1))), Told(Event(3, 0, Hour(2))));
        Write(Events(3, first)).ShouldBe([first]);
        Write(Events(4, first)).ShouldBeEmpty();
        Write(Events(5, first, second)).ShouldBe([second]);

        _data.Store.Events("m-1", Ever).Select(one => one.ReadAt).ShouldBe([Hour(3), Hour(5)]);
    }

    [Fact]
    public void Events_that_are_equal_in_one_answer_are_stored_each_and_none_of_them_twice()
    {
        var said = Event(3, 1, Hour(1));
        Write(Events(2, Told(said), Told(said, 1)));
        Write(Events(3, Told(said), Told(said, 1), Told(said, 2)));

        _data.Store.Events("m-1", Ever).Select(one => one.Ordinal).ShouldBe([0, 1, 2]);
    }

    [Fact]
    public void Equal_numbers_in_another_record_or_with_the_other_side_are_another_event()
    {
        Write(Events(2, Told(Event(3, 1, Hour(1))), Told(Event(3, 1, Hour(1), spi: true))), EventsOf(53, 2, Told(Event(3, 1, Hour(1)))));

        _data.Store.Events("m-1", Ever).Select(one => (one.Record, one.Event.Spi))
            .ShouldBe([((byte)52, false), ((byte)52, true), ((byte)53, false)]);
    }

    [Fact]
    public void An_event_without_a_date_counts_as_of_when_it_was_read_first()
    {
        var never = new MeterEvent(1, 1, false, TimeTagB.Read(new byte[7]));
        Write(Events(2, new EventRead(never, null, 0)));
        Write(Events(9, new EventRead(never, null, 0)));

        _data.Store.Events("m-1", new TimeRange(Hour(1), Hour(2))).ShouldHaveSingleItem().Time.ShouldBeNull();
        _data.Store.Events("m-1", new TimeRange(Hour(2), Hour(9))).ShouldBeEmpty();
    }

    [Fact]
    public void A_range_of_events_excludes_its_beginning_and_includes_its_end_to_the_millisecond()
    {
        var almost = Hour(2) + Duration.FromMilliseconds(1);
        Write(Events(9, Told(Event(1, 2, Hour(1))), Told(Event(1, 2, Hour(2))), Told(Event(1, 2, almost))));

        _data.Store.Events("m-1", new TimeRange(Hour(1), Hour(2))).Select(one => one.Time).ShouldBe([Hour(2)]);
        _data.Store.Events("m-1", new TimeRange(Hour(2), Hour(3))).Select(one => one.Time).ShouldBe([almost]);
    }

    [Fact]
    public void Of_the_current_tariff_only_the_last_reading_is_kept()
    {
        Write(Tariff(
            closed: false, 5, Period(20, Hour(0), Hour(5), 100), Period(21, Hour(0), Hour(5), 40), Period(22, Hour(0), Hour(5), 60)));
        var (total, first) = (Period(20, Hour(0), Hour(6), 110), Period(21, Hour(0), Hour(6), 50));
        Write(Tariff(closed: false, 6, total, first));

        _data.Store.CurrentTariff("m-1", 134)
            .ShouldBe([new StoredTariff(134, false, total, Serial, Hour(6)), new StoredTariff(134, false, first, Serial, Hour(6))]);
    }

    [Fact]
    public void A_closed_tariff_period_stays_and_is_stored_once()
    {
        var (january, february) = (Period(20, Hour(0), Hour(700), 100), Period(20, Hour(700), Hour(1400), 90));
        Write(Tariff(closed: true, 701, january));
        Write(Tariff(closed: true, 1401, january, february));

        _data.Store.ClosedTariff("m-1", 134, Ever).Select(one => (one.Period, one.ReadAt))
            .ShouldBe([(january, Hour(701)), (february, Hour(1401))]);
        _data.Store.ClosedTariff("m-1", 134, new TimeRange(Hour(700), Hour(1400))).Select(one => one.Period).ShouldBe([february]);
    }

    [Fact]
    public void A_closed_tariff_period_that_is_read_with_other_values_gets_them()
    {
        Write(Tariff(closed: true, 701, Period(20, Hour(0), Hour(700), 100)));
        Write(Tariff(closed: true, 702, Period(20, Hour(0), Hour(700), 101)));

        _data.Store.ClosedTariff("m-1", 134, Ever).ShouldHaveSingleItem().Period.Information.Active.Absolute.ShouldBe(101u);
    }

    [Fact]
    public void A_tariff_period_without_dates_is_kept_too()
    {
        var never = Period(21, Hour(0), Hour(1), 0) with { Start = null, End = null, MaximumAt = null };
        Write(Tariff(closed: true, 5, never));

        _data.Store.ClosedTariff("m-1", 134, new TimeRange(Hour(4), Hour(5))).ShouldHaveSingleItem().Period.ShouldBe(never);
    }

    [Fact]
    public void Closings_are_stored_by_their_midnight_and_once()
    {
        Write(Closings(25, derived: false, Closing(1, 100, 0, 7)));
        Write(Closings(49, derived: false, Closing(1, 100, 0, 7), Closing(2, 110, 0, 8)));

        var closings = _data.Store.Closings("m-1", Ever).ToList();
        closings.Select(one => (one.End, one.Row.GetValue(1), one.Row.Objects, one.IsDerived, one.PeriodMinutes, one.ReceivedAt)).ShouldBe(
        [
            (Hour(24), 100u, (byte)7, false, 1440, Hour(25)), (Hour(48), 110u, (byte)7, false, 1440, Hour(49)),
        ]);
        _data.Store.Closings("m-1", new TimeRange(Hour(24), Hour(48))).Select(one => one.End).ShouldBe([Hour(48)]);
    }

    [Fact]
    public void A_closing_that_is_read_again_with_other_values_is_replaced_and_one_with_fewer_is_not()
    {
        Write(Closings(25, derived: false, Closing(1, 100, 50)));
        Write(Closings(26, derived: false, Closing(1, 100)));
        Registers().ShouldBe((100u, 50u));
        Write(Closings(27, derived: false, Closing(1, 101, 50)));
        Registers().ShouldBe((101u, 50u));
    }

    [Fact]
    public void A_derived_closing_never_takes_the_place_of_a_true_one_and_gives_way_to_it()
    {
        Write(Closings(25, derived: true, Closing(1, 99, 50)));
        Write(Closings(26, derived: true, Closing(1, 98, 50)));
        Registers().ShouldBe((98u, 50u));
        Write(Closings(27, derived: false, Closing(1, 100, 50)));
        Write(Closings(28, derived: true, Closing(1, 97, 50)));

        Registers().ShouldBe((100u, 50u));
        _data.Store.Closings("m-1", Ever).ShouldHaveSingleItem().IsDerived.ShouldBeFalse();
    }

    [Fact]
    public void A_configuration_gets_a_new_row_only_when_it_changes_and_the_time_of_its_reading_is_no_change()
    {
        Write(Powers(1, 50), Further(1, new FurtherConfiguration { BatteryPercent = 90 }));
        Write(Powers(25, 50), Further(25, new FurtherConfiguration { BatteryPercent = 89 }));
        Write(Powers(49, 60));

        _data.Store.ConfigurationHistory("m-1").Select(one => ((byte)one.Type, one.Part, one.FirstReadAt, one.LastReadAt)).ShouldBe(
        [
            (145, 0, Hour(1), Hour(25)), (157, 192, Hour(1), Hour(1)), (157, 192, Hour(25), Hour(25)), (145, 0, Hour(49), Hour(49)),
        ]);
    }

    [Fact]
    public void The_tariff_period_in_force_is_no_change_of_the_seasons_and_its_last_reading_is_kept()
    {
        Write(Seasons(1, periodOfDay: 3, current: 1));
        Write(Seasons(25, periodOfDay: 3, current: 2));
        Write(Seasons(49, periodOfDay: 4, current: 2));

        var history = _data.Store.ConfigurationHistory("m-1").ToList();
        history.Select(one => (one.FirstReadAt, one.LastReadAt)).ShouldBe([(Hour(1), Hour(25)), (Hour(49), Hour(49))]);
        history[0].Asdu.ShouldBe(Seasons(25, periodOfDay: 3, current: 2).Asdu);
    }

    [Fact]
    public void The_newest_configuration_is_that_of_each_type_record_and_part()
    {
        Identify(Serial);
        Write(
            Powers(1, 50), Further(1, new FurtherConfiguration { BatteryPercent = 90 }),
            Further(2, new FurtherConfiguration { MinutesBetweenClosings = 5 }));
        Write(Powers(49, 60), Further(49, new FurtherConfiguration { BatteryPercent = 80 }));

        _data.Store.Configuration("m-1").Select(one => ((byte)one.Type, one.Record, one.Part))
            .ShouldBe([(145, 134, 0), (157, 0, 192), (157, 0, 194)]);
        _data.Store.Configuration("m-1")[0].Asdu.ShouldBe(Powers(49, 60).Asdu);
    }

    [Fact]
    public void An_identity_brings_the_newest_configuration_and_how_far_facts_are_stored()
    {
        Identify(Serial);
        Write(
            Powers(1, 50), Events(3), Events(2), EventsOf(53, 1), Tariff(closed: true, 4), Tariff(closed: false, 9),
            Closings(5, derived: true));

        var known = Ask();
        known.Configuration.ShouldHaveSingleItem().Asdu.ShouldBe(Powers(1, 50).Asdu);
        known.Progress.ShouldBe(
        [
            new FactProgress(FactKind.Events, 52, Hour(3)), new FactProgress(FactKind.Events, 53, Hour(1)),
            new FactProgress(FactKind.ClosedTariff, 134, Hour(4)), new FactProgress(FactKind.Closings, 11, Hour(5)),
        ]);
    }

    [Fact]
    public void What_the_meter_before_it_had_told_says_nothing_about_a_new_one()
    {
        Identify(Serial);
        Write(Powers(1, 50), Events(50));
        Identify(7);
        Ask().Configuration.ShouldBeEmpty();
        Ask().Progress.ShouldBeEmpty();

        Write(Powers(2, 50, serial: 7), Events(3) with { SerialNumber = 7 });
        Ask().Configuration.ShouldHaveSingleItem().SerialNumber.ShouldBe(7u);
        Ask().Progress.ShouldBe([new FactProgress(FactKind.Events, 52, Hour(3))]);
        _data.Store.ConfigurationHistory("m-1").Select(one => one.SerialNumber).ShouldBe([Serial, 7u]);
    }

    [Fact]
    public void A_meter_that_gives_no_serial_number_has_its_facts_too()
    {
        Write(Powers(1, 50, serial: 0), Events(3) with { SerialNumber = 0 });

        Ask().Configuration.ShouldHaveSingleItem();
        Ask().Progress.ShouldHaveSingleItem();
        _data.Store.Configuration("m-1").ShouldHaveSingleItem();
    }

    [Fact]
    public void Every_attempt_to_set_a_clock_is_kept()
    {
        var (set, refused) = (
            ClockWrite(1, ClockWriteOutcome.Set), ClockWrite(2, ClockWriteOutcome.Refused, "the meter refused: cause 14"));
        Write(set, refused);
        Write(set);

        _data.Store.ClockWrites("m-1", Ever).ShouldBe([set, refused]);
        _data.Store.ClockWrites("m-1", new TimeRange(Hour(1), Hour(2))).ShouldBe([refused]);
    }

    [Fact]
    public void A_primary_value_is_kept_with_its_current_value()
    {
        var value = Value("voltage.l1", 63.5, Hour(1)) with { PrimaryValue = 12_700 };
        _data.Write(Of(queue => queue.Add(new StoreCurrentValues("m-1", [value], KeepHistory: false))));

        _data.Store.CurrentValues()["m-1"].ShouldBe([value]);
    }

    [Fact]
    public void Old_events_and_clock_writes_go_by_the_retention_of_events_and_old_closings_by_that_of_profiles()
    {
        Write(
            Events(99, Told(Event(1, 2, Hour(1))), Told(Event(1, 2, Hour(90)))), ClockWrite(1, ClockWriteOutcome.Set),
            ClockWrite(90, ClockWriteOutcome.Set),
            Closings(99, derived: false, Closing(1, 100), Closing(4, 130)));

        using (var writer = _data.OpenWriter())
        {
            var kept = TimeSpan.FromHours(48);
            writer.Sweep(new RetentionConfiguration { Events = kept, Profiles = kept }, Hour(100)).ShouldBeFalse();
        }

        _data.Store.Events("m-1", Ever).Select(one => one.Time).ShouldBe([Hour(90)]);
        _data.Store.ClockWrites("m-1", Ever).Select(one => one.ReadAt).ShouldBe([Hour(90)]);
        _data.Store.Closings("m-1", Ever).Select(one => one.End).ShouldBe([Hour(96)]);
    }

    [Fact]
    public void Nothing_is_known_of_a_meter_that_told_nothing()
    {
        _data.Store.Events("m-9", Ever).ShouldBeEmpty();
        _data.Store.CurrentTariff("m-9", 134).ShouldBeEmpty();
        _data.Store.ClosedTariff("m-9", 134, Ever).ShouldBeEmpty();
        _data.Store.Closings("m-9", Ever).ShouldBeEmpty();
        _data.Store.Configuration("m-9").ShouldBeEmpty();
        _data.Store.ConfigurationHistory("m-9").ShouldBeEmpty();
        _data.Store.ClockWrites("m-9", Ever).ShouldBeEmpty();
    }

    /// <summary>Writes facts in one batch; returns the events that were new.</summary>
    private List<EventRead> Write(params MeterFact[] facts) => _data.Write(BatchOf(facts)).NewEvents.SelectMany(one => one.Events).ToList();

    private void Identify(uint serial) =>
        _data.Write(Of(queue => queue.Add(new StoreIdentity("m-1", new DeviceIdentification(2005, 11, 7, serial), Hour(1)))));

    private KnownIdentity Ask() => (KnownIdentity)_data.Write(Of(queue => queue.Add(new GetIdentity("m-1")))).Answers.Values.Single();

    private (uint, uint) Registers()
    {
        var row = _data.Store.Closings("m-1", Ever).ShouldHaveSingleItem().Row;
        return (row.GetValue(1), row.GetValue(2));
    }
}

/// <inheritdoc/>
public sealed class SqliteFactTests() : FactTests(new TemporaryData());

/// <inheritdoc/>
public sealed class PostgresFactTests() : FactTests(new PostgresData());

/// <inheritdoc/>
public sealed class NewerPostgresFactTests() : FactTests(PostgresData.Newer());
