using Iec102.Simulator.Data;

namespace Iec102.Simulator.Faults;

/// <summary>The effect of the faults on one answer.</summary>
/// <param name="Octets">The octets to send: the answer, perhaps damaged or preceded by stray octets; empty when it is lost.</param>
/// <param name="Delay">How long the answer is delayed.</param>
/// <param name="Disconnects">Whether the connection breaks instead.</param>
internal readonly record struct FaultyAnswer(byte[] Octets, TimeSpan Delay, bool Disconnects);

/// <summary>
/// Decides the faults of one line. In each direction the decisions are numbered, and the outcome of each number is a hash of the seed and
/// the line: faults depend only on the order of frames and octets, not on how octets are split or when they arrive. Silences depend only on
/// time.
/// </summary>
internal sealed class FaultSource
{
    private readonly FaultPlan _plan;
    private readonly ulong _seed;
    private readonly ulong _line;
    private readonly Draws _requests;
    private readonly Draws _requestBits;
    private readonly Draws _answers;
    private readonly Draws _answerBits;
    private long _requestBitsLeft;
    private long _answerBitsLeft;

    public FaultSource(FaultPlan plan, long seed, int line)
    {
        (_plan, _seed, _line) = (plan, (ulong)seed, (ulong)line);
        _requests = new Draws(_seed, _line, 1);
        _requestBits = new Draws(_seed, _line, 2);
        _answers = new Draws(_seed, _line, 3);
        _answerBits = new Draws(_seed, _line, 4);
        _requestBitsLeft = GoodBits(_requestBits);
        _answerBitsLeft = GoodBits(_answerBits);
    }

    /// <summary>Inverts bits in octets that have just arrived.</summary>
    public void DamageRequest(Span<byte> octets) => Damage(octets, _requestBits, ref _requestBitsLeft);

    /// <summary>Whether the request that has just arrived is lost.</summary>
    public bool LosesRequest() => _requests.Next() < _plan.Loss;

    /// <summary>Applies the faults to the next answer; the given octets are not changed.</summary>
    public FaultyAnswer Pass(ReadOnlySpan<byte> answer)
    {
        // Each answer takes the same number of decisions, so that enabling one kind of fault does not change the others.
        var lost = _answers.Next() < _plan.Loss;
        var junk = _answers.Next() < _plan.Junk;
        var delay = _plan.DelayMin + (_plan.DelayMax - _plan.DelayMin) * _answers.Next();
        var disconnects = _answers.Next() < _plan.Disconnect;
        var junkCount = 1 + (int)(_answers.Next() * 8);
        var octets = new byte[(junk ? junkCount : 0) + answer.Length];
        for (var i = 0; i < junkCount; i++)
        {
            // Stray octets are often 0xFF (protocol notes 8).
            var octet = (byte)Math.Min(255, _answers.Next() * 512);
            if (junk)
                octets[i] = octet;
        }

        answer.CopyTo(octets.AsSpan(octets.Length - answer.Length));
        Damage(octets, _answerBits, ref _answerBitsLeft);
        return new FaultyAnswer(lost ? [] : octets, delay, disconnects);
    }

    /// <summary>Whether the line is dead at this time after its start.</summary>
    public bool IsSilent(TimeSpan sinceStart)
    {
        if (_plan.Silence == TimeSpan.Zero)
            return false;
        var (period, within) = Math.DivRem(sinceStart.Ticks, _plan.SilencePeriod.Ticks);
        var begin = (long)((_plan.SilencePeriod - _plan.Silence).Ticks * Draws.Fraction(Mix.Hash(_seed, _line, 5, (ulong)period)));
        return within >= begin && within < begin + _plan.Silence.Ticks;
    }

    private void Damage(Span<byte> octets, Draws draws, ref long left)
    {
        if (_plan.BitErrors == 0)
            return;
        for (var bits = 8L * octets.Length; left < bits; left += 1 + GoodBits(draws))
            octets[(int)(left / 8)] ^= (byte)(1 << (int)(left % 8));
        left -= 8L * octets.Length;
    }

    /// <summary>
    /// How many good bits come before the next bad one: a geometric distribution, so that there is one decision for each error instead of
    /// one for each bit.
    /// </summary>
    private long GoodBits(Draws draws) => _plan.BitErrors switch
    {
        0 => long.MaxValue,
        1 => 0,
        var p => (long)(Math.Log(1 - draws.Next()) / Math.Log(1 - p)),
    };

    /// <summary>A numbered sequence of decisions.</summary>
    private sealed class Draws(ulong seed, ulong line, ulong kind)
    {
        private ulong _number;

        /// <summary>The next decision, in [0, 1).</summary>
        public double Next() => Fraction(Mix.Hash(seed, line, kind, _number++));

        public static double Fraction(ulong hash) => (hash >> 11) * (1.0 / (1UL << 53));
    }
}
