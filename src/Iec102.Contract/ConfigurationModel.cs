using Iec102.Protocol.Application;
using Iec102.Storage.Reading;
using NodaTime;

namespace Iec102.Contract;

/// <summary>An answer of a meter and the time in which it stayed the same.</summary>
/// <param name="Type">The type of the answer.</param>
/// <param name="Record">The record that was asked for.</param>
/// <param name="FirstReadAt">When it was first read.</param>
/// <param name="LastReadAt">When it was last read.</param>
/// <param name="SerialNumber">The meter that gave it.</param>
/// <param name="Value">Its content, in the same form as the newest answers.</param>
public sealed record ConfigurationChangeModel(
    int Type, int Record, string FirstReadAt, string LastReadAt, uint SerialNumber, object Value);

/// <summary>
/// The configuration of a meter as last read, and in <paramref name="History"/> each answer that differed from the one before it.
/// </summary>
public sealed record ConfigurationModel(
    string Meter, IdentityModel? Identity, RegistrarModel? Registrar, FurtherModel? Further, PointParametersModel? PointParameters,
    ClockChangesModel? ClockChanges, IReadOnlyList<ContractedPowersModel> ContractedPowers, IReadOnlyList<HolidaysModel> Holidays,
    IReadOnlyList<SeasonsModel> Seasons, CurrentPeriodsModel? CurrentPeriods, IReadOnlyList<OtherModel> Other,
    IEnumerable<ConfigurationChangeModel> History)
{
    /// <summary>Everything that is stored for a meter.</summary>
    public static ConfigurationModel Of(ReadingsStore store, string meter, DateTimeZone zone)
    {
        var identity = store.Meter(meter) is { Identification: { } said } stored ? IdentityModel.Of(said, stored.ReadAt, zone) : null;
        return Of(meter, identity, store.Configuration(meter), store.ConfigurationHistory(meter), zone);
    }

    /// <summary>The content of answers.</summary>
    /// <param name="meter">The meter's id.</param>
    /// <param name="identity">Its identification; null when none was read.</param>
    /// <param name="newest">The newest answers.</param>
    /// <param name="history">All answers.</param>
    /// <param name="zone">The meter's zone.</param>
    public static ConfigurationModel Of(
        string meter, IdentityModel? identity, IEnumerable<StoredConfiguration> newest, IEnumerable<StoredConfiguration> history,
        DateTimeZone zone)
    {
        var parts = newest.SelectMany(stored => Parts(stored, zone)).ToList();
        return new ConfigurationModel(
            meter, identity, parts.OfType<RegistrarModel>().LastOrDefault(),
            parts.OfType<FurtherModel>().Aggregate((FurtherModel?)null, (all, part) => all?.And(part) ?? part),
            parts.OfType<PointParametersModel>().LastOrDefault(), parts.OfType<ClockChangesModel>().LastOrDefault(),
            parts.OfType<ContractedPowersModel>().ToList(), parts.OfType<HolidaysModel>().ToList(), parts.OfType<SeasonsModel>().ToList(),
            parts.OfType<CurrentPeriodsModel>().MaxBy(periods => periods.ReadAt, StringComparer.Ordinal),
            parts.OfType<OtherModel>().ToList(),
            history.SelectMany(stored => Changes(stored, zone)));
    }

    /// <summary>The entries of an answer in the history. The period in force is not a setting: it changes with the hour.</summary>
    private static IEnumerable<ConfigurationChangeModel> Changes(StoredConfiguration stored, DateTimeZone zone) =>
        Parts(stored, zone).Where(part => part is not CurrentPeriodsModel).Select(part => new ConfigurationChangeModel(
            (int)stored.Type, stored.Record, TimeText.Format(stored.FirstReadAt, zone), TimeText.Format(stored.LastReadAt, zone),
            stored.SerialNumber, part));

    /// <summary>The parts of an answer; one of type 151 may have several.</summary>
    private static IEnumerable<object> Parts(StoredConfiguration stored, DateTimeZone zone)
    {
        var readAt = TimeText.Format(stored.LastReadAt, zone);
        if (!Asdu.TryRead(stored.Asdu, out var asdu))
            return [];
        if (RegistrarConfiguration.TryRead(asdu, out var registrar))
            return [RegistrarModel.Of(registrar, readAt)];
        if (FurtherConfiguration.TryRead(asdu, out var further))
            return [FurtherModel.Of(further, readAt), .. Raw(further.Raw)];
        if (Protocol.Application.PointParameters.TryRead(asdu, out var parameters))
            return [PointParametersModel.Of(parameters, readAt)];
        if (ClockChangeDates.TryRead(asdu, out var dates))
            return [ClockChangesModel.Of(dates, readAt)];
        if (ContractedPower.TryReadAll(asdu, out var powers, out var time))
            return [ContractedPowersModel.Of(stored.Record, powers, time, readAt)];
        if (Protocol.Application.Holidays.TryRead(asdu, out var holidays))
            return [HolidaysModel.Of(stored.Record, holidays, readAt)];
        return ContractObjects.TryRead(asdu, out var objects) ? OfContract(objects) : [Unknown(asdu.Data)];

        IEnumerable<object> OfContract(ContractObjects said) =>
        [
            .. said.Seasons is { } seasons ? (object[])[SeasonsModel.Of(stored.Record, seasons, readAt)] : [],
            .. said.CurrentPeriods is { } periods ? (object[])[CurrentPeriodsModel.Of(periods, readAt)] : [],
            .. Raw(said.Raw),
        ];

        object[] Raw(RawObjects? raw) => raw is null ? [] : [Unknown(raw.Octets.Span)];

        OtherModel Unknown(ReadOnlySpan<byte> octets) => new((int)stored.Type, stored.Record, Convert.ToHexStringLower(octets), readAt);
    }
}
