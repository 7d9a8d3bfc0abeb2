using System.Globalization;
using Iec102.Protocol.Application;
using Iec102.Protocol.Time;

namespace Iec102.Protocol.Description;

/// <summary>
/// Explains an ASDU in words: the header (protocol notes 2) and every value of the types whose layout is known (4.3 to 4.10). The data of
/// other types are shown as octets. Keys and modem strings are shown as ** unless secrets are requested.
/// </summary>
public static class AsduDescription
{
    /// <summary>Explains the ASDU field by field. If there are too few octets for a header, one field says so.</summary>
    public static IReadOnlyList<FieldDescription> Explain(ReadOnlySpan<byte> asdu, bool showSecrets = false)
    {
        List<FieldDescription> fields = [];
        Explain(asdu, new FieldList(asdu, fields, 0, showSecrets));
        return fields;
    }

    /// <summary>The ASDU in one line: type, cause, addresses and the most important part of the data.</summary>
    public static string Summarize(ReadOnlySpan<byte> octets)
    {
        if (!Asdu.TryRead(octets, out var asdu))
            return $"{octets.Length} octets, too few for an ASDU";
        var header = asdu.Header;
        var summary = $"{(byte)header.Type} {Words.Of(header.Type)}, cause {CauseInWords(header)}, "
            + $"point {header.PointAddress}, record {header.RecordAddress}";
        var data = DataInWords(asdu);
        return data.Length == 0 ? summary : $"{summary}, {data}";
    }

    internal static void Explain(ReadOnlySpan<byte> octets, FieldList fields)
    {
        if (!Asdu.TryRead(octets, out var asdu))
        {
            fields.AddRest("ASDU", "too short for a header of 6 octets");
            return;
        }

        var header = asdu.Header;
        fields.Add(1, "type", $"{(byte)header.Type} {Words.Of(header.Type)}");
        fields.Add(1, "variable structure", $"N = {header.Count}{(octets[1] > 127 ? ", SQ = 1, not used by the profile" : "")}");
        fields.Add(1, "cause", CauseInWords(header));
        fields.Add(2, "point", header.PointAddress.ToString(CultureInfo.InvariantCulture));
        fields.Add(1, "record", $"{header.RecordAddress} {Words.OfRecord(header.RecordAddress)}");
        ExplainData(asdu, ref fields);
    }

    /// <summary>
    /// Whether the data has exactly the length that type and N require, and the values of the type are known, so that the data cannot be a
    /// key. Types that contain secrets themselves (129, 142) are left out, and so are types that are so short or so free in form that a
    /// damaged key could fit them.
    /// </summary>
    internal static bool FitsKnownLayout(ReadOnlySpan<byte> octets) =>
        Asdu.TryRead(octets, out var asdu)
        && (TotalsCodec.CountRows(asdu) >= 0 || TotalsRequest.TryRead(asdu, out _) || InstantaneousValues.TryRead(asdu, out _)
            || DeviceIdentification.TryRead(asdu, out _) || MeterClock.TryRead(asdu, out _) || MeterEvent.TryReadAll(asdu, out _)
            || TariffInformation.TryReadAll(asdu, out _) || asdu.Data.IsEmpty);

