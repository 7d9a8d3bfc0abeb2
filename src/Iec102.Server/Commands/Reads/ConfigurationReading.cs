using Iec102.Acquisition.Ports;
using Iec102.Acquisition.Tasks;
using Iec102.Protocol.Application;
using Iec102.Server.Contract;
using Iec102.Storage.Reading;

namespace Iec102.Server.Commands.Reads;

/// <summary>read config, parameters, powers and holidays: how a meter is set up (protocol notes 4.3 and 4.8 to 4.10). Keys and modem strings are never shown.</summary>
/// <param name="inquiry">What the meter is asked.</param>
/// <param name="query">The record.</param>
internal sealed class ConfigurationReading(Inquiry inquiry, ReadQuery query)
{
    private static readonly byte[] FurtherObjects =
        [.. Enumerable.Range(ObjectAddress.Battery, ObjectAddress.ClosingByButton - ObjectAddress.Battery + 1).Select(address => (byte)address)];

    private readonly List<StoredConfiguration> _answers = [];
    private readonly ushort _point = inquiry.Meter.PointAddress;

    private ConfigurationModel Model => ConfigurationModel.Of(inquiry.Meter.Meter, null, _answers, [], inquiry.Meter.Zone);

    /// <summary>Registrar (141), further configuration (156), dates of the clock changes (185).</summary>
    public async Task<IReadOutput?> ReadConfigAsync()
    {
        await AskAsync(Request.ReadConfiguration(_point), "its configuration");
        inquiry.Progress.Report(1 / 3.0);
        await AskFurtherAsync();
        inquiry.Progress.Report(2 / 3.0);
        await AskAsync(Request.ReadClockChangeDates(_point), "the dates of its clock changes");
        var model = Model;
        return Flat(new { model.Meter, model.Registrar, model.Further, model.ClockChanges, model.Other });
    }

    /// <summary>The measurement point (182).</summary>
    public async Task<IReadOutput?> ReadParametersAsync()
    {
        await AskAsync(Request.ReadPointParameters(_point), "the parameters of its measurement point");
        var model = Model;
        return Flat(new { model.Meter, model.PointParameters });
    }

    /// <summary>The contracted powers (144).</summary>
    public async Task<IReadOutput?> ReadPowersAsync()
    {
        await ForEachContractAsync(record => AskAsync(Request.ReadContractedPowers(_point, record), $"the contracted powers of {ContractName.Of(record)}"));
        var (meter, model) = (inquiry.Meter.Meter, Model);
        var powers = model.ContractedPowers.SelectMany(of => of.Powers.Select(power => (Of: of, power.Period, power.Power))).ToList();
        return new ReadResult(
            [new Rows(["contract", "period", "power kW"], [.. powers.Select(one => (string[])[InWords(one.Of.Contract), $"{one.Period}", $"{one.Power}"])])],
            new { model.Meter, model.ContractedPowers },
            new Rows(["meter", "contract", "latent", "period", "power_kw", "meter_time", "read_at"], [.. powers.Select(one => (string[])
                [meter, $"{one.Of.Contract.Number}", Text(one.Of.Contract.Latent), $"{one.Period}", $"{one.Power}", one.Of.MeterTime ?? "", one.Of.ReadAt])]));
    }

    /// <summary>The holidays (147) and, where there are some, the seasons (150).</summary>
    public async Task<IReadOutput?> ReadHolidaysAsync()
    {
        await ForEachContractAsync(async record =>
        {
            await AskAsync(Request.ReadHolidays(_point, record), $"the holidays of {ContractName.Of(record)}");
            if (await inquiry.TryAskAsync(Request.ReadContractObjects(_point, record, [ObjectAddress.Seasons]), "its seasons") is { } seasons)
                Take(seasons);
        });
        var model = Model;
        return new ReadResult(
            [
                new Rows(["contract", "holiday"],
                    [.. model.Holidays.SelectMany(of => of.Dates.Select(date => (string[])[InWords(of.Contract), DateInWords(date)]))]),
                new Rows(["contract", "season from", "working days", "holidays"], [.. model.Seasons.SelectMany(of => of.Seasons.Select(season => (string[])
                    [InWords(of.Contract), DateInWords(season.Start), $"day type {season.WorkingDayType}", $"day type {season.HolidayType}"]))]),
                new Rows(["contract", "day type", "tariff period of the hours 0 to 23"], [.. model.Seasons.SelectMany(of => of.DayTypes.Select((hours, at) => (string[])
                    [InWords(of.Contract), $"{at + 1}", string.Join(' ', hours)]))]),
            ],
            new { model.Meter, model.Holidays, model.Seasons },
            new Rows(["meter", "contract", "latent", "kind", "date", "working_day_type", "holiday_type", "day_type", "hours"], [.. CsvOf(model)]));
    }

