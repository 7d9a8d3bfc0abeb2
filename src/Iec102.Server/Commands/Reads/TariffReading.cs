using Iec102.Acquisition;
using Iec102.Acquisition.Ports;
using Iec102.Acquisition.Tasks;
using Iec102.Protocol.Application;
using Iec102.Protocol.Time;
using Iec102.Server.Contract;
using Iec102.Storage.Reading;
using NodaTime;

namespace Iec102.Server.Commands.Reads;

/// <summary>read tariff: the running billing period of each contract (133) and the closed ones of a range (134) (protocol notes 4.7).</summary>
internal static class TariffReading
{
    /// <summary>The records of contracts I, II and III.</summary>
    public static IReadOnlyList<byte> Contracts { get; } = [RecordAddress.Contract1, RecordAddress.Contract1 + 1, RecordAddress.Contract1 + 2];

    /// <summary>How far back closed periods are read when no range is given: the ends of three months.</summary>
    public static Instant UsualBegin(ZonedDateTime now) => now.Zone.AtStartOfDay(now.Date.PlusMonths(-3)).ToInstant();

    /// <summary>Reads both of each contract.</summary>
    public static async Task<IReadOutput?> ReadAsync(Inquiry inquiry, ReadQuery query, TimeRange range)
    {
        var meter = inquiry.Meter;
        var (_, habit) = await inquiry.ReadClockAsync();
        var periods = new List<StoredTariff>();
        var records = query.RecordsOr(Contracts);
        for (var i = 0; i < records.Count; i++)
        {
            var record = records[i];
            inquiry.Progress.Report((double)i / records.Count);
            var current = await AskAsync(Request.ReadCurrentTariff(meter.PointAddress, record), $"the current tariff of {ContractName.Of(record)}", isClosed: false);
            // Of a contract that there is not, there is nothing closed either.
            if (current is not { End: ExchangeEnd.Refused, Cause: CauseOfTransmission.RecordNotKnown or CauseOfTransmission.RecordNotAvailable })
                await AskAsync(Request.ReadStoredTariff(meter.PointAddress, record, Tag(range.From), Tag(range.To)), $"the closed tariff of {ContractName.Of(record)}", isClosed: true);
        }

        return ResultOf(meter, periods);

        async Task<ExchangeEnded?> AskAsync(Request request, string what, bool isClosed)
        {
            if (await inquiry.AskAsync(request, what) is not { } ended)
                return null;
            // A range excludes its begin, which some meters count in.
            var read = FactAnswers.Tariff(request, ended.Answers, meter.Zone, habit).Where(period => !isClosed || period.End is not { } end || range.Contains(end));
            periods.AddRange(StoredTariff.Of(new TariffRead(meter.Meter, 0, ended.EndedAt, request.Header.RecordAddress, isClosed, range.To, [.. read])));
            return ended;
        }

        TimeTagA Tag(Instant instant) => CivilTime.ToTagA(instant, meter.Zone, habit);
    }

    private static ReadResult ResultOf(OneOffMeter meter, List<StoredTariff> periods)
    {
        var zone = meter.Zone;
        var model = TariffModel.Of(meter.Meter, periods, zone);
        var shown = periods.Select(stored => (Stored: stored, Said: stored.Period.Information, Model: TariffPeriodModel.Of(stored, zone))).ToList();
        return new ReadResult(
            [
                new Rows(
                    ["contract", "period", "from", "to", "active kWh", "inductive kvarh", "capacitive kvarh", "maximum kW", "at", "excess"],
                    [.. shown.Select(one => (string[])
                    [
                        ContractName.Of(one.Stored.Record)[9..] + (one.Stored.IsClosed ? "" : ", current"), one.Model.Period == 0 ? "total" : $"{one.Model.Period}",
                        ValueRead.Local(one.Stored.Period.Start, zone), ValueRead.Local(one.Stored.Period.End, zone), $"{one.Said.Active.Increment}",
                        $"{one.Said.Inductive.Increment}", $"{one.Said.Capacitive.Increment}", $"{one.Said.MaximumDemand.Kilowatts}",
                        ValueRead.Local(one.Stored.Period.MaximumAt, zone), $"{one.Said.Excess.Value}",
                    ])]),
            ],
            model,
            FactRows.Of(model));
    }
}
