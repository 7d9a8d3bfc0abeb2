using Iec102.Protocol.Application;
using Iec102.Protocol.Time;
using NodaTime;

namespace Iec102.Acquisition.Profiles;

/// <summary>What the answers to a chunk hold.</summary>
/// <param name="Intervals">The intervals within the range that was asked, ascending, each end once.</param>
/// <param name="Rejected">
/// Answers and rows dropped because they cannot be what was asked: malformed, other objects, a label that is not a valid date.
/// </param>
internal sealed record AnswerContent(IReadOnlyList<RecordedInterval> Intervals, int Rejected);

/// <summary>
/// Reads the answers of a chunk. FT1.2's checksum lets some damage pass, so an answer must fit what was asked in type, point, record,
/// objects and time window (promise R3). Nothing is lost when a meter begins early or overlaps: what lies outside the window is asked for
/// by itself.
/// </summary>
internal static class AnswerReader
{
    public static AnswerContent Read(ReadChunk chunk, IReadOnlyList<byte[]> answers, DateTimeZone zone, SummerTimeHabit habit)
    {
        var rejected = 0;
        var rows = new List<RecordedInterval>();
        var previous = chunk.Range.From;
        foreach (var answer in answers)
        {
            if (!Asdu.TryRead(answer, out var asdu) || !chunk.Request.IsAnsweredBy(asdu.Header)
                || TotalsCodec.CountRows(asdu) is not (> 0 and var count))
            {
                rejected++;
                continue;
            }

            for (var i = 0; i < count; i++)
            {
                TotalsCodec.TryReadRow(asdu, i, out var row);
                if (!Fits(row, chunk.Request) || CivilTime.ToInstant(row.Time, zone, habit, previous) is not { } end)
                {
                    rejected++;
                    continue;
                }

                previous = end;
                if (chunk.Range.Contains(end))
                    rows.Add(new RecordedInterval(end, row));
            }
        }

        return new AnswerContent(Ascending(rows), rejected);
    }

    /// <summary>A block holds exactly its objects; a frame of single objects may hold fewer than were asked, never others.</summary>
    private static bool Fits(in TotalsRow row, Request request) => ReadMethods.Of(request) switch
    {
        ReadMethod.BlocksOf8 => row.Objects == 0xFF,
        ReadMethod.BlocksOf6 => row.Objects == 0x3F,
        _ => row.Objects != 0,
    };

    /// <summary>The intervals in the order of their ends; each end once.</summary>
    private static List<RecordedInterval> Ascending(List<RecordedInterval> rows)
    {
        var ascending = new List<RecordedInterval>(rows.Count);
        foreach (var interval in rows.OrderBy(interval => interval.End))
        {
            if (ascending.Count > 0 && ascending[^1].End == interval.End)
                ascending[^1] = new RecordedInterval(interval.End, Better(ascending[^1].Row, interval.Row));
            else
                ascending.Add(interval);
        }

        return ascending;
    }

    /// <summary>
    /// Two rows of the same interval become one: the valid time wins, then the later row. Objects that a meter sends in separate frames are
    /// put together.
    /// </summary>
    private static TotalsRow Better(TotalsRow earlier, TotalsRow later) => (earlier.Objects & later.Objects) == 0 ? earlier.With(later)
        : Validity(earlier) > Validity(later) ? earlier
        : later;

    /// <summary>A valid time counts for more than any number of valid values.</summary>
    private static int Validity(in TotalsRow row)
    {
        var valid = row.Time.IsInvalid ? 0 : ObjectAddress.LastTotal + 1;
        for (var address = ObjectAddress.FirstTotal; address <= ObjectAddress.LastTotal; address++)
            valid += row.Has(address) && (row.GetQuality(address) & Quality.Invalid) == 0 ? 1 : 0;
        return valid;
    }
}
