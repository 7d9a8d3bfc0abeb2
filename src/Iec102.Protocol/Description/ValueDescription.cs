using System.Globalization;
using Iec102.Protocol.Application;
using Iec102.Protocol.Time;

namespace Iec102.Protocol.Description;

/// <summary>
/// Explains the data of types whose values are known (protocol notes 4.3, 4.4 and 4.6). The caller has already checked the data.
/// </summary>
internal static class ValueDescription
{
    public static string Summarize(TotalsRequest request) => request.BlockObject == 0
        ? $"objects {request.FirstObject}..{request.LastObject}, {request.From} .. {request.To}"
        : $"object {request.BlockObject}, {request.From} .. {request.To}";

    public static void Explain(TotalsRequest request, ref FieldList fields)
    {
        if (fields.Rest.Length % TimeTagA.Length == 2)
        {
            fields.Add(1, "first object", ObjectInWords(request.FirstObject));
            fields.Add(1, "last object", ObjectInWords(request.LastObject));
        }
        else
        {
            fields.Add(1, "block object", $"{request.BlockObject}, {Words.OfObject(request.BlockObject)}");
        }

        fields.Add(TimeTagA.Length, "from", Words.Of(request.From));
        fields.Add(TimeTagA.Length, "to", Words.Of(request.To));
    }

    public static string SummarizeTotals(in Asdu asdu, int rows)
    {
        if (!TotalsCodec.TryReadRow(asdu, 0, out var first))
            return "no blocks";
        if (asdu.Header.Type is TypeIdentification.IntegratedTotals or TypeIdentification.IncrementalTotals)
            return $"{Counted(asdu.Header.Count, "object")}, {first.Time}";
        TotalsCodec.TryReadRow(asdu, rows - 1, out var last);
        return $"{Counted(rows, "block")}, {first.Time} .. {last.Time}";
    }

    public static void ExplainTotals(in Asdu asdu, ref FieldList fields)
    {
        if (asdu.Header.Type is TypeIdentification.IntegratedTotals or TypeIdentification.IncrementalTotals)
        {
            for (var i = 0; i < asdu.Header.Count; i++)
            {
                var octets = fields.Rest;
                fields.Add(6, $"object {octets[0]}", $"{Words.OfTotal(octets[0]).Name}: {ValueInWords(octets[0], octets[1..])}");
            }

            AddTime(ref fields);
            return;
        }

        for (var block = 1; block <= asdu.Header.Count; block++)
        {
            var blockObject = fields.Rest[0];
            fields.Add(1, $"block {block}", $"object {blockObject}, {Words.OfObject(blockObject)}");
            foreach (var address in TotalsCodec.BlockObjects(blockObject))
                fields.Add(5, $"block {block}, object {address}", $"{Words.OfTotal(address).Name}: {ValueInWords(address, fields.Rest)}");
            AddTime(ref fields);
        }
    }

    public static string Summarize(InstantaneousValues values)
    {
        List<string> objects = [];
        if (values.Totals is { } totals)
            objects.Add($"192 at {totals.Time}");
        if (values.Powers is { } powers)
            objects.Add($"193 at {powers.Time}");
        if (values.CurrentsAndVoltages is { } currents)
            objects.Add($"194 at {currents.Time}");
        return objects.Count == 0 ? "no objects" : $"objects {string.Join(", ", objects)}";
    }

    public static void ExplainInstantaneous(int count, ref FieldList fields)
    {
        for (var i = 0; i < count; i++)
        {
            var objectAddress = fields.Rest[0];
            fields.Add(1, "object", ObjectInWords(objectAddress));
            switch (objectAddress)
            {
                case ObjectAddress.Totals:
                    for (var address = 1; address <= 6; address++)
                    {
                        var (name, unit) = Words.OfTotal(address);
                        fields.Add(EnergyRegister.Length, name, InWords(EnergyRegister.Read(fields.Rest), unit));
                    }
                    break;
                case ObjectAddress.Powers:
                    ReadOnlySpan<string> groups = ["powers, total", "powers, phase I", "powers, phase II", "powers, phase III"];
                    foreach (var phase in groups)
                        fields.Add(PowerGroup.Length, phase, InWords(PowerGroup.Read(fields.Rest)));
                    break;
                default:
                    foreach (var phase in (ReadOnlySpan<string>)["phase I", "phase II", "phase III"])
                        fields.Add(PhaseValues.Length, phase, InWords(PhaseValues.Read(fields.Rest)));
                    break;
            }

            AddTime(ref fields);
        }
    }

    /// <summary>Explains the list of objects in a request of type 150, 156 or 162.</summary>
    public static void ExplainObjects(TypeIdentification request, ref FieldList fields)
    {
        while (!fields.Rest.IsEmpty)
        {
            var address = fields.Rest[0];
            fields.Add(1, "object", request switch
            {
                TypeIdentification.ReadContractObjects => $"{address}, {Words.OfContractObject(address)}",
                TypeIdentification.ReadFurtherConfiguration => $"{address}, {Words.OfConfigurationObject(address) ?? "unknown object"}",
                _ => ObjectInWords(address),
            });
        }
    }

    public static string Summarize(DeviceIdentification identification) =>
        $"manufacturer {identification.Manufacturer}, serial number {identification.SerialNumber}, "
        + $"standard {identification.StandardYear}-{identification.StandardMonth:00}";

    public static void Explain(DeviceIdentification identification, ref FieldList fields)
    {
        fields.Add(1, "date of the standard", $"{identification.StandardYear}-{identification.StandardMonth:00}");
        fields.Add(1, "manufacturer", identification.Manufacturer.ToString(CultureInfo.InvariantCulture));
        fields.Add(4, "serial number", identification.SerialNumber.ToString(CultureInfo.InvariantCulture));
    }

    private static void AddTime(ref FieldList fields) => fields.Add(TimeTagA.Length, "time", Words.Of(TimeTagA.Read(fields.Rest)));

    private static string ValueInWords(byte address, ReadOnlySpan<byte> valueAndQuality)
    {
        var value = System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(valueAndQuality);
        return $"{value}{Words.OfTotal(address).Unit}, {Words.Of((Quality)valueAndQuality[4])}";
    }

    private static string InWords(EnergyRegister register, string unit) => $"{register.Value}{unit}{Invalid(register.IsInvalid)}";

    private static string InWords(PowerGroup group) =>
        $"{group.ActiveKilowatts} kW {(group.IsExport ? "export" : "import")}, "
        + $"{group.ReactiveKilovars} kvar in quadrant {(group.IsQuadrant34 ? "3 or 4" : "1 or 2")}, "
        + $"power factor {group.PowerFactorThousandths / 1000m:0.000}{Invalid(group.IsInvalid)}";

    private static string InWords(PhaseValues phase) =>
        $"{phase.CurrentTenths / 10m:0.0} A, {phase.VoltageTenths / 10m:0.0} V{Invalid(phase.IsInvalid)}";

    private static string ObjectInWords(byte address) => TotalsRow.IsTotal(address)
        ? $"{address}, {Words.OfTotal(address).Name}"
        : $"{address}, {Words.OfObject(address)}";

    private static string Invalid(bool isInvalid) => isInvalid ? ", invalid" : "";

    private static string Counted(int count, string noun) => $"{count} {noun}{(count == 1 ? "" : "s")}";
}
