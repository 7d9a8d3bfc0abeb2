using Iec102.Fleet;
using Iec102.Protocol.Application;
using static Iec102.Protocol.Application.TypeIdentification;

namespace Iec102.Acquisition.Gateway;

/// <summary>Which requests of clients reach a meter, and with which key a client may log in.</summary>
internal static class GatewayRules
{
    /// <summary>The types that only read; any other type is treated as a write.</summary>
    public static bool OnlyReads(TypeIdentification type) => type is
        ReadDeviceIdentification or ReadEvents or ReadEventsInRange or ReadCurrentTime or
        ReadIntegratedTotals or ReadIncrementalTotals or ReadCurrentTariff or ReadStoredTariff or
        ReadConfiguration or ReadContractedPowers or ReadHolidays or ReadContractObjects or ReadFurtherConfiguration or
        ReadInstantaneousValues or
        ReadSignatureOfTotals or ReadPointParameters or ReadSignatureOfIncrements or ReadClockChangeDates or
        ReadIntegratedTotalBlocks or ReadIncrementalTotalBlocks;

    /// <summary>Whether a request of this type is passed on.</summary>
    public static bool Passes(GatewayMode mode, TypeIdentification type) => mode == GatewayMode.Full || OnlyReads(type);

    /// <summary>
    /// Whether a login carries a key that opens this meter. All keys are compared, so that the time taken reveals nothing.
    /// </summary>
    public static bool KeyFits(GatewayConfiguration gateway, GatewayMeter meter, in Asdu login)
    {
        if (!AccessKey.TryRead(login, out var key))
            return false;
        var fits = gateway.Keys.Count == 0 & meter.Password == new Secret(key);
        foreach (var accepted in gateway.Keys)
            fits |= accepted == new Secret(key);
        return fits;
    }
}
