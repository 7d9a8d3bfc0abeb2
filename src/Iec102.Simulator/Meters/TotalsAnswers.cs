using Iec102.Protocol.Application;
using Iec102.Simulator.Data;
using NodaTime;
using static Iec102.Protocol.Application.TypeIdentification;

namespace Iec102.Simulator.Meters;

/// <summary>
/// Types 122, 123, 189 and 190 (protocol notes 4.4). Types 8 and 11 carry one instant in a frame, types 139 and 140 as many blocks as fit.
/// Rows are computed when their frame is polled; intervals that have not ended by the meter's clock when the request arrives are not part
/// of the answer.
/// </summary>
internal static class TotalsAnswers
{
    public static IAnswer To(in Asdu request, MeterMoment meter)
    {
        if (!TotalsRequest.TryRead(request, out var asked))
            return meter.Refuse(request, CauseOfTransmission.TypeNotAvailable);
        if (CurveOf(request.Header, meter.Behaviour) is not { } curve)
            return meter.Refuse(request, CauseOfTransmission.RecordNotKnown);
        var objects = ObjectsOf(asked, meter.Behaviour);
        if (objects.Length == 0)
            return meter.Refuse(request, CauseOfTransmission.ObjectNotAvailable);
        if (meter.RangeOf(asked.From, asked.To) is not var (from, to))
            return meter.Refuse(request, CauseOfTransmission.PeriodNotAvailable);

        var range = new AskedRange(request.Header.PointAddress, (byte)request.Header.Type, from, to, 0, false);
        var counter = meter.Counters.CountRange(curve, range);
        var before = meter.Behaviour.ListsFromMidnight ? meter.Calendar.DaysBefore(from, 0) - Duration.Epsilon : meter.After(from);
        var after = Instant.Max(meter.HeldAfter, before);
        var until = Instant.Min(to, meter.Clock);
        var (zone, period) = (meter.Options.Zone, meter.Behaviour.Period2Minutes);
        if (meter.Behaviour.EmptyRange != EmptyRange.Completed && SimulatedCurves.EndAfter(curve, after, zone, period) > until)
        {
            counter.Completed();
            return meter.Refuse(request, (CauseOfTransmission)meter.Behaviour.EmptyRange);
        }

        var rows = SimulatedCurves.Ends(curve, after, until, zone, period).Select(RowsOf(request.Header.Type, curve, objects, meter));
        if (curve == SimulatedCurve.DailyClosing && meter.Behaviour.HasEmptyTags)
            rows = rows.Prepend(EmptyRow(objects));
        var answer =
            request.Header with { Type = Conversation.Of(request.Header.Type)!.Value.AnswerType, Cause = CauseOfTransmission.Request };
        return new SeriesAnswer(request, Frames(answer, asked.BlockObject, rows, meter.Behaviour, counter), counter.Completed);
    }

    private static SimulatedCurve? CurveOf(AsduHeader header, MeterBehaviour behaviour) =>
        (IsAbsolute(header.Type), (SimulatedCurve)header.RecordAddress) switch
        {
            (true, SimulatedCurve.DailyClosing) when behaviour.HasDailyClosings => SimulatedCurve.DailyClosing,
            (true, SimulatedCurve.Hourly) when behaviour.HasHourlyRegisters => SimulatedCurve.Hourly,
            (false, SimulatedCurve.Hourly) => SimulatedCurve.Hourly,
            (false, SimulatedCurve.QuarterHour) when behaviour.HasQuarterHours => SimulatedCurve.QuarterHour,
            _ => null,
        };

    private static bool IsAbsolute(TypeIdentification request) => request is ReadIntegratedTotals or ReadIntegratedTotalBlocks;

    private static int[] ObjectsOf(in TotalsRequest asked, MeterBehaviour behaviour)
    {
        if (asked.BlockObject != 0)
            return behaviour.HasActiveImportOnly
                ? []
                : Array.ConvertAll(TotalsCodec.BlockObjects(asked.BlockObject).ToArray(), @object => (int)@object);
        if (asked.FirstObject < ObjectAddress.FirstTotal || asked.LastObject > ObjectAddress.LastTotal
            || asked.FirstObject > asked.LastObject)
            return [];
        var last = behaviour.HasActiveImportOnly ? Math.Min(asked.LastObject, ObjectAddress.FirstTotal) : asked.LastObject;
        return [.. Enumerable.Range(asked.FirstObject, Math.Max(0, last - asked.FirstObject + 1))];
    }

    private static Func<Instant, TotalsRow> RowsOf(TypeIdentification request, SimulatedCurve curve, int[] objects, MeterMoment meter)
    {
        var absolute = IsAbsolute(request);
        return end =>
        {
            var row = new TotalsRow { Time = meter.Calendar.LabelOf(end) };
            foreach (var @object in objects)
            {
                var reading = absolute
                    ? meter.Data.Register(end, @object)
                    : SimulatedCurves.Measured(meter.Data, curve, end, @object, meter.Behaviour.Period2Minutes);
                row.Set(@object, reading.Value, reading.Quality);
            }

            return row;
        };
    }

    private static TotalsRow EmptyRow(int[] objects)
    {
        var row = default(TotalsRow);
        foreach (var @object in objects)
            row.Set(@object, 0, Quality.Invalid);
        return row;
    }

    private static IEnumerable<byte[]> Frames(
        AsduHeader answer, byte blockObject, IEnumerable<TotalsRow> rows, MeterBehaviour behaviour,
        MeterCounters.AskedRangeCounter counter) =>
        blockObject == 0 ? Singles(answer, rows, behaviour, counter) : Blocks(answer, blockObject, rows, behaviour.OverlapsFrames, counter);

    private static IEnumerable<byte[]> Blocks(
        AsduHeader answer, byte blockObject, IEnumerable<TotalsRow> rows, bool overlaps, MeterCounters.AskedRangeCounter counter)
    {
        TotalsRow[] last = [];
        foreach (var some in rows.Chunk(TotalsCodec.MaxBlocksPerFrame(blockObject) - (overlaps ? 1 : 0)))
        {
            counter.Served(some.Length);
            TotalsRow[] frame = [.. last, .. some];
            last = overlaps ? some[^1..] : [];
            yield return MeterMoment.Octets((asdu, header) => TotalsCodec.WriteBlocks(asdu, header, blockObject, frame), answer);
        }
    }

    private static IEnumerable<byte[]> Singles(
        AsduHeader answer, IEnumerable<TotalsRow> rows, MeterBehaviour behaviour, MeterCounters.AskedRangeCounter counter)
    {
        TotalsRow? last = null;
        foreach (var row in rows)
        {
            counter.Served(1);
            foreach (var part in behaviour.OneObjectPerFrame ? Apart(row) : [row])
                yield return MeterMoment.Octets((asdu, header) => TotalsCodec.WriteTotals(asdu, header, part), answer);
            if (behaviour.OverlapsFrames && last is { } repeated)
                yield return MeterMoment.Octets((asdu, header) => TotalsCodec.WriteTotals(asdu, header, repeated), answer);
            last = row;
        }
    }

    private static IEnumerable<TotalsRow> Apart(TotalsRow row)
    {
        for (int @object = ObjectAddress.FirstTotal; @object <= ObjectAddress.LastTotal; @object++)
        {
            if (!row.Has(@object))
                continue;
            var one = new TotalsRow { Time = row.Time };
            one.Set(@object, row.GetValue(@object), row.GetQuality(@object));
            yield return one;
        }
    }
}
