using NodaTime;

namespace Iec102.Simulator.Data;

/// <summary>An event of a simulated meter (protocol notes 5).</summary>
/// <param name="Spa">SPA, the group of the event.</param>
/// <param name="Spq">SPQ, the number of the event in its group.</param>
/// <param name="Spi">SPI: true when the event marks a beginning.</param>
/// <param name="At">When it happened by the meter's clock.</param>
public sealed record SimulatedEvent(byte Spa, byte Spq, bool Spi, Instant At);

/// <summary>
/// The events of a simulated meter, a pure function of the seed, the meter's serial number and its measurement point, like
/// <see cref="MeterData"/>, whose function H it shares. The table below lists stories, each of which may happen on any day, UTC: on day n
/// (counted from 1970-01-01) story s happens when H(200 + s, n) mod every = 0. It begins H(230 + s, n) mod 84,000,000 ms after midnight,
/// and its events follow after the milliseconds given in the table. The stories include two equal events at the same instant (record 53), a
/// code that is not in any table of events (record 54) and a manufacturer's record (200).
/// </summary>
internal sealed class EventData(ulong seed, ulong id)
{
    private const int LatestBegin = 84_000_000;

    /// <summary>No event of a story happens later than this after the story begins.</summary>
    private static readonly Duration LongestStory = Duration.FromHours(1);

    private static readonly Story[] Stories =
    [
        new(52, 13, [new(1, 2, false, 0)]),
        new(52, 5, [new(3, 2, true, 0), new(3, 2, false, 754_250)]),
        new(52, 9, [new(3, 0, true, 0), new(3, 0, false, 61_500), new(1, 2, false, 61_900)]),
        new(53, 7, [new(7, 2, false, 0), new(7, 2, false, 0)]),
        new(54, 11, [new(15, 0, false, 0), new(15, 1, false, 1_200), new(15, 99, true, 2_400)]),
        new(55, 17, [new(19, 7, false, 0)]),
        new(128, 19, [new(18, 1, false, 0)]),
        new(129, 1, [new(18, 2, true, 0), new(18, 2, false, 45_120)]),
        new(129, 3, [new(18, 3, true, 0), new(18, 3, false, 1_800_000)]),
        new(129, 8, [new(18, 4, true, 0), new(18, 4, false, 600_000)]),
        new(130, 37, [new(16, 0, false, 0)]),
        new(131, 3, [new(18, 21, false, 0)]),
        new(131, 15, [new(7, 21, false, 0), new(15, 24, false, 900_000), new(15, 27, false, 901_000)]),
        new(132, 10, [new(18, 22, false, 0)]),
        new(133, 23, [new(15, 23, false, 0)]),
        new(200, 6, [new(200, 5, true, 0), new(200, 5, false, 30_000)]),
    ];

    private static readonly HashSet<byte> Records = [.. Stories.Select(story => story.Record)];

    private sealed record Story(byte Record, int Every, Step[] Steps);

    private readonly record struct Step(byte Spa, byte Spq, bool Spi, int Milliseconds);

    /// <summary>Whether a meter keeps this record: 52 to 55, 128 to 133 and 200.</summary>
    public static bool HasRecord(byte record) => Records.Contains(record);

    /// <summary>The events of a record in (after, until], by time; equal times keep the order of the table.</summary>
    public IEnumerable<SimulatedEvent> Events(byte record, Instant after, Instant until)
    {
        for (var day = DayOf(after - LongestStory); day <= DayOf(until); day++)
        {
            foreach (var one in OfDay(record, day).OrderBy(one => one.At))
            {
                if (one.At > after && one.At <= until)
                    yield return one;
            }
        }
    }

    private IEnumerable<SimulatedEvent> OfDay(byte record, long day)
    {
        for (var story = 0; story < Stories.Length; story++)
        {
            var told = Stories[story];
            if (told.Record != record || Hash(200 + story, day) % (ulong)told.Every != 0)
                continue;
            var begin = Instant.FromUnixTimeMilliseconds(day * 86_400_000 + (long)(Hash(230 + story, day) % LatestBegin));
            foreach (var step in told.Steps)
                yield return new SimulatedEvent(step.Spa, step.Spq, step.Spi, begin + Duration.FromMilliseconds(step.Milliseconds));
        }
    }

    private static long DayOf(Instant instant) => (long)Math.Floor(instant.ToUnixTimeSeconds() / 86_400.0);

    private ulong Hash(int c, long d) => Mix.Hash(seed, id, (ulong)c, (ulong)d);
}
