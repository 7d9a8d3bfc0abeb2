using Iec102.Protocol.Application;
using Iec102.Protocol.Time;
using NodaTime;

namespace Iec102.Simulator.Data;

/// <summary>
/// The data formula: what a simulated meter measured is a pure function of the seed, the meter's serial number, its measurement point, the
/// object and the instant. Nothing is stored, time zones play no part, and anyone can compute the data again:
/// <para>Time is divided into quarters of an hour, UTC. Quarter n ends n x 15 minutes after Monday 2000-01-03 00:00 UTC;
/// slot(n) = (n - 1) mod 672 is its place in the week, hour(n) = slot / 4 mod 24, and slots from 480 on are the weekend.</para>
/// <para>hash(a, b, c, d) is SplitMix64 applied four times: mix(mix(mix(mix(a) + b) + c) + d) modulo 2^64,
/// with mix(x) = x += 0x9E3779B97F4A7C15, x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9, x = (x ^ x >> 27) * 0x94D049BB133111EB, x ^ x >> 31.
/// Below H(c, d) = hash(seed, serial * 65536 + point, c, d).</para>
/// <para>Size: load = 40 + H(100, 0) mod 400 for objects 1, 3, 6; plant = 20 + H(101, 0) mod 200 for objects 2, 4, 5
/// when H(102, 0) mod 4 = 0, else 0 (only every fourth meter feeds into the grid).
/// A size is the kWh or kvarh of a quarter at full weight.</para>
/// <para>Weight w(k, n) of object k: the table below at hour(n), in thousandths; at the weekend six tenths of it for objects 1, 3, 6.
/// W(k, n) = w(k, 1) + ... + w(k, n).</para>
/// <para>Register of object k at the end of quarter n, all divisions rounding down:
/// R(k, n) = H(110, k) mod 100000 + size x W(k, n) / 1000 + H(k, n) mod (1 + size x min(w(k, n), w(k, n + 1)) / 2000).
/// The last term is noise, which is small enough that no register ever runs backwards.</para>
/// <para>Increment over m quarters: R(k, n) - R(k, n - m). So an hour is exactly the sum of its quarters, and a register is the sum of the
/// increments.</para>
/// <para>Quality: quarter n has 0x02 (incomplete through loss of supply) when H(120, n) mod 1500 = 0, otherwise 0; an hour has the bits of
/// all its quarters; registers have 0. Objects 7 and 8 are the reserve: value 0, quality 0x80.</para>
/// </summary>
public sealed class MeterData : IMeterData
{
    /// <summary>
    /// Monday 2000-01-03 00:00 UTC, the instant from which quarters are counted and at which registers are close to zero.
    /// </summary>
    public static readonly Instant Origin = Instant.FromUtc(2000, 1, 3, 0, 0);

    private const int SlotsPerWeek = 672;
    private const int FirstWeekendSlot = 480;

