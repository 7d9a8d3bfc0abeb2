using Iec102.Acquisition.Tasks;
using Iec102.Contract;
using Iec102.Storage.Reading;

namespace Iec102.Server.Commands.Reads;

/// <summary>
/// read config, parameters, powers and holidays: how a meter is set up (protocol notes 4.3 and 4.8 to 4.10). Keys and modem strings are
/// never shown.
/// </summary>
/// <param name="inquiry">Asks the meter.</param>
/// <param name="query">The record.</param>
internal sealed class ConfigurationReading(Inquiry inquiry, ReadQuery query)
{
    private readonly FactTasks _tasks = new(inquiry.Meter.Configuration, []);

    private ConfigurationModel Model => ConfigurationModel.Of(
        inquiry.Meter.Id, null, [.. inquiry.Session.Facts.OfType<ConfigurationRead>().Select(StoredConfiguration.Of)], [],
        inquiry.Meter.Zone);

    /// <summary>The registrar (141), the further configuration (156), and the dates of the clock changes (185).</summary>
    public async Task<IReadOutput?> ReadConfigAsync()
    {
        await inquiry.AskAllAsync([_tasks.Registrar(), _tasks.Further(), _tasks.ClockChanges()]);
        var model = Model;
        return Flat(new { model.Meter, model.Registrar, model.Further, model.ClockChanges, model.Other });
    }

    /// <summary>The measurement point (182).</summary>
    public async Task<IReadOutput?> ReadParametersAsync()
    {
        await inquiry.AskAsync(_tasks.Parameters());
        var model = Model;
        return Flat(new { model.Meter, model.PointParameters });
    }

    /// <summary>The contracted powers (144).</summary>
    public async Task<IReadOutput?> ReadPowersAsync()
    {
        await inquiry.AskAllAsync([.. query.RecordsOr(FactTasks.Contracts).Select(_tasks.Powers)]);
        var (meter, model) = (inquiry.Meter.Id, Model);
        var powers = model.ContractedPowers.SelectMany(of => of.Powers.Select(power => (Of: of, power.Period, power.Power))).ToList();
        return new ReadResult(
            [Rows.Of(["contract", "period", "power kW"], powers, one => [InWords(one.Of.Contract), $"{one.Period}", $"{one.Power}"])],
            new { model.Meter, model.ContractedPowers },
            Rows.Of(["meter", "contract", "latent", "period", "power_kw", "meter_time", "read_at"], powers, one =>
            [
                meter, $"{one.Of.Contract.Number}", Text(one.Of.Contract.Latent), $"{one.Period}", $"{one.Power}",
                one.Of.MeterTime ?? "", one.Of.ReadAt,
            ]));
    }

    /// <summary>The holidays (147) and, where there are some, the seasons (150).</summary>
    public async Task<IReadOutput?> ReadHolidaysAsync()
    {
        var contracts = query.RecordsOr(FactTasks.Contracts);
        for (var i = 0; i < contracts.Count; i++)
        {
            inquiry.Progress.Report((double)i / contracts.Count);
            await inquiry.AskAsync(_tasks.Holidays(contracts[i]));
            await inquiry.TryAskAsync(_tasks.Seasons(contracts[i]));
        }

        var model = Model;
        var holidays = model.Holidays.SelectMany(of => of.Dates.Select(date => (Contract: InWords(of.Contract), Date: date)));
        var seasons = model.Seasons.SelectMany(of => of.Seasons.Select(season => (Contract: InWords(of.Contract), Said: season)));
        var dayTypes = model.Seasons.SelectMany(
            of => of.DayTypes.Select((hours, at) => (Contract: InWords(of.Contract), Number: at + 1, Hours: string.Join(' ', hours))));
        return new ReadResult(
            [
                Rows.Of(["contract", "holiday"], holidays, one => [one.Contract, DateInWords(one.Date)]),
                Rows.Of(["contract", "season from", "working days", "holidays"], seasons, one =>
                [
                    one.Contract, DateInWords(one.Said.Start), $"day type {one.Said.WorkingDayType}", $"day type {one.Said.HolidayType}",
                ]),
                Rows.Of(
                    ["contract", "day type", "tariff period of the hours 0 to 23"], dayTypes,
                    one => [one.Contract, $"{one.Number}", one.Hours]),
            ],
            new { model.Meter, model.Holidays, model.Seasons },
            new Rows(
                ["meter", "contract", "latent", "kind", "date", "working_day_type", "holiday_type", "day_type", "hours"],
                [.. CsvOf(model)]));
    }

    /// <summary>Single values, named by their path in the JSON.</summary>
    private ReadResult Flat(object json)
    {
        var values = FactRows.Fields(json);
        return new ReadResult(
            [new Rows(["field", "value"], [.. values.Select(one => (string[])[one.Name, ReadText.Printable(one.Value)])])],
            json,
            new Rows(["meter", "field", "value"], [.. values.Select(one => (string[])[inquiry.Meter.Id, one.Name, one.Value])]));
    }

    private IEnumerable<string[]> CsvOf(ConfigurationModel model)
    {
        var meter = inquiry.Meter.Id;
        foreach (var of in model.Holidays)
        {
            foreach (var date in of.Dates)
                yield return [meter, $"{of.Contract.Number}", Text(of.Contract.Latent), "holiday", date ?? "", "", "", "", ""];
        }

        foreach (var of in model.Seasons)
        {
            foreach (var season in of.Seasons)
            {
                yield return
                [
                    meter, $"{of.Contract.Number}", Text(of.Contract.Latent), "season", season.Start ?? "", $"{season.WorkingDayType}",
                    $"{season.HolidayType}", "", "",
                ];
            }

            for (var i = 0; i < of.DayTypes.Count; i++)
            {
                yield return
                [
                    meter, $"{of.Contract.Number}", Text(of.Contract.Latent), "day-type", "", "", "", $"{i + 1}",
                    string.Join(' ', of.DayTypes[i]),
                ];
            }
        }
    }

    private static string InWords(ContractModel contract) =>
        contract.Number is { } number ? $"{(contract.Latent ? "latent " : "")}{new string('I', number)}" : "-";

    private static string DateInWords(string? date) => date is null ? "-"
        : date.StartsWith("--", StringComparison.Ordinal) ? $"{date[2..]} of every year"
        : date;

    private static string Text(bool value) => value ? "true" : "false";
}
