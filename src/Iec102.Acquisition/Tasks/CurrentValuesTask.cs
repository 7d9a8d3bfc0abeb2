using Iec102.Acquisition.Ports;
using Iec102.Fleet;
using Iec102.Protocol.Application;
using NodaTime;

namespace Iec102.Acquisition.Tasks;

/// <summary>
/// The current values, types 162 and 163 (protocol notes 4.6). Every meter keeps its own phase within the period, so that a thousand meters
/// are not asked at once.
/// </summary>
internal sealed class CurrentValuesTask(string meter, CurrentValuesConfiguration configuration) : MeterTask
{
    private static readonly Duration UnsupportedRetry = Duration.FromDays(1);
    private static readonly Duration LongestFirstWait = Duration.FromSeconds(10);

    private readonly double _fraction = StableHash.Fraction(meter);

    public override string Name => "its current values";

    public override RequestClass Class => RequestClass.LiveValues;

    public override Request Next(TaskContext context)
    {
        Span<byte> objects = stackalloc byte[3];
        var count = 0;
        if (configuration.Groups.HasFlag(CurrentValueGroups.Totals))
            objects[count++] = ObjectAddress.Totals;
        if (configuration.Groups.HasFlag(CurrentValueGroups.Powers))
            objects[count++] = ObjectAddress.Powers;
        if (configuration.Groups.HasFlag(CurrentValueGroups.Voltages))
            objects[count++] = ObjectAddress.CurrentsAndVoltages;
        return Request.ReadInstantaneousValues(context.Point, objects[..count]);
    }

    /// <summary>Plans the first reading.</summary>
    public void PlanFirst(Instant now)
    {
        var spread = Duration.FromTimeSpan(configuration.Every) * _fraction;
        Due = configuration.Enabled ? now + Duration.Min(spread, LongestFirstWait) : Instant.MaxValue;
    }

    /// <summary>Plans the next reading, in the meter's phase.</summary>
    public void Plan(Instant now)
    {
        var every = configuration.Every.Ticks;
        var phase = (long)(every * _fraction);
        var periods = (now.ToUnixTimeTicks() - phase) / every + 1;
        Due = configuration.Enabled ? Instant.FromUnixTimeTicks(periods * every + phase) : Instant.MaxValue;
    }

    /// <summary>The meter does not give them: tried again in a day.</summary>
    public void Park(Instant now) => Due = configuration.Enabled ? now + UnsupportedRetry : Instant.MaxValue;

    public override void TakeFailure(ExchangeEnded ended, Instant now) => Plan(now);
}
