using Iec102.Protocol.Application;
using Iec102.Simulator.Data;
using NodaTime;

namespace Iec102.Simulator.Meters;

/// <summary>
/// Types 133 and 134 (protocol notes 4.7): the running month of a contract, and the closed months that end in (from, to], of which the last
/// twelve are kept. Each frame carries one object. Contract III is not active: cause 13.
/// </summary>
internal static class TariffAnswers
{
    private const int MonthsKept = 12;

    private static readonly TariffValue Reserve = new(0, Quality.Invalid);

    public static IAnswer To(in Asdu request, MeterMoment meter)
    {
        var isCurrent = request.Header.Type == TypeIdentification.ReadCurrentTariff;
        TimeRangeRequest asked = default;
        if (request.Header.Count > 1 || (isCurrent ? !request.Data.IsEmpty : !TimeRangeRequest.TryRead(request, out asked)))
            return meter.Refuse(request, CauseOfTransmission.TypeNotAvailable);
        if (request.Header.RecordAddress == Contract.InactiveRecord)
            return meter.Refuse(request, CauseOfTransmission.RecordNotAvailable);
        if (Contract.Of(request.Header.RecordAddress) is not { IsInForce: true } contract)
            return meter.Refuse(request, CauseOfTransmission.RecordNotKnown);
        if (isCurrent)
            return Series(request, Running(meter), contract, meter);
        if (meter.RangeOf(asked.From, asked.To) is not var (from, to))
            return meter.Refuse(request, CauseOfTransmission.PeriodNotAvailable);
        var closed = Closed(meter).Where(month => month.To > from && month.To <= to).ToList();
        return closed.Count == 0 && meter.Behaviour.EmptyRange != EmptyRange.Completed
            ? meter.Refuse(request, (CauseOfTransmission)meter.Behaviour.EmptyRange)
            : Series(request, closed, contract, meter);
    }

    private static SeriesAnswer Series(
        in Asdu request, IReadOnlyList<(Instant From, Instant To)> months, Contract contract, MeterMoment meter)
    {
        var objects = months.SelectMany(month =>
            meter.Data.Tariff(contract, meter.Options.SerialNumber, month.From, month.To, meter.Options.Zone)
                .Select(one => Information(one, month, meter)));
        if (request.Header.Type == TypeIdentification.ReadStoredTariff && meter.Behaviour.HasEmptyTags)
            objects = objects.Prepend(NeverClosed());
        var answer = request.Header with { Type = Conversation.Of(request.Header.Type)!.Value.AnswerType };
        var frames = objects.Select(one => MeterMoment.Octets((asdu, header) => TariffInformation.WriteAll(asdu, header, [one]), answer));
        return new SeriesAnswer(request, frames);
    }

    private static IReadOnlyList<(Instant From, Instant To)> Running(MeterMoment meter)
    {
        var month = StartOf(meter.Clock.InZone(meter.Options.Zone).Date, 0);
        return month < Contract.Since ? [] : [(Begin(month, meter), meter.Clock)];
    }

    private static IEnumerable<(Instant From, Instant To)> Closed(MeterMoment meter)
    {
        var today = meter.Clock.InZone(meter.Options.Zone).Date;
        return Enumerable.Range(1, MonthsKept).Reverse().Select(back => StartOf(today, back)).Where(month => month >= Contract.Since)
            .Select(month => (Begin(month, meter), Begin(month.PlusMonths(1), meter)));
    }

    private static LocalDate StartOf(LocalDate date, int monthsBack) => new LocalDate(date.Year, date.Month, 1).PlusMonths(-monthsBack);

    private static Instant Begin(LocalDate date, MeterMoment meter) => meter.Options.Zone.AtStartOfDay(date).ToInstant();

    private static TariffInformation Information(TariffFigures figures, (Instant From, Instant To) month, MeterMoment meter)
    {
        var maximumAt = meter.Behaviour.HasEmptyTags ? null : figures.MaximumAt;
        var maximum = maximumAt is { } at ? new TariffMaximum(figures.MaximumKilowatts, meter.Calendar.LabelOf(at)) : default;
        return new TariffInformation(
            figures.ObjectAddress, figures.Active, figures.Inductive, figures.Capacitive, Reserve, Reserve,
            maximum, new TariffValue(figures.Excess),
            meter.Calendar.LabelOf(month.From), meter.Calendar.LabelOf(month.To));
    }

    private static TariffInformation NeverClosed() =>
        new(ObjectAddress.TariffTotal, default, default, default, Reserve, Reserve, default, default, default, default);
}