    // By UTC hour, for Spain: a factory with an evening peak, solar generation, and reactive energy that is inductive by day and capacitive
    // by night.
    private static readonly int[][] Hours =
    [
        [300, 280, 270, 270, 290, 380, 550, 750, 880, 940, 970, 1000, 980, 940, 900, 880, 870, 890, 930, 960, 850, 650, 480, 360],
        [0, 0, 0, 0, 0, 60, 200, 400, 600, 780, 910, 1000, 980, 900, 760, 560, 350, 160, 40, 0, 0, 0, 0, 0],
        [0, 0, 0, 0, 0, 0, 160, 230, 280, 310, 320, 330, 330, 310, 300, 290, 290, 290, 300, 310, 260, 190, 0, 0],
        [0, 0, 0, 0, 0, 0, 50, 80, 110, 130, 140, 120, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
        [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 130, 120, 100, 70, 50, 0, 0, 0, 0, 0, 0, 0],
        [110, 120, 120, 120, 110, 90, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 70, 90],
    ];

    private static readonly int[][] Weights =
        [.. Enumerable.Range(1, 6).Select(@object => Enumerable.Range(0, SlotsPerWeek).Select(slot => WeightOf(@object, slot)).ToArray())];
    private static readonly int[][] Prefixes = [.. Weights.Select(Sums)];

    private readonly ulong _seed;
    private readonly ulong _id;
    private readonly long _load;
    private readonly long _plant;
    private readonly EventData _events;

    /// <summary>The data of one measurement point of one meter.</summary>
    public MeterData(long seed, uint serialNumber, ushort point)
    {
        _seed = (ulong)seed;
        _id = ((ulong)serialNumber << 16) + point;
        _events = new EventData(_seed, _id);
        _load = 40 + (long)(Hash(100, 0) % 400);
        _plant = Hash(102, 0) % 4 == 0 ? 20 + (long)(Hash(101, 0) % 200) : 0;
    }

    /// <inheritdoc/>
    public Reading Increment(Instant end, int quarters, int @object)
    {
        if (@object > Hours.Length)
            return new Reading(0, Quality.Invalid);
        var last = QuarterAt(end);
        var quality = Quality.None;
        for (var n = last - quarters + 1; n <= last; n++)
            quality |= Hash(120, (ulong)n) % 1500 == 0 ? Quality.SupplyLost : Quality.None;
        return new Reading((uint)(RegisterAt(last, @object) - RegisterAt(last - quarters, @object)), quality);
    }

    /// <inheritdoc/>
    public Reading Register(Instant at, int @object) =>
        @object > Hours.Length ? new Reading(0, Quality.Invalid) : new Reading((uint)RegisterAt(QuarterAt(at), @object), Quality.None);

    /// <summary>
    /// Registers are those at the end of the last quarter that has ended. Powers are four times the increments of the running quarter,
    /// negative for export and for quadrants 3 and 4, with noise of up to 5 % that changes every ten seconds; phase 1 has 34 % of them,
    /// phases 2 and 3 have 33 % each. A current of 5 A stands for twice the load size in kVA.
    /// </summary>
    public InstantaneousValues InstantaneousAt(Instant at, TimeTagA tag)
    {
        var n = QuarterAt(at) + 1;
        var moment = (ulong)(at.ToUnixTimeSeconds() / 10);
        var shake = 950 + (int)(Hash(130, moment) % 101);
        EnergyRegister Total(int @object) => new(Register(at, @object).Value);
        int Power(int @object) => (int)(4 * (RegisterAt(n, @object) - RegisterAt(n - 1, @object)) * shake / 1000);
        var active = Phases(Power(1) - Power(2));
        var reactive = Phases(Power(3) + Power(4) - Power(5) - Power(6));
        PowerGroup Group(int phase) => new(
            Math.Abs(active[phase]), Math.Abs(reactive[phase]), Factor(active[phase], reactive[phase]),
            active[phase] < 0, reactive[phase] < 0);
        PhaseValues Phase(int phase) => new(
            (int)(Math.Sqrt(Square(active[phase]) + Square(reactive[phase])) * 50 / (2 * _load)),
            2270 + (int)(Hash((ulong)(130 + phase), moment) % 61));
        return new InstantaneousValues(
            new EnergyTotals(Total(1), Total(2), Total(3), Total(4), Total(5), Total(6), tag),
            new Powers(Group(0), Group(1), Group(2), Group(3), tag),
            new CurrentsAndVoltages(Phase(1), Phase(2), Phase(3), tag));
    }

    /// <inheritdoc/>
    public IEnumerable<SimulatedEvent>? Events(byte record, Instant after, Instant until) =>
        EventData.HasRecord(record) ? _events.Events(record, after, until) : null;

    private static int Factor(int active, int reactive) =>
        active == 0 && reactive == 0 ? 1000 : (int)(1000 * Math.Abs(active) / Math.Sqrt(Square(active) + Square(reactive)));

    private static int[] Phases(int total)
    {
        var first = total * 34 / 100;
        var second = total * 33 / 100;
        return [total, first, second, total - first - second];
    }

    private static double Square(double value) => value * value;

    private static long QuarterAt(Instant instant) => (long)Math.Floor((instant - Origin).TotalSeconds / 900);

    private static int WeightOf(int @object, int slot)
    {
        var weight = Hours[@object - 1][slot / 4 % 24];
        return IsLoad(@object) && slot >= FirstWeekendSlot ? weight * 6 / 10 : weight;
    }

    private static bool IsLoad(int @object) => @object is 1 or 3 or 6;

    private static int[] Sums(int[] weights)
    {
        var sums = new int[weights.Length + 1];
        for (var i = 0; i < weights.Length; i++)
            sums[i + 1] = sums[i] + weights[i];
        return sums;
    }

    private long RegisterAt(long n, int @object)
    {
        var size = IsLoad(@object) ? _load : _plant;
        var sums = Prefixes[@object - 1];
        var weights = Weights[@object - 1];
        var (weeks, slots) = Math.DivRem(n, SlotsPerWeek);
        var here = weights[(n + SlotsPerWeek - 1) % SlotsPerWeek];
        var disorder = size * Math.Min(here, weights[slots]) / 2000;
        return (long)(Hash(110, (ulong)@object) % 100000)
            + size * (weeks * sums[SlotsPerWeek] + sums[slots]) / 1000
            + (long)(Hash((ulong)@object, (ulong)n) % (ulong)(1 + disorder));
    }

    private ulong Hash(ulong c, ulong d) => Mix.Hash(_seed, _id, c, d);
}
