using System.Globalization;
using Iec102.Protocol.Application;
using Iec102.Protocol.Time;
using NodaTime;

namespace Iec102.Contract;

/// <summary>How a meter identifies itself, type 71.</summary>
public sealed record IdentityModel(int Manufacturer, uint SerialNumber, string Standard, string? ReadAt)
{
    public static IdentityModel Of(DeviceIdentification said, Instant? readAt, DateTimeZone zone) => new(
        said.Manufacturer, said.SerialNumber, LabelText.Month(said.StandardYear, said.StandardMonth),
        readAt is { } read ? TimeText.Format(read, zone) : null);
}

/// <summary>A port's line format; both are null when the port has none.</summary>
public sealed record PortFormatModel(int? Baud, string? Line)
{
    public static PortFormatModel Of(PortFormat said) => new(said.Baud, said.Line);
}

/// <summary>Ratios of the measuring transformers, V and A.</summary>
public sealed record RatiosModel(double PrimaryVoltage, double SecondaryVoltage, double PrimaryCurrent, double SecondaryCurrent)
{
    public static RatiosModel Of(TransformerRatios said) => new(
        said.PrimaryVoltageTenths / 10.0, said.SecondaryVoltageTenths / 10.0, said.PrimaryCurrentTenths / 10.0,
        said.SecondaryCurrentTenths / 10.0);
}

/// <summary>
/// Configuration of the registrar, type 142; contracts are none, inactive or active. The modem's string is never shown: it may hold a PIN.
/// </summary>
public sealed record RegistrarModel(
    int Manufacturer, string Model, int Firmware, uint SerialNumber, string Standard, string? ProtocolDate, int BatteryPercent,
    PortFormatModel Port1, PortFormatModel Port2, PortFormatModel OpticalPort, RatiosModel Ratios,
    IReadOnlyList<int> IntegrationPeriodsMinutes,
    IReadOnlyList<string> Contracts, string ReadAt)
{
    public static RegistrarModel Of(RegistrarConfiguration said, string readAt) => new(
        said.Manufacturer, said.Model, said.Firmware, said.SerialNumber, LabelText.Month(said.StandardYear, said.StandardMonth),
        LabelText.Date(said.ProtocolDate), said.BatteryPercent, PortFormatModel.Of(said.Port1), PortFormatModel.Of(said.Port2),
        PortFormatModel.Of(said.OpticalPort), RatiosModel.Of(said.Ratios), [said.Period1Minutes, said.Period2Minutes, said.Period3Minutes],
        [Names.Of(said.Contract1), Names.Of(said.Contract2), Names.Of(said.Contract3)], readAt);
}

/// <summary>Further configuration, type 157; a value that the meter did not give is null.</summary>
public sealed record FurtherModel(
    int? BatteryPercent, bool? AutomaticClockChange, int? MinutesBetweenClosings, bool? CriticalAlarm, bool? NonCriticalAlarm,
    IReadOnlyList<bool?>? VoltageFaults, IReadOnlyList<int>? CurvePeriodsMinutes, RatiosModel? Ratios, string? ClockReference,
    string? Program,
    bool? ClosingByButton, string ReadAt)
{
    public static FurtherModel Of(FurtherConfiguration said, string readAt) => new(
        said.BatteryPercent, IsOn(said.AutomaticClockChange), said.MinutesBetweenClosings, IsOn(said.Alarms?.Critical),
        IsOn(said.Alarms?.NonCritical),
        said.VoltageFaults is { } faults ? [IsOn(faults.Phase1), IsOn(faults.Phase2), IsOn(faults.Phase3)] : null,
        said.CurvePeriods is { } periods ? [periods.Period1Minutes, periods.Period2Minutes] : null,
        said.Ratios is { } ratios ? RatiosModel.Of(ratios) : null, said.ClockReference is { } reference ? Names.Of(reference) : null,
        said.Program,
        IsOn(said.ClosingByButton), readAt);

    /// <summary>Combines two answers: meters may be asked for the objects in parts.</summary>
    public FurtherModel And(FurtherModel other) => new(
        BatteryPercent ?? other.BatteryPercent, AutomaticClockChange ?? other.AutomaticClockChange,
        MinutesBetweenClosings ?? other.MinutesBetweenClosings,
        CriticalAlarm ?? other.CriticalAlarm, NonCriticalAlarm ?? other.NonCriticalAlarm, VoltageFaults ?? other.VoltageFaults,
        CurvePeriodsMinutes ?? other.CurvePeriodsMinutes, Ratios ?? other.Ratios, ClockReference ?? other.ClockReference,
        Program ?? other.Program,
        ClosingByButton ?? other.ClosingByButton, string.CompareOrdinal(ReadAt, other.ReadAt) > 0 ? ReadAt : other.ReadAt);

    private static bool? IsOn(OnOff? said) => said switch
    {
        OnOff.On => true,
        OnOff.Off => false,
        _ => null,
    };
}