    private async Task AskFurtherAsync()
    {
        const string What = "its further configuration";
        if (await inquiry.TryAskAsync(Request.ReadFurtherConfiguration(_point, FurtherObjects), What) is not { } all)
            return;
        Take(all);
        if (all.End != ExchangeEnd.Refused)
            return;
        if (all.Cause is CauseOfTransmission.TypeNotAvailable or CauseOfTransmission.AddressNotKnown)
        {
            inquiry.Refused(all, What);
            return;
        }

        // A meter that lacks one of the objects may refuse them all.
        foreach (var one in FurtherObjects)
            await AskAsync(Request.ReadFurtherConfiguration(_point, [one]), $"object {one} of its further configuration");
    }

    private async Task ForEachContractAsync(Func<byte, Task> ask)
    {
        var records = query.RecordsOr(TariffReading.Contracts);
        for (var i = 0; i < records.Count; i++)
        {
            inquiry.Progress.Report((double)i / records.Count);
            await ask(records[i]);
        }
    }

    private async Task AskAsync(Request request, string what)
    {
        if (await inquiry.AskAsync(request, what) is { } ended)
            Take(ended);
    }

    private void Take(ExchangeEnded ended)
    {
        foreach (var answer in ended.Answers)
        {
            SecretOctets.Clear(answer);
            _answers.Add(StoredConfiguration.Of(new ConfigurationRead(inquiry.Meter.Meter, 0, ended.EndedAt, answer)));
        }
    }

    /// <summary>Single values by the path that they have in JSON.</summary>
    private ReadResult Flat(object json)
    {
        var values = FactRows.Fields(json);
        return new ReadResult(
            [new Rows(["field", "value"], [.. values.Select(one => (string[])[one.Name, ReadText.Printable(one.Value)])])],
            json,
            new Rows(["meter", "field", "value"], [.. values.Select(one => (string[])[inquiry.Meter.Meter, one.Name, one.Value])]));
    }

    private IEnumerable<string[]> CsvOf(ConfigurationModel model)
    {
        var meter = inquiry.Meter.Meter;
        foreach (var of in model.Holidays)
        {
            foreach (var date in of.Dates)
                yield return [meter, $"{of.Contract.Number}", Text(of.Contract.Latent), "holiday", date ?? "", "", "", "", ""];
        }

        foreach (var of in model.Seasons)
        {
            foreach (var season in of.Seasons)
                yield return [meter, $"{of.Contract.Number}", Text(of.Contract.Latent), "season", season.Start ?? "", $"{season.WorkingDayType}", $"{season.HolidayType}", "", ""];
            for (var i = 0; i < of.DayTypes.Count; i++)
                yield return [meter, $"{of.Contract.Number}", Text(of.Contract.Latent), "day-type", "", "", "", $"{i + 1}", string.Join(' ', of.DayTypes[i])];
        }
    }

    private static string InWords(ContractModel contract) =>
        contract.Number is { } number ? $"{(contract.Latent ? "latent " : "")}{new string('I', number)}" : "-";

    private static string DateInWords(string? date) => date is null ? "-" : date.StartsWith("--", StringComparison.Ordinal) ? $"{date[2..]} of every year" : date;

    private static string Text(bool value) => value ? "true" : "false";
}
