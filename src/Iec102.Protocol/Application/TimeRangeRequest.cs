using Iec102.Protocol.Time;

namespace Iec102.Protocol.Application;

/// <summary>
/// The range in a request for events or stored tariff information (protocol notes 4.5 and 4.7): 0-4 from, 5-9 to, type a.
/// </summary>
/// <param name="From">Beginning of the range, as sent.</param>
/// <param name="To">End of the range, as sent.</param>
public readonly record struct TimeRangeRequest(TimeTagA From, TimeTagA To)
{
    /// <summary>Reads an ASDU of type 102 or 134; false when it is of another type or does not have exactly 10 octets of data.</summary>
    public static bool TryRead(in Asdu asdu, out TimeRangeRequest request)
    {
        request = default;
        if (asdu.Header.Type is not (TypeIdentification.ReadEventsInRange or TypeIdentification.ReadStoredTariff)
            || asdu.Data.Length != 2 * TimeTagA.Length)
            return false;
        request = new TimeRangeRequest(TimeTagA.Read(asdu.Data), TimeTagA.Read(asdu.Data[TimeTagA.Length..]));
        return true;
    }
}
