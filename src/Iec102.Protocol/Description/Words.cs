using Iec102.Protocol.Application;
using Iec102.Protocol.Link;
using Iec102.Protocol.Time;
using Types = Iec102.Protocol.Application.TypeIdentification;

namespace Iec102.Protocol.Description;

/// <summary>The standard's numbers in words (protocol notes 1.3, 2 to 4).</summary>
internal static class Words
{
    public static string Of(TypeIdentification type) => type switch
    {
        Types.Events => "events",
        Types.IntegratedTotals => "totals",
        Types.IncrementalTotals => "increments",
        Types.EndOfInitialisation => "end of initialisation",
        Types.DeviceIdentification => "device identification",
        Types.CurrentTime => "current time",
        Types.ReadDeviceIdentification => "read device identification",
        Types.ReadEvents => "read events",
        Types.ReadEventsInRange => "read events in range",
        Types.ReadCurrentTime => "read current time",
        Types.ReadIntegratedTotals => "read totals",
        Types.ReadIncrementalTotals => "read increments",
        Types.SignatureOfTotals => "signature of totals",
        Types.PointParameters => "measurement point parameters",
        Types.SignatureOfIncrements => "signature of increments",
        Types.ClockChangeDates => "clock change dates",
        Types.LoadPrivateKey => "load private key",
        Types.ReadCurrentTariff => "read current tariff",
        Types.ReadStoredTariff => "read stored tariff",
        Types.CurrentTariff => "current tariff",
        Types.StoredTariff => "stored tariff",
        Types.CloseBillingPeriod => "close billing period",
        Types.IntegratedTotalBlocks => "total blocks",
        Types.IncrementalTotalBlocks => "increment blocks",
        Types.ReadConfiguration => "read configuration",
        Types.Configuration => "configuration",
        Types.ChangePortSettings => "change port settings",
        Types.ReadContractedPowers => "read contracted powers",
        Types.ContractedPowers => "contracted powers",
        Types.ChangeContractedPowers => "change contracted powers",
        Types.ReadHolidays => "read holidays",
        Types.Holidays => "holidays",
        Types.ChangeHolidays => "change holidays",
        Types.ReadContractObjects => "read contract objects",
        Types.ContractObjects => "contract objects",
        Types.ReadFurtherConfiguration => "read further configuration",
        Types.FurtherConfiguration => "further configuration",
        Types.ReadInstantaneousValues => "read instantaneous values",
        Types.InstantaneousValues => "instantaneous values",
        Types.ReadSignatureOfTotals => "read signature of totals",
        Types.SetClock => "set clock",
        Types.ReadPointParameters => "read measurement point parameters",
        Types.Login => "login",
        Types.ReadSignatureOfIncrements => "read signature of increments",
        Types.ReadClockChangeDates => "read clock change dates",
        Types.ChangeClockChangeDates => "change clock change dates",
        Types.EndSession => "end session",
        Types.ReadIntegratedTotalBlocks => "read total blocks",
        Types.ReadIncrementalTotalBlocks => "read increment blocks",
        >= (Types)200 => "manufacturer's type",
        _ => "unknown type",
    };

    public static string Of(CauseOfTransmission cause) => cause switch
    {
        CauseOfTransmission.Spontaneous => "spontaneous",
        CauseOfTransmission.Initialised => "initialised",
        CauseOfTransmission.Request => "request",
        CauseOfTransmission.Activation => "activation",
        CauseOfTransmission.ActivationConfirmation => "activation confirmation",
        CauseOfTransmission.Deactivation => "deactivation",
        CauseOfTransmission.DeactivationConfirmation => "deactivation confirmation",
        CauseOfTransmission.ActivationTermination => "activation termination",
        CauseOfTransmission.RecordNotAvailable => "data record not available",
        CauseOfTransmission.TypeNotAvailable => "type not available",
        CauseOfTransmission.RecordNotKnown => "record number not known",
        CauseOfTransmission.AddressNotKnown => "address not known",
        CauseOfTransmission.ObjectNotAvailable => "object not available",
        CauseOfTransmission.PeriodNotAvailable => "integration period not available",
        >= (CauseOfTransmission)53 => "manufacturer's cause",
        _ => "reserved",
    };

    public static string Of(ControlField control) => control.IsPrimary
        ? control.Primary switch
        {
            PrimaryFunction.ResetRemoteLink => "reset remote link",
            PrimaryFunction.UserData => "user data",
            PrimaryFunction.RequestLinkStatus => "request link status",
            PrimaryFunction.RequestClass1 => "request class 1 data",
            PrimaryFunction.RequestClass2 => "request class 2 data",
            _ => "not used by the profile",
        }
        : control.Secondary switch
        {
            SecondaryFunction.Acknowledge => "ACK",
            SecondaryFunction.NotAccepted => "NACK, message not accepted",
            SecondaryFunction.UserData => "user data",
            SecondaryFunction.NoData => "requested data not available",
            SecondaryFunction.LinkStatus => "link status",
            SecondaryFunction.NotWorking => "link service not working",
            SecondaryFunction.NotUsed => "link service not used",
            _ => "not used by the profile",
        };

