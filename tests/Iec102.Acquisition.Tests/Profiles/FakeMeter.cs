using Iec102.Acquisition.Ports;
using Iec102.Acquisition.Profiles;
using Iec102.Protocol.Application;
using Iec102.Protocol.Time;
using NodaTime;

namespace Iec102.Acquisition.Tests.Profiles;

/// <summary>How a meter answers a range that it holds only partly or not at all; the protocol notes 4.2 and 7.4 leave it open.</summary>
public enum RangeManners
{
    /// <summary>The meter gives what it has; when that is nothing, an empty series.</summary>
    Lenient,

    /// <summary>The meter gives what it has; when that is nothing, it refuses with cause 18.</summary>
    RefusesEmpty,

    /// <summary>The meter refuses with cause 18 unless it has the first interval of the range.</summary>
    RefusesUnheldBegin,
}

/// <summary>A meter without a wire: it answers a chunk's request from a formula, so that every value can be checked.</summary>
internal sealed class FakeMeter
{
    public const ushort Point = 1;

    public int PeriodMinutes { get; init; } = 60;

    public SummerTimeHabit Habit { get; init; } = SummerTimeHabit.SuBit;

    public RangeManners Manners { get; init; } = RangeManners.Lenient;

    /// <summary>The meter holds only intervals that end after this.</summary>
    public Instant OldestFrom { get; set; } = Instant.MinValue;

    /// <summary>The end of the newest interval that the meter has.</summary>
    public Instant Newest { get; set; } = Instant.MaxValue;

    /// <summary>Stretches that the meter never recorded.</summary>
    public RangeSet Holes { get; set; } = RangeSet.Empty;

    /// <summary>Whether an interval that ends at the beginning of a range belongs to it (Landis+Gyr, protocol notes 3.3).</summary>
    public bool BeginsEarly { get; init; }

    /// <summary>The most rows in an answer; the meter cuts off the rest without saying so.</summary>
    public int MaxRows { get; init; } = int.MaxValue;

    /// <summary>
    /// The methods that the meter knows. It refuses the others with <see cref="UnknownMethod"/>, or is silent when that is null.
    /// </summary>
    public IReadOnlyCollection<ReadMethod> Methods { get; init; } = [ReadMethod.BlocksOf8, ReadMethod.BlocksOf6, ReadMethod.Objects];

    public CauseOfTransmission? UnknownMethod { get; init; } = CauseOfTransmission.TypeNotAvailable;

    /// <summary>The cause with which the meter refuses the whole curve; null when it has the curve.</summary>
    public CauseOfTransmission? Refuses { get; set; }

    /// <summary>The link epoch of the session: each session of a real meter has its own, and silence ends the session.</summary>
    public int Epoch { get; private set; } = 1;

    public List<ReadChunk> Asked { get; } = [];

    /// <summary>How many octets have passed over the wire in both directions.</summary>
    public int Octets { get; private set; }

    public static uint ValueOf(Instant end, int address) => (uint)((end.ToUnixTimeSeconds() / 300 * 7 + address * 13) % 90_000);

    public IntervalGrid Grid => IntervalGrid.Of(PeriodMinutes);

    public bool Has(Instant end) => end > OldestFrom && end <= Newest && Grid.IsExpected(end) && !Holes.Contains(end);

    /// <summary>Answers a chunk; with <paramref name="framesBeforeCut"/> the exchange is cut off after that many data frames.</summary>
    public ExchangeEnded Answer(ReadChunk chunk, Instant now, int? framesBeforeCut = null)
    {
        Asked.Add(chunk);
        Asdu.TryRead(chunk.Request.Asdu, out var asdu);
        TotalsRequest.TryRead(asdu, out var request);
        var method = ReadMethods.Of(chunk.Request);
        Octets += 3 * (chunk.Request.Asdu.Length + 9) + 18;
        if (Refuses is { } refusal)
            return End(chunk, ExchangeEnd.Refused, refusal, [], now);
        if (!Methods.Contains(method))
        {
            if (UnknownMethod is { } cause)
                return End(chunk, ExchangeEnd.Refused, cause, [], now);
            return Silence(chunk, now);
        }

        var from = CivilTime.ToInstant(request.From, Madrid.Zone, Habit)!.Value;
        var to = CivilTime.ToInstant(request.To, Madrid.Zone, Habit, from)!.Value;
        var asked = Grid.Ends(new TimeRange(BeginsEarly ? from - Duration.FromMinutes(2) : from - Duration.FromMinutes(1), to)).ToList();
        var rows = asked.Where(Has).Take(MaxRows).ToList();
        if (Manners != RangeManners.Lenient && (rows.Count == 0 || (Manners == RangeManners.RefusesUnheldBegin && !Has(asked[0]))))
            return End(chunk, ExchangeEnd.Refused, CauseOfTransmission.PeriodNotAvailable, [], now);

        var frames = rows.Select(Row).Chunk(method.IntervalsPerFrame()).Select(some => Frame(chunk, method, some)).ToList();
        Octets += frames.Sum(frame => frame.Length + 9 + 6);
        return framesBeforeCut is { } cut && cut < frames.Count
            ? End(chunk, ExchangeEnd.OutOfStep, default, frames.Take(cut).ToList(), now)
            : End(chunk, ExchangeEnd.Completed, default, frames, now);
    }

    public ExchangeEnded Silence(ReadChunk chunk, Instant now) =>
        End(chunk, ExchangeEnd.NoAnswer, default, [], now) with { Epoch = Epoch++ };

    public TotalsRow Row(Instant end)
    {
        var row = new TotalsRow { Time = Madrid.Label(end, Habit) };
        for (var address = ObjectAddress.FirstTotal; address <= ObjectAddress.LastTotal; address++)
            row.Set(address, ValueOf(end, address), address > 6 ? Quality.Invalid : Quality.None);
        return row;
    }

    private ExchangeEnded End(ReadChunk chunk, ExchangeEnd end, CauseOfTransmission cause, IReadOnlyList<byte[]> answers, Instant now) =>
        new(
            default, chunk.Request, end, cause, IsNegative: false, Epoch, answers, now - Duration.FromSeconds(2), now, TimeSpan.Zero,
            Error: null, default);

    public static byte[] Frame(ReadChunk chunk, ReadMethod method, TotalsRow[] rows)
    {
        var asdu = new byte[252];
        var header = new AsduHeader(chunk.Request.AnswerType, 0, CauseOfTransmission.Request, Point, chunk.Request.Header.RecordAddress);
        var length = method == ReadMethod.Objects
            ? TotalsCodec.WriteTotals(asdu, header, rows[0])
            : TotalsCodec.WriteBlocks(asdu, header, method == ReadMethod.BlocksOf8 ? ObjectAddress.BlockOf8 : ObjectAddress.BlockOf6, rows);
        return asdu[..length];
    }
}
