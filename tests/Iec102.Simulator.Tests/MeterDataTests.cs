using FsCheck.Xunit;
using Iec102.Protocol.Application;
using Iec102.Simulator.Data;
using NodaTime;

namespace Iec102.Simulator.Tests;

public class MeterDataTests
{
    private static readonly Instant Noon = Instant.FromUtc(2024, 7, 15, 12, 0);

    [Property]
    public void Four_quarters_make_an_hour_in_values_and_quality(uint serial, ushort hour, byte which)
    {
        var data = new MeterData(1, serial, 1);
        var end = Noon + Duration.FromHours(hour);
        var measured = 1 + which % 6;

        var quarters = Enumerable.Range(0, 4).Select(i => data.Increment(end - Duration.FromMinutes(15 * i), 1, measured)).ToList();

        data.Increment(end, 4, measured).ShouldBe(new Reading(
            (uint)quarters.Sum(quarter => quarter.Value), quarters.Aggregate(Quality.None, (all, quarter) => all | quarter.Quality)));
    }

    [Property]
    public void Registers_differ_by_the_sum_of_the_increments_between_them(uint serial, byte which, ushort hours)
    {
        var data = new MeterData(1, serial, 1);
        var measured = 1 + which % 6;
        var count = hours % 500;

        var sum = Enumerable.Range(1, count).Sum(i => data.Increment(Noon + Duration.FromHours(i), 4, measured).Value);

        (data.Register(Noon + Duration.FromHours(count), measured).Value - data.Register(Noon, measured).Value).ShouldBe((uint)sum);
    }

    [Fact]
    public void No_register_ever_runs_back_or_out_of_thirty_bits()
    {
        for (uint serial = 0; serial < 20; serial++)
        {
            var data = new MeterData(serial, serial, 1);
            for (var measured = 1; measured <= 6; measured++)
            {
                for (var quarter = 1; quarter <= 3 * 672; quarter++)
                    data.Increment(Noon + Duration.FromMinutes(15 * quarter), 1, measured).Value.ShouldBeLessThan(10_000u);
                data.Register(Instant.FromUtc(2099, 12, 31, 0, 0), measured).Value.ShouldBeLessThan(1u << 30);
            }
        }
    }

    [Fact]
    public void The_documented_formula_computed_anew_gives_the_same_registers()
    {
        // Object 1 of meter 7 at point 1 with seed 3, recomputed from nothing but the documented formula: the weights of A+ by UTC hour,
        // and six tenths of them at the weekend.
        int[] hours =
            [300, 280, 270, 270, 290, 380, 550, 750, 880, 940, 970, 1000, 980, 940, 900, 880, 870, 890, 930, 960, 850, 650, 480, 360];
        static ulong MixOf(ulong x)
        {
            x += 0x9E3779B97F4A7C15;
            x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
            x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
            return x ^ (x >> 31);
        }

        static ulong H(ulong c, ulong d) => MixOf(MixOf(MixOf(MixOf(3) + 7 * 65536 + 1) + c) + d);
        long Weight(long n)
        {
            var slot = (n - 1) % 672;
            var weight = hours[slot / 4 % 24];
            return slot >= 480 ? weight * 6 / 10 : weight;
        }

        var size = 40 + (long)(H(100, 0) % 400);
        var data = new MeterData(3, 7, 1);
        long sum = 0;
        for (long n = 1; n < 2000; n++)
        {
            sum += Weight(n);
            var expected = (long)(H(110, 1) % 100000) + size * sum / 1000
                + (long)(H(1, (ulong)n) % (ulong)(1 + size * Math.Min(Weight(n), Weight(n + 1)) / 2000));

            data.Register(Instant.FromUtc(2000, 1, 3, 0, 0) + Duration.FromMinutes(15 * n), 1).Value.ShouldBe((uint)expected);
        }
    }

    [Fact]
    public void A_working_day_needs_more_than_its_night_and_the_sun_shines_by_day_only()
    {
        var data = Enumerable.Range(0, 50).Select(serial => new MeterData(1, (uint)serial, 1)).ToList();
        var night = Instant.FromUtc(2024, 7, 16, 2, 0);

        data.ShouldAllBe(meter => meter.Increment(Noon, 4, 1).Value > meter.Increment(night, 4, 1).Value);
        data.ShouldAllBe(meter => meter.Increment(night, 4, 2).Value == 0);
        data.Count(meter => meter.Increment(Noon, 4, 2).Value > 0).ShouldBeInRange(5, 25);
    }

    [Fact]
    public void The_reserve_objects_are_zero_and_invalid()
    {
        var data = new MeterData(1, 1, 1);

        foreach (var reserve in new[] { 7, 8 })
        {
            data.Increment(Noon, 4, reserve).ShouldBe(new Reading(0, Quality.Invalid));
            data.Register(Noon, reserve).ShouldBe(new Reading(0, Quality.Invalid));
        }
    }

    [Fact]
    public void Seed_meter_and_point_each_change_the_data()
    {
        static string Day(MeterData data) =>
            string.Join(' ', Enumerable.Range(0, 24).Select(hour => data.Increment(Noon + Duration.FromHours(hour), 4, 1).Value));

        string[] days =
            [Day(new MeterData(1, 1, 1)), Day(new MeterData(2, 1, 1)), Day(new MeterData(1, 2, 1)), Day(new MeterData(1, 1, 2))];

        days.Distinct().Count().ShouldBe(4);
        Day(new MeterData(1, 1, 1)).ShouldBe(days[0]);
    }

    [Fact]
    public void Now_and_then_a_quarter_is_marked_as_incomplete()
    {
        var data = new MeterData(1, 1, 1);

        var marked = Enumerable.Range(0, 15_000)
            .Count(i => data.Increment(Noon + Duration.FromMinutes(15 * i), 1, 1).Quality == Quality.SupplyLost);

        marked.ShouldBeInRange(2, 30);
    }

    [Fact]
    public void Instantaneous_values_agree_with_registers_and_running_quarter()
    {
        var data = new MeterData(1, 1, 1);
        var at = Noon + Duration.FromMinutes(5);

        var values = data.InstantaneousAt(at, default);

        values.Totals!.Value.ActiveImport.Value.ShouldBe(data.Register(Noon, 1).Value);
        values.Totals!.Value.ReactiveQuadrant4.Value.ShouldBe(data.Register(Noon, 6).Value);
        var powers = values.Powers!.Value;
        int Quarter(int @object) => (int)data.Increment(Noon + Duration.FromMinutes(15), 1, @object).Value;
        var average = 4.0 * Math.Abs(Quarter(1) - Quarter(2));
        powers.Total.ActiveKilowatts.ShouldBeInRange((int)(average * 0.94), (int)(average * 1.06));
        (powers.Phase1.ActiveKilowatts + powers.Phase2.ActiveKilowatts + powers.Phase3.ActiveKilowatts)
            .ShouldBe(powers.Total.ActiveKilowatts);
        values.CurrentsAndVoltages!.Value.Phase1.VoltageTenths.ShouldBeInRange(2200, 2400);
    }
}
