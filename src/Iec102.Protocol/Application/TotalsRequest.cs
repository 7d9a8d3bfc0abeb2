using Iec102.Protocol.Time;

namespace Iec102.Protocol.Application;

/// <summary>
/// The contents of a request for totals (protocol notes 4.4). Types 122 and 123: 0 first object, 1 last object, 2-6 from, 7-11 to, type a.
/// Types 189 and 190: 0 block object, 1-5 from, 6-10 to.
/// </summary>
/// <param name="FirstObject">First object; 0 in a request for blocks.</param>
/// <param name="LastObject">Last object; 0 in a request for blocks.</param>
/// <param name="BlockObject">Block object, in known use 9, 10 or 11; 0 in a request for objects.</param>
/// <param name="From">Beginning of the range, as sent.</param>
/// <param name="To">End of the range, as sent.</param>
public readonly record struct TotalsRequest(byte FirstObject, byte LastObject, byte BlockObject, TimeTagA From, TimeTagA To)
{
    /// <summary>
    /// Reads an ASDU of type 122, 123, 189 or 190; false when it is of another type or its data does not have the right length.
    /// </summary>
    public static bool TryRead(in Asdu asdu, out TotalsRequest request)
    {
        request = default;
        var data = asdu.Data;
        switch (asdu.Header.Type)
        {
            case TypeIdentification.ReadIntegratedTotals or TypeIdentification.ReadIncrementalTotals
                when data.Length == 2 + 2 * TimeTagA.Length:
                request = new TotalsRequest(data[0], data[1], 0, TimeTagA.Read(data[2..]), TimeTagA.Read(data[7..]));
                return true;
            case TypeIdentification.ReadIntegratedTotalBlocks or TypeIdentification.ReadIncrementalTotalBlocks
                when data.Length == 1 + 2 * TimeTagA.Length:
                request = new TotalsRequest(0, 0, data[0], TimeTagA.Read(data[1..]), TimeTagA.Read(data[6..]));
                return true;
            default:
                return false;
        }
    }
}
