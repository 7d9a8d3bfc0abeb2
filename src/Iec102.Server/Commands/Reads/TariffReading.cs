using Iec102.Acquisition;
using Iec102.Acquisition.Tasks;
using Iec102.Contract;
using Iec102.Protocol.Application;
using Iec102.Server.OneOff;
using Iec102.Storage.Reading;
using NodaTime;

namespace Iec102.Server.Commands.Reads;

/// <summary>
/// read tariff: the current billing period of each contract (133) and the closed ones in a range (134) (protocol notes 4.7).
/// </summary>
internal static class TariffReading
{
    /// <summary>How far back closed periods are read when no range is given: those that ended in the last three months.</summary>
    public static Instant UsualBegin(ZonedDateTime now) => now.Zone.AtStartOfDay(now.Date.PlusMonths(-3)).ToInstant();

    /// <summary>Reads the current period and the closed ones of each contract.</summary>
    public static async Task<IReadOutput?> ReadAsync(Inquiry inquiry, ReadQuery query, TimeRange range)
    {
        var tasks = new FactTasks(inquiry.Meter.Configuration, [], range);
        var contracts = query.RecordsOr(FactTasks.Contracts);
        for (var i = 0; i < contracts.Count; i++)
        {
            inquiry.Progress.Report((double)i / contracts.Count);
            var current = tasks.CurrentTariff(contracts[i]);
            await inquiry.AskAsync(current);
            // A contract that does not exist has no closed periods either.
            if (current.Refusal is not { Cause: CauseOfTransmission.RecordNotKnown or CauseOfTransmission.RecordNotAvailable })
                await inquiry.AskAsync(tasks.ClosedTariff(contracts[i]));
        }

        return ResultOf(inquiry.Meter, [.. inquiry.Session.Facts.OfType<TariffRead>().SelectMany(StoredTariff.Of).Where(IsWanted)]);

        // A range excludes its start, which some meters include.
        bool IsWanted(StoredTariff period) => !period.IsClosed || period.Period.End is not { } end || range.Contains(end);
    }

    private static ReadResult ResultOf(OneOffMeter meter, List<StoredTariff> periods)
    {
        var zone = meter.Zone;
        var model = TariffModel.Of(meter.Id, periods, zone);
        return new ReadResult(
            [
                Rows.Of(
                    ["contract", "period", "from", "to", "active kWh", "inductive kvarh", "capacitive kvarh", "maximum kW", "at", "excess"],
                    periods, CellsOf),
            ],
            model,
            Rows.Of(FactRows.Of(model)));

        string[] CellsOf(StoredTariff stored)
        {
            var (period, said) = (stored.Period, stored.Period.Information);
            var contract = ContractName.Of(stored.Record).Replace("contract ", "", StringComparison.Ordinal);
            var number = TariffPeriodModel.Of(stored, zone).Period;
            return
            [
                contract + (stored.IsClosed ? "" : ", current"), number == 0 ? "total" : $"{number}",
                ValueRead.Local(period.Start, zone), ValueRead.Local(period.End, zone), $"{said.Active.Increment}",
                $"{said.Inductive.Increment}", $"{said.Capacitive.Increment}", $"{said.MaximumDemand.Kilowatts}",
                ValueRead.Local(period.MaximumAt, zone), $"{said.Excess.Value}",
            ];
        }
    }
}