/// <summary>Parameters of the measurement point, type 129; the access key in it is never shown.</summary>
public sealed record PointParametersModel(
    int LinkAddress, int PointCount, int PointAddress, int IntegrationPeriodMinutes, int Depth, string ReadAt)
{
    public static PointParametersModel Of(PointParameters said, string readAt) =>
        new(said.LinkAddress, said.PointCount, said.PointAddress, said.IntegrationPeriodMinutes, said.Depth, readAt);
}

/// <summary>When the meter's clock changes, type 131; labels as on the wire.</summary>
public sealed record ClockChangesModel(string? ToSummer, string? ToWinter, string ReadAt)
{
    public static ClockChangesModel Of(ClockChangeDates said, string readAt) =>
        new(LabelText.Of(said.ToSummer), LabelText.Of(said.ToWinter), readAt);
}

/// <summary>A contract, 1 to 3, active or latent (not yet in force); the number is null for a record that belongs to no contract.</summary>
public sealed record ContractModel(int? Number, bool Latent)
{
    public static ContractModel Of(byte record) => record switch
    {
        >= 134 and <= 136 => new ContractModel(record - 133, false),
        >= 137 and <= 139 => new ContractModel(record - 136, true),
        _ => new ContractModel(null, false),
    };
}

/// <summary>The contracted power of a tariff period, probably kW.</summary>
public sealed record ContractedPowerModel(int Period, uint Power);

/// <summary>Contracted powers, type 145.</summary>
public sealed record ContractedPowersModel(
    ContractModel Contract, IReadOnlyList<ContractedPowerModel> Powers, string? MeterTime, string ReadAt)
{
    public static ContractedPowersModel Of(byte record, IEnumerable<ContractedPower> said, TimeTagA time, string readAt) => new(
        ContractModel.Of(record),
        said.Select(power => new ContractedPowerModel(power.ObjectAddress - ObjectAddress.TariffTotal, power.Power)).ToList(),
        LabelText.Of(time), readAt);
}

/// <summary>Holidays, type 148: dates, or --12-25 for every year.</summary>
public sealed record HolidaysModel(ContractModel Contract, IReadOnlyList<string?> Dates, string ReadAt)
{
    public static HolidaysModel Of(byte record, IEnumerable<TimeTagA> said, string readAt) =>
        new(ContractModel.Of(record), said.Select(LabelText.Date).ToList(), readAt);
}

/// <summary>A season.</summary>
public sealed record SeasonModel(string? Start, int WorkingDayType, int HolidayType);

/// <summary>The seasons of a contract, type 151; a day type gives the tariff period of each of the 24 hours.</summary>
public sealed record SeasonsModel(
    ContractModel Contract, string Sense, string Kind, IReadOnlyList<SeasonModel> Seasons, IReadOnlyList<IReadOnlyList<int>> DayTypes,
    string? MeterTime, string ReadAt)
{
    public static SeasonsModel Of(byte record, SeasonTable said, string readAt) => new(
        ContractModel.Of(record), said.Sense == 1 ? "import" : "export", said.Type == 2 ? "annual" : "winter-and-summer",
        said.Seasons.Select(season => new SeasonModel(LabelText.Date(season.Start), season.WorkingDayType, season.HolidayType)).ToList(),
        said.DayTypes.Select(IReadOnlyList<int> (type) => type.Select(period => (int)period).ToList()).ToList(), LabelText.Of(said.Time),
        readAt);
}

/// <summary>The tariff periods in force in contracts I, II and III, type 151.</summary>
public sealed record CurrentPeriodsModel(IReadOnlyList<int> Contracts, string? MeterTime, string ReadAt)
{
    public static CurrentPeriodsModel Of(CurrentPeriods said, string readAt) =>
        new([said.Contract1, said.Contract2, said.Contract3], LabelText.Of(said.Time), readAt);
}

/// <summary>Data without a known layout: the octets after the header, with secrets zeroed.</summary>
public sealed record OtherModel(int Type, int Record, string Octets, string ReadAt);

/// <summary>Labels of static tables as text.</summary>
public static class LabelText
{
    private const int EveryYear = 2099;

    /// <summary>The date, or --12-25 for a date in every year; null for never.</summary>
    public static string? Date(TimeTagA tag) => tag.IsEmpty ? null
        : tag.Year == EveryYear ? $"--{tag.Month:00}-{tag.Day:00}"
        : $"{tag.Year:0000}-{tag.Month:00}-{tag.Day:00}";

    /// <summary>A civil time as on the wire; null for never.</summary>
    public static string? Of(TimeTagA tag) => tag.IsEmpty ? null : $"{Date(tag)}T{tag.Hour:00}:{tag.Minute:00}";

    /// <summary>Such as 2005-11.</summary>
    public static string Month(int year, int month) => string.Create(CultureInfo.InvariantCulture, $"{year:0000}-{month:00}");
}
