using Akka.Actor;
using Iec102.Acquisition.Ports;
using Iec102.Acquisition.Profiles;
using Iec102.Fleet;
using Iec102.Protocol.Application;
using Iec102.Protocol.Time;
using Iec102.Simulator.Data;
using NodaTime;

namespace Iec102.Server.Tests.Hosting;

/// <summary>
/// Has a profile actor read the hourly curve of a simulated meter, as the meter's actor would, but without a line: every chunk is answered
/// at once.
/// </summary>
/// <param name="profile">The profile actor.</param>
/// <param name="serialNumber">The meter's serial number.</param>
/// <param name="chunkOctets">How many octets a line is assumed to carry during a chunk.</param>
internal sealed class ProfileClient(IActorRef profile, uint serialNumber, int chunkOctets)
{
    public const int Seed = 1;
    public const ushort Point = 1;

    private static readonly DateTimeZone Zone = DateTimeZoneProviders.Tzdb["Europe/Madrid"];
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly MeterData _data = new(Seed, serialNumber, Point);
    private readonly MeterSession _session = new(serialNumber, SummerTimeHabit.SuBit, Duration.Zero);

    /// <summary>The meter holds only intervals that end after this.</summary>
    public Instant HeldAfter { get; init; } = Instant.MinValue;

    /// <summary>The settings of the curve, as they follow from a fleet file.</summary>
    public static ProfileSettings Settings(string meter, Duration depth) =>
        new(meter, Curve.Hourly, Point, Zone, From: null, depth, Settle: Duration.FromMinutes(2));

    /// <summary>Reads one chunk; returns how many of its intervals were stored, or null when nothing is due.</summary>
    public async Task<int?> ReadChunkAsync(Instant now) => await NextChunkAsync() is { } chunk ? await AnswerAsync(chunk, now) : null;

    /// <summary>Asks what is to be read; null when nothing is due.</summary>
    public async Task<ReadChunk?> NextChunkAsync() =>
        await profile.Ask<object>(new GetNextChunk(_session, chunkOctets), Patience) as ReadChunk;

    /// <summary>Sends the actor the meter's answer, at once; returns how many of its intervals were stored.</summary>
    public async Task<int> AnswerAsync(ReadChunk chunk, Instant now)
    {
        var ended = new ExchangeEnded(
            default, chunk.Request, ExchangeEnd.Completed, default, IsNegative: false, Epoch: 1, [.. Answers(chunk)], now, now,
            TimeSpan.Zero, Error: null, default);
        return (await profile.Ask<ChunkRecorded>(new ChunkAnswered(chunk, ended, _session), Patience)).Recorded;
    }

    /// <summary>Reads until nothing is due; returns how many intervals were stored.</summary>
    public async Task<int> ReadAllAsync(Instant now)
    {
        var recorded = 0;
        while (await ReadChunkAsync(now) is { } more)
            recorded += more;
        return recorded;
    }

    /// <summary>What the meter measured in the hour that ends then.</summary>
    public uint ValueOf(Instant end, int @object) => SimulatedCurves.Measured(_data, SimulatedCurve.Hourly, end, @object).Value;

    private IEnumerable<byte[]> Answers(ReadChunk chunk)
    {
        var header = new AsduHeader(chunk.Request.AnswerType, 0, CauseOfTransmission.Request, Point, chunk.Request.Header.RecordAddress);
        var from = Instant.Max(chunk.Range.From, HeldAfter);
        foreach (var rows in SimulatedCurves.Ends(SimulatedCurve.Hourly, from, chunk.Range.To, Zone).Select(Row)
            .Chunk(TotalsCodec.MaxBlocksPerFrame(ObjectAddress.BlockOf8)))
        {
            var asdu = new byte[byte.MaxValue];
            yield return asdu[..TotalsCodec.WriteBlocks(asdu, header, ObjectAddress.BlockOf8, rows)];
        }
    }

    private TotalsRow Row(Instant end)
    {
        var row = new TotalsRow { Time = CivilTime.ToTagA(end, Zone, SummerTimeHabit.SuBit) };
        for (var @object = ObjectAddress.FirstTotal; @object <= ObjectAddress.LastTotal; @object++)
            row.Set(@object, ValueOf(end, @object), Quality.None);
        return row;
    }
}
