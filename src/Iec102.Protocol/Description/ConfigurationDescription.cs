using System.Globalization;
using Iec102.Protocol.Application;
using Iec102.Protocol.Time;

namespace Iec102.Protocol.Description;

/// <summary>
/// Explains the parameters of points and registrars (protocol notes 4.3, 4.8 and 4.9). The access key in type 129 and the modem string in
/// type 142 are separate fields, marked as secrets, and no explanation repeats them.
/// </summary>
internal static class ConfigurationDescription
{
    /// <summary>Divides the data into fields; does nothing and returns false when it is of another type or malformed.</summary>
    public static bool TryExplain(in Asdu asdu, ref FieldList fields)
    {
        if (PointParameters.TryRead(asdu, out var parameters))
        {
            Explain(parameters, ref fields);
        }
        else if (ClockChangeDates.TryRead(asdu, out var dates))
        {
            fields.Add(TimeTagA.Length, "summer time from", Words.Of(dates.ToSummer));
            fields.Add(TimeTagA.Length, "winter time from", Words.Of(dates.ToWinter));
        }
        else if (RegistrarConfiguration.TryRead(asdu, out var registrar))
        {
            Explain(registrar, ref fields);
        }
        else if (FurtherConfiguration.TryRead(asdu, out _))
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
        if (PointParameters.TryRead(asdu, out var parameters))
            return $"link {parameters.LinkAddress}, point {parameters.PointAddress}, "
                + $"period {parameters.IntegrationPeriodMinutes} min, key {parameters.Key}";
        if (ClockChangeDates.TryRead(asdu, out var dates))
            return $"summer from {dates.ToSummer}, winter from {dates.ToWinter}";
        if (RegistrarConfiguration.TryRead(asdu, out var registrar))
        {
            return $"manufacturer {registrar.Manufacturer}, model {TextOctets.Printable(registrar.Model)}, "
                + $"serial number {registrar.SerialNumber}, "
                + $"periods {registrar.Period1Minutes}/{registrar.Period2Minutes}/{registrar.Period3Minutes} min, modem {registrar.Modem}";
        }

        if (!FurtherConfiguration.TryRead(asdu, out var further))
            return null;
        List<string> words = [];
        for (var data = asdu.Data; !data.IsEmpty;)
        {
            var length = FurtherConfiguration.ObjectLength(data);
            words.Add(Words.OfConfigurationObject(data[0]) is { } name
                ? $"{name} {ValueInWords(data[0], data[1..length])}"
                : Words.Of(further.Raw!));
            data = data[length..];
        }

        return words.Count == 0 ? "no objects" : string.Join(", ", words);
    }

    private static void Explain(PointParameters parameters, ref FieldList fields)
    {
        fields.Add(2, "link address", parameters.LinkAddress.ToString(CultureInfo.InvariantCulture));
        fields.Add(1, "number of points", parameters.PointCount.ToString(CultureInfo.InvariantCulture));
        fields.Add(2, "point address", parameters.PointAddress.ToString(CultureInfo.InvariantCulture));
        fields.Add(4, "secret", "access key", secret: true);
        fields.Add(1, "integration period", $"{parameters.IntegrationPeriodMinutes} min");
        fields.Add(2, "depth of the records", parameters.Depth.ToString(CultureInfo.InvariantCulture));
        fields.AddRest("reserved", "");
    }

