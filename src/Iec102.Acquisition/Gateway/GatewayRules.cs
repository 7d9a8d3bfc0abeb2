using Iec102.Fleet;
using Iec102.Protocol.Application;
using static Iec102.Protocol.Application.TypeIdentification;

namespace Iec102.Acquisition.Gateway;

/// <summary>Which requests of clients reach a meter, how long they wait, and with which key a client may log in.</summary>
internal static class GatewayRules
{
    /// <summary>How long the meter's actor may take to pass a request on, a login included.</summary>
    public static readonly TimeSpan LoginPatience = TimeSpan.FromMinutes(2);

    /// <summary>How long past a request's timeout the port may take to report that it has given up.</summary>
    public static readonly TimeSpan PortSilenceLimit = TimeSpan.FromSeconds(30);

    /// <summary>How long a request may wait for its turn on the line; the client sees a busy meter meanwhile.</summary>
    private static readonly TimeSpan QueuePatience = TimeSpan.FromMinutes(5);

    /// <summary>How long a request may be at the port, waiting and on the line.</summary>
    public static TimeSpan PortPatience(GatewayConfiguration gateway) => QueuePatience + gateway.MaxHold;

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