    private static void ExplainData(in Asdu asdu, ref FieldList fields)
    {
        if (EventDescription.TryExplain(asdu, ref fields)
            || ContractDescription.TryExplain(asdu, ref fields)
            || ConfigurationDescription.TryExplain(asdu, ref fields))
        {
            return;
        }

        var (secretStart, secretLength) = SecretOctets.In(asdu.Header.Type, asdu.Data.Length);
        if (secretLength > 0)
        {
            if (secretStart > 0)
                fields.Add(secretStart, "data", "not decoded");
            fields.Add(secretLength, "secret", AccessKey.TryRead(asdu, out _) ? "access key" : "key or modem string", secret: true);
            fields.AddRest("data", "not decoded");
        }
        else if (TotalsRequest.TryRead(asdu, out var request))
            ValueDescription.Explain(request, ref fields);
        else if (TotalsCodec.CountRows(asdu) >= 0)
            ValueDescription.ExplainTotals(asdu, ref fields);
        else if (InstantaneousValues.TryRead(asdu, out _))
            ValueDescription.ExplainInstantaneous(asdu.Header.Count, ref fields);
        else if (DeviceIdentification.TryRead(asdu, out var identification))
            ValueDescription.Explain(identification, ref fields);
        else if (MeterClock.TryRead(asdu, out var clock))
            fields.Add(TimeTagB.Length, "time", Words.Of(clock.Time));
        else if (ListsObjects(asdu.Header.Type))
            ValueDescription.ExplainObjects(asdu.Header.Type, ref fields);
        else
            fields.AddRest("data", HasKnownLayout(asdu.Header.Type) ? "malformed: not the length that type and N call for" : "not decoded");
    }

    private static string DataInWords(in Asdu asdu)
    {
        var summary = EventDescription.Summarize(asdu)
            ?? ContractDescription.Summarize(asdu)
            ?? ConfigurationDescription.Summarize(asdu);
        if (summary is { } words)
            return words;
        if (SecretOctets.In(asdu.Header.Type, asdu.Data.Length).Length > 0)
            return asdu.Header.Type == TypeIdentification.Login ? "key **" : $"{asdu.Data.Length} octets of data";
        if (TotalsRequest.TryRead(asdu, out var request))
            return ValueDescription.Summarize(request);
        if (TotalsCodec.CountRows(asdu) is var rows and >= 0)
            return ValueDescription.SummarizeTotals(asdu, rows);
        if (InstantaneousValues.TryRead(asdu, out var values))
            return ValueDescription.Summarize(values);
        if (DeviceIdentification.TryRead(asdu, out var identification))
            return ValueDescription.Summarize(identification);
        if (MeterClock.TryRead(asdu, out var clock))
            return clock.Time.ToString();
        if (asdu.Data.IsEmpty && !HasKnownLayout(asdu.Header.Type))
            return "";
        return ListsObjects(asdu.Header.Type)
            ? $"objects {string.Join(", ", asdu.Data.ToArray())}"
            : $"{(HasKnownLayout(asdu.Header.Type) ? "malformed, " : "")}{asdu.Data.Length} octets of data";
    }

    private static string CauseInWords(AsduHeader header) =>
        $"{(byte)header.Cause} {Words.Of(header.Cause)}{(header.IsNegative ? ", negative" : "")}{(header.IsTest ? ", test" : "")}";

    /// <summary>Whether the data of a request type is a list of object addresses.</summary>
    private static bool ListsObjects(TypeIdentification type) => type is
        TypeIdentification.ReadInstantaneousValues or TypeIdentification.ReadContractObjects or TypeIdentification.ReadFurtherConfiguration;

    /// <summary>
    /// Whether a type has data of known layout. If data of such a type could not be explained, it does not fit that layout.
    /// </summary>
    private static bool HasKnownLayout(TypeIdentification type) => type is
        TypeIdentification.IntegratedTotals or TypeIdentification.IncrementalTotals
        or TypeIdentification.IntegratedTotalBlocks or TypeIdentification.IncrementalTotalBlocks
        or TypeIdentification.ReadIntegratedTotals or TypeIdentification.ReadIncrementalTotals
        or TypeIdentification.ReadIntegratedTotalBlocks or TypeIdentification.ReadIncrementalTotalBlocks
        or TypeIdentification.DeviceIdentification or TypeIdentification.CurrentTime or TypeIdentification.InstantaneousValues
        or TypeIdentification.Events or TypeIdentification.ReadEventsInRange or TypeIdentification.ReadStoredTariff
        or TypeIdentification.CurrentTariff or TypeIdentification.StoredTariff or TypeIdentification.ClockChangeDates
        or TypeIdentification.ContractedPowers or TypeIdentification.Holidays or TypeIdentification.ContractObjects
        or TypeIdentification.FurtherConfiguration;
}