    private static void Explain(RegistrarConfiguration registrar, ref FieldList fields)
    {
        fields.Add(1, "manufacturer", registrar.Manufacturer.ToString(CultureInfo.InvariantCulture));
        fields.Add(2, "model", TextOctets.Printable(registrar.Model));
        fields.Add(1, "firmware", registrar.Firmware.ToString(CultureInfo.InvariantCulture));
        fields.Add(4, "serial number", registrar.SerialNumber.ToString(CultureInfo.InvariantCulture));
        fields.Add(1, "date of the standard", $"{registrar.StandardYear}-{registrar.StandardMonth:00}");
        fields.Add(TimeTagA.Length, "date of the protocol", Words.OfDate(registrar.ProtocolDate));
        fields.Add(1, "battery", $"{registrar.BatteryPercent} %");
        fields.Add(PortFormat.Length, "port 1", InWords(registrar.Port1));
        fields.Add(1, "start mode of port 1", registrar.Port1StartMode.ToString(CultureInfo.InvariantCulture));
        fields.Add(20, "secret", "modem initialisation string", secret: true);
        fields.Add(PortFormat.Length, "port 2", InWords(registrar.Port2));
        fields.Add(PortFormat.Length, "optical port", InWords(registrar.OpticalPort));
        fields.Add(TransformerRatios.Length, "transformer ratios", InWords(registrar.Ratios));
        fields.Add(1, "integration period 1", $"{registrar.Period1Minutes} min");
        fields.Add(1, "integration period 2", $"{registrar.Period2Minutes} min");
        fields.Add(1, "integration period 3", $"{registrar.Period3Minutes} min");
        fields.Add(1, "contracts",
            $"I {InWords(registrar.Contract1)}, II {InWords(registrar.Contract2)}, III {InWords(registrar.Contract3)}");
        fields.AddRest("reserved", "");
    }

    /// <summary>Explains one object of type 157 that is known to be complete.</summary>
    private static void ExplainObject(int remaining, ref FieldList fields)
    {
        var address = fields.Rest[0];
        if (Words.OfConfigurationObject(address) is not { } name)
        {
            fields.AddRest("objects", $"{remaining} object{(remaining == 1 ? "" : "s")} from {address} on, not decoded");
            return;
        }

        var length = FurtherConfiguration.ObjectLength(fields.Rest);
        fields.Add(length, $"object {address}", $"{name}: {ValueInWords(address, fields.Rest[1..length])}");
    }

    private static string ValueInWords(byte objectAddress, ReadOnlySpan<byte> value) => objectAddress switch
    {
        ObjectAddress.Battery => $"{value[0]} %",
        ObjectAddress.MinutesBetweenClosings => $"{value[0]} min",
        ObjectAddress.Alarms => $"critical {SwitchInWords(value[0])}, non-critical {SwitchInWords(value[1])}",
        ObjectAddress.VoltageFaults => $"phase I {SwitchInWords(value[0])}, II {SwitchInWords(value[1])}, III {SwitchInWords(value[2])}",
        ObjectAddress.CurvePeriods => $"{value[0]} min, {value[1]} min",
        ObjectAddress.Ratios => InWords(TransformerRatios.Read(value)),
        ObjectAddress.ClockReference => (ClockReference)value[0] switch
        {
            ClockReference.Mains => "mains",
            ClockReference.Quartz => "quartz",
            _ => $"unknown code {value[0]}",
        },
        ObjectAddress.Program => TextOctets.Printable(TextOctets.Read(value)),
        _ => SwitchInWords(value[0]),
    };

    private static string SwitchInWords(byte octet) => (OnOff)(octet & 3) switch
    {
        OnOff.Off => "no",
        OnOff.On => "yes",
        _ => $"code {octet & 3}",
    };

    private static string InWords(ContractState state) => state switch
    {
        ContractState.None => "none",
        ContractState.Inactive => "inactive",
        ContractState.Active => "active",
        _ => "code 3",
    };

    private static string InWords(PortFormat port)
    {
        var speed = port.SpeedCode switch
        {
            0 => "no speed",
            255 => "another speed",
            _ => port.Baud is { } baud ? $"{baud} baud" : $"speed code {port.SpeedCode}",
        };
        var line = port.LineCode == 0 ? "no line format" : port.Line ?? $"line code {port.LineCode}";
        return $"{speed}, {line}";
    }

    private static string InWords(TransformerRatios ratios) =>
        $"{ratios.PrimaryVoltageTenths / 10m:0.0} / {ratios.SecondaryVoltageTenths / 10m:0.0} V, "
        + $"{ratios.PrimaryCurrentTenths / 10m:0.0} / {ratios.SecondaryCurrentTenths / 10m:0.0} A";
}
