using System.Globalization;
using Iec102.Protocol.Application;
using Iec102.Protocol.Time;

namespace Iec102.Protocol.Description;

/// <summary>Explains tariff information and the data of contracts (protocol notes 4.7 and 4.10).</summary>
internal static class ContractDescription
{
    /// <summary>Divides the data into fields; does nothing and returns false when it is of another type or malformed.</summary>
    public static bool TryExplain(in Asdu asdu, ref FieldList fields)
    {
        if (TariffInformation.TryReadAll(asdu, out var tariffs))
        {
            foreach (var tariff in tariffs)
                Explain(tariff, ref fields);
        }
        else if (ContractedPower.TryReadAll(asdu, out var powers, out var time))
        {
            foreach (var power in powers)
                fields.Add(
                    ContractedPower.Length, $"object {power.ObjectAddress}", $"{Words.OfTariff(power.ObjectAddress)}: {power.Power} kW");
            fields.Add(TimeTagA.Length, "time", Words.Of(time));
        }
        else if (Holidays.TryRead(asdu, out var dates))
        {
            foreach (var date in dates)
                fields.Add(TimeTagA.Length, "holiday", Words.OfDate(date));
        }
        else if (ContractObjects.TryRead(asdu, out _))
        {
            for (var remaining = asdu.Header.Count; !fields.Rest.IsEmpty; remaining--)
                ExplainObject(remaining, ref fields);
        }
        else
        {
            return false;
        }

        return true;
    }

    /// <summary>Summarizes the data; null when it is of another type or malformed.</summary>
    public static string? Summarize(in Asdu asdu)
    {
        if (TariffInformation.TryReadAll(asdu, out var tariffs))
        {
            return tariffs.Length == 0
                ? "no objects"
                : $"{string.Join(", ", tariffs.Select(tariff => $"object {tariff.ObjectAddress}"))}, {tariffs[0].From} .. {tariffs[^1].To}";
        }

        if (ContractedPower.TryReadAll(asdu, out var powers, out var time))
            return $"powers {string.Join("/", powers.Select(power => power.Power))} kW, {time}";
        if (Holidays.TryRead(asdu, out var dates))
            return $"{dates.Length} date{(dates.Length == 1 ? "" : "s")}";
        if (!ContractObjects.TryRead(asdu, out var objects))
            return null;
        List<string> words = [];
        if (objects.Seasons is { } table)
            words.Add($"{table.Seasons.Count} seasons and {table.DayTypes.Count} day types");
        if (objects.CurrentPeriods is { } periods)
            words.Add($"current periods {periods.Contract1}/{periods.Contract2}/{periods.Contract3} at {periods.Time}");
        if (objects.Raw is { } raw)
            words.Add(Words.Of(raw));
        return words.Count == 0 ? "no objects" : string.Join(", ", words);
    }

    private static void Explain(in TariffInformation tariff, ref FieldList fields)
    {
        fields.Add(1, "object", $"{tariff.ObjectAddress}, {Words.OfTariff(tariff.ObjectAddress)}");
        fields.Add(TariffEnergy.Length, "active energy", InWords(tariff.Active, "kWh"));
        fields.Add(TariffEnergy.Length, "inductive energy", InWords(tariff.Inductive, "kvarh"));
        fields.Add(TariffEnergy.Length, "capacitive energy", InWords(tariff.Capacitive, "kvarh"));
        fields.Add(TariffValue.Length, "reserve 7", InWords(tariff.Reserve7, ""));
        fields.Add(TariffValue.Length, "reserve 8", InWords(tariff.Reserve8, ""));
        var maximum = tariff.MaximumDemand;
        fields.Add(
            TariffMaximum.Length, "maximum demand", $"{maximum.Kilowatts} kW, {Words.Of(maximum.Quality)}, at {Words.Of(maximum.Time)}");
        fields.Add(TariffValue.Length, "excess", InWords(tariff.Excess, " kW"));
        fields.Add(TimeTagA.Length, "from", Words.Of(tariff.From));
        fields.Add(TimeTagA.Length, "to", Words.Of(tariff.To));
    }

    /// <summary>Explains one object of type 151 that is known to be complete.</summary>
    private static void ExplainObject(int remaining, ref FieldList fields)
    {
        var address = fields.Rest[0];
        switch (address)
        {
            case ObjectAddress.Seasons:
                fields.Add(1, "object", $"{address}, {Words.OfContractObject(address)}");
                ExplainSeasons(ref fields);
                break;
            case ObjectAddress.CurrentPeriods:
                fields.Add(1, "object", $"{address}, {Words.OfContractObject(address)}");
                foreach (var contract in (ReadOnlySpan<string>)["contract I", "contract II", "contract III"])
                    fields.Add(1, contract, $"period {fields.Rest[0]}");
                fields.Add(TimeTagA.Length, "time", Words.Of(TimeTagA.Read(fields.Rest)));
                break;
            default:
                fields.AddRest("objects", $"{Counted(remaining)} from {address} on, {Words.OfContractObject(address)}, not decoded");
                break;
        }
    }

    private static void ExplainSeasons(ref FieldList fields)
    {
        fields.Add(1, "sense", fields.Rest[0] == 1 ? "1 import" : $"{fields.Rest[0]} export");
        fields.Add(1, "type of seasons", fields.Rest[0] == 2 ? "2 annual" : $"{fields.Rest[0]} by winter and summer");
        var seasons = fields.Rest[0];
        fields.Add(1, "number of seasons", seasons.ToString(CultureInfo.InvariantCulture));
        for (var i = 1; i <= seasons; i++)
        {
            var season = SeasonTable.ReadSeason(fields.Rest);
            fields.Add(Season.Length, $"season {i}",
                $"from {Words.OfDate(season.Start)}, working days of type {season.WorkingDayType}, holidays of type {season.HolidayType}");
        }

        var dayTypes = fields.Rest[0];
        fields.Add(1, "number of day types", dayTypes.ToString(CultureInfo.InvariantCulture));
        for (var i = 1; i <= dayTypes; i++)
        {
            var periods = string.Join(' ', SeasonTable.ReadDayType(fields.Rest));
            fields.Add(SeasonTable.DayTypeLength, $"day type {i}", $"periods by hour {periods}");
        }
        fields.Add(TimeTagA.Length, "time", Words.Of(TimeTagA.Read(fields.Rest)));
    }

    private static string InWords(TariffEnergy energy, string unit) =>
        $"{energy.Absolute} {unit}, in the period {energy.Increment} {unit}, {Words.Of(energy.Quality)}";

    private static string InWords(TariffValue value, string unit) => $"{value.Value}{unit}, {Words.Of(value.Quality)}";

    private static string Counted(int count) => $"{count} object{(count == 1 ? "" : "s")}";
}
