using Iec102.Protocol.Application;
using Iec102.Protocol.Time;
using NodaTime;

namespace Iec102.Acquisition.Meters;

/// <summary>
/// Turns the objects 192, 193 and 194 of an answer of type 163 into the 24 signals (protocol notes 4.6; contract, "Values").
/// </summary>
public static class CurrentValueReader
{
    /// <summary>The signals of the groups that the answer holds, in no particular order; the API sorts them.</summary>
    /// <param name="values">The answer.</param>
    /// <param name="zone">The meter's zone.</param>
    /// <param name="habit">The meter's summer-time habit.</param>
    /// <param name="readAt">When it was read.</param>
    /// <param name="ratios">
    /// The ratios of the measuring transformers, from which the primary values follow; null while they are not known.
    /// </param>
    public static IReadOnlyList<CurrentValue> Read(
        in InstantaneousValues values, DateTimeZone zone, SummerTimeHabit habit, Instant readAt, TransformerRatios? ratios = null)
    {
        var signals = new List<CurrentValue>(24);
        if (values.Totals is { } totals)
        {
            var time = CivilTime.ToInstant(totals.Time, zone, habit);
            Add("energy.active.import", totals.ActiveImport, "kWh");
            Add("energy.active.export", totals.ActiveExport, "kWh");
            Add("energy.reactive.q1", totals.ReactiveQuadrant1, "kvarh");
            Add("energy.reactive.q2", totals.ReactiveQuadrant2, "kvarh");
            Add("energy.reactive.q3", totals.ReactiveQuadrant3, "kvarh");
            Add("energy.reactive.q4", totals.ReactiveQuadrant4, "kvarh");

            void Add(string id, EnergyRegister register, string unit) =>
                signals.Add(Signal(id, register.Value, register.IsInvalid, unit, time, readAt));
        }

        if (values.Powers is { } powers)
            AddPowers(signals, powers, CivilTime.ToInstant(powers.Time, zone, habit), readAt);
        if (values.CurrentsAndVoltages is { } phases)
            AddPhases(signals, phases, CivilTime.ToInstant(phases.Time, zone, habit), readAt, ratios ?? default);
        return signals;
    }

    private static void AddPowers(List<CurrentValue> signals, in Powers powers, Instant? time, Instant readAt)
    {
        ReadOnlySpan<(string Name, PowerGroup Group)> groups =
            [("total", powers.Total), ("l1", powers.Phase1), ("l2", powers.Phase2), ("l3", powers.Phase3)];
        foreach (var (name, group) in groups)
        {
            var active = group.IsExport ? -group.ActiveKilowatts : group.ActiveKilowatts;
            var reactive = group.IsQuadrant34 ? -group.ReactiveKilovars : group.ReactiveKilovars;
            signals.Add(Signal($"power.active.{name}", active, group.IsInvalid, "kW", time, readAt));
            signals.Add(Signal($"power.reactive.{name}", reactive, group.IsInvalid, "kvar", time, readAt));
            signals.Add(Signal($"power.factor.{name}", group.PowerFactorThousandths / 1000.0, group.IsInvalid, "1", time, readAt));
        }
    }

    private static void AddPhases(
        List<CurrentValue> signals, in CurrentsAndVoltages phases, Instant? time, Instant readAt, TransformerRatios ratios)
    {
        ReadOnlySpan<(string Name, PhaseValues Values)> groups = [("l1", phases.Phase1), ("l2", phases.Phase2), ("l3", phases.Phase3)];
        foreach (var (name, values) in groups)
        {
            var current = Signal($"current.{name}", values.CurrentTenths / 10.0, values.IsInvalid, "A", time, readAt);
            signals.Add(current with { PrimaryValue = Primary(current.Value, ratios.PrimaryCurrentTenths, ratios.SecondaryCurrentTenths) });
            var voltage = Signal($"voltage.{name}", values.VoltageTenths / 10.0, values.IsInvalid, "V", time, readAt);
            signals.Add(voltage with { PrimaryValue = Primary(voltage.Value, ratios.PrimaryVoltageTenths, ratios.SecondaryVoltageTenths) });
        }
    }

    /// <summary>A ratio that contains 0 was never entered in the meter.</summary>
    private static double? Primary(double? secondaryValue, uint primary, uint secondary) =>
        primary == 0 || secondary == 0 ? null : secondaryValue * primary / secondary;

    private static CurrentValue Signal(string id, double value, bool invalid, string unit, Instant? time, Instant readAt) =>
        new(id, invalid ? null : value, unit, invalid ? ValueQuality.Invalid : ValueQuality.Good, time, readAt);
}
