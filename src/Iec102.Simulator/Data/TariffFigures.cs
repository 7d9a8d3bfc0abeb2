using Iec102.Protocol.Application;
using NodaTime;

namespace Iec102.Simulator.Data;

/// <summary>What a contract counted in one of its tariff periods, or in all of them, over a billing period (protocol notes 4.7).</summary>
/// <param name="ObjectAddress">20 for all periods together, 21 and up for period 1 and up.</param>
/// <param name="Active">Object 1, kWh: the register at the end and the energy of the billing period.</param>
/// <param name="Inductive">Object 3, kvarh.</param>
/// <param name="Capacitive">Object 6, kvarh.</param>
/// <param name="MaximumKilowatts">The highest mean power of a quarter of an hour.</param>
/// <param name="MaximumAt">The end of that quarter; null when no power was measured at all.</param>
/// <param name="Excess">By how many kW the maximum exceeded the contracted power.</param>
public sealed record TariffFigures(
    byte ObjectAddress, TariffEnergy Active, TariffEnergy Inductive, TariffEnergy Capacitive,
    uint MaximumKilowatts, Instant? MaximumAt, uint Excess)
{
    private static readonly Duration Quarter = Duration.FromMinutes(15);

    /// <summary>
    /// Computes the figures of a billing period from the registers: the total first, then each tariff period. Registers and energies of the
    /// periods add up to those of the total, which are the meter's own registers; the values of the registers before the contract began are
    /// added to period 1.
    /// </summary>
    internal static IReadOnlyList<TariffFigures> Of(
        IMeterData data, Contract contract, uint serialNumber, Instant from, Instant to, DateTimeZone zone)
    {
        var active = new Count(data, contract, 1, from, to, zone);
        var inductive = new Count(data, contract, 3, from, to, zone);
        var capacitive = new Count(data, contract, 6, from, to, zone);
        var maxima = Maxima(data, contract, from, to, zone);
        return
        [
            .. Enumerable.Range(0, contract.PeriodCount + 1).Select(period => new TariffFigures(
                (byte)(Protocol.Application.ObjectAddress.TariffTotal + period),
                active.Energy(period), inductive.Energy(period), capacitive.Energy(period),
                maxima[period].Power, maxima[period].At, ExcessOf(period))),
        ];

        // The excess of the total is the greatest excess of its periods.
        uint ExcessOf(int period) => period == 0
            ? Enumerable.Range(1, contract.PeriodCount).Max(ExcessOf)
            : maxima[period].Power - Math.Min(maxima[period].Power, contract.PowerOf(serialNumber, period));
    }

    private static (uint Power, Instant? At)[] Maxima(IMeterData data, Contract contract, Instant from, Instant to, DateTimeZone zone)
    {
        var maxima = new (uint Power, Instant? At)[contract.PeriodCount + 1];
        foreach (var (period, begin, end) in contract.Stretches(from, to, zone))
        {
            for (var quarter = begin + Quarter; quarter <= end; quarter += Quarter)
            {
                var power = 4 * data.Increment(quarter, 1, 1).Value;
                if (power > maxima[period].Power)
                    maxima[period] = (power, quarter);
                if (power > maxima[0].Power)
                    maxima[0] = (power, quarter);
            }
        }

        return maxima;
    }

    /// <summary>What one object counted in each period; period 0 is all of them together.</summary>
    private sealed class Count
    {
        private readonly uint[] _absolute;
        private readonly uint[] _increment;

        public Count(IMeterData data, Contract contract, int @object, Instant from, Instant to, DateTimeZone zone)
        {
            _absolute = new uint[contract.PeriodCount + 1];
            _increment = new uint[contract.PeriodCount + 1];
            var since = zone.AtStartOfDay(Contract.Since).ToInstant();
            foreach (var (period, begin, end) in contract.Stretches(since, to, zone))
            {
                var energy = data.Register(end, @object).Value - data.Register(begin, @object).Value;
                _absolute[period] += energy;
                if (begin >= from)
                    _increment[period] += energy;
            }

            _absolute[1] += data.Register(since, @object).Value;
            _absolute[0] = data.Register(to, @object).Value;
            _increment[0] = _absolute[0] - data.Register(from, @object).Value;
        }

        public TariffEnergy Energy(int period) => new(_absolute[period], _increment[period]);
    }
}