    public static string OfRecord(byte record) => record switch
    {
        RecordAddress.Default => "no record",
        >= 11 and <= 13 => $"load curve {record - 10}",
        >= 21 and <= 23 => $"daily totals {record - 20}",
        52 => "events: start-up and voltage",
        53 => "events: clock",
        54 => "events: parameters",
        55 => "events: internal errors",
        128 => "events: intrusion",
        129 => "events: communications",
        130 => "events: private key",
        >= 131 and <= 133 => $"events: contract {record - 130}",
        >= 134 and <= 136 => $"tariff of contract {record - 133}",
        >= 137 and <= 139 => $"tariff of latent contract {record - 136}",
        >= 200 => "manufacturer's record",
        _ => "reserved",
    };

    /// <summary>Name and unit of a total.</summary>
    public static (string Name, string Unit) OfTotal(int objectAddress) => objectAddress switch
    {
        1 => ("A+, active import", " kWh"),
        2 => ("A-, active export", " kWh"),
        >= 3 and <= 6 => ($"reactive quadrant {objectAddress - 2}", " kvarh"),
        7 or 8 => ($"reserve {objectAddress}", ""),
        _ => ($"object {objectAddress}", ""),
    };

    public static string OfObject(byte objectAddress) => objectAddress switch
    {
        ObjectAddress.BlockOf8 => "block of totals 1 to 8",
        ObjectAddress.BlockOf6 => "block of totals 1 to 6",
        ObjectAddress.BlockOf3 => "block of totals 1, 3 and 6",
        ObjectAddress.Totals => "instantaneous totals",
        ObjectAddress.Powers => "powers",
        ObjectAddress.CurrentsAndVoltages => "currents and voltages",
        _ => "unknown object",
    };

    /// <summary>The name of an object of a contract's tariffs, 20 to 29.</summary>
    public static string OfTariff(byte objectAddress) => objectAddress switch
    {
        ObjectAddress.TariffTotal => "total of all periods",
        >= 21 and <= 29 => $"period {objectAddress - ObjectAddress.TariffTotal}",
        _ => "unknown object",
    };

    /// <summary>The name of an object of types 150 and 151.</summary>
    public static string OfContractObject(byte objectAddress) => objectAddress switch
    {
        192 => "special days",
        ObjectAddress.Seasons => "seasons",
        194 => "billing reset",
        195 => "monthly bill",
        196 => "activation date of the latent contract",
        ObjectAddress.CurrentPeriods => "current periods",
        _ => "unknown object",
    };

    /// <summary>The name of an object of types 156 and 157; null for an unknown one.</summary>
    public static string? OfConfigurationObject(byte objectAddress) => objectAddress switch
    {
        ObjectAddress.Battery => "battery",
        ObjectAddress.AutomaticClockChange => "automatic clock change",
        ObjectAddress.MinutesBetweenClosings => "least time between closings",
        ObjectAddress.Alarms => "alarms on",
        ObjectAddress.VoltageFaults => "voltage faults",
        ObjectAddress.CurvePeriods => "periods of the load curves",
        ObjectAddress.Ratios => "transformer ratios",
        ObjectAddress.ClockReference => "clock reference",
        ObjectAddress.Program => "program identification",
        ObjectAddress.ClosingByButton => "closing by push button",
        _ => null,
    };

    public static string Of(RawObjects raw) => $"{raw.Count} object{(raw.Count == 1 ? "" : "s")} from {raw.FirstAddress} on not decoded";

    public static string Of(Quality quality)
    {
        if (quality == Quality.None)
            return "good";
        List<string> words = [];
        Say(Quality.Invalid, "invalid (IV)");
        Say(Quality.RadicalTimeChange, "radical change of date or time (CA)");
        Say(Quality.Overflow, "counter overflowed (CY)");
        Say(Quality.SlightTimeChange, "slight change of date or time (VH)");
        Say(Quality.ParametersChanged, "parameters changed (MP)");
        Say(Quality.Intrusion, "intrusion (INT)");
        Say(Quality.SupplyLost, "period incomplete through loss of supply (AL)");
        Say((Quality)1, "reserved bit 0");
        return string.Join(", ", words);

        void Say(Quality bit, string word)
        {
            if ((quality & bit) != 0)
                words.Add(word);
        }
    }

    public static string Of(TimeTagA tag) =>
        tag.IsEmpty ? "never" : $"{Date(tag)} {tag.Hour:00}:{tag.Minute:00}{Rest(tag, tag.TryGetLocal(out _))}";

    public static string Of(TimeTagB tag) => tag.Minutes.IsEmpty
        ? "never"
        : $"{Date(tag.Minutes)} {tag.Minutes.Hour:00}:{tag.Minutes.Minute:00}:{tag.Second:00}.{tag.Millisecond:000}"
            + Rest(tag.Minutes, tag.TryGetLocal(out _));

    /// <summary>A tag of which only the date matters; year 2099 stands for every year.</summary>
    public static string OfDate(TimeTagA tag) =>
        tag.IsEmpty ? "never" : tag.Year == 2099 ? $"{tag.Day:00}.{tag.Month:00}. of every year" : Date(tag);

    private static string Date(TimeTagA tag) => $"{tag.Year:0000}-{tag.Month:00}-{tag.Day:00}";

    private static string Rest(TimeTagA tag, bool exists)
    {
        var day = tag.DayOfWeek == 0 ? "" : $", {(DayOfWeek)(tag.DayOfWeek % 7)}";
        return $", {(tag.SummerTime ? "summer" : "winter")} time{day}"
            + $"{(tag.IsInvalid ? ", marked invalid" : "")}{(exists ? "" : ", no such date or time")}";
    }
}
