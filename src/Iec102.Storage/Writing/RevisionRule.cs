using Iec102.Protocol.Application;
using Iec102.Storage.Schema;


namespace Iec102.Storage.Writing;

/// <summary>
/// Decides what happens when an interval is read again.
/// <list type="bullet">
/// <item>Nothing new: every total that was read now is known with the same value and quality octet. Reading fewer totals than before is
/// nothing new either.</item>
/// <item>More totals than before, the others equal: a new revision with the known totals and the additional ones.</item>
/// <item>Another value or quality octet, or another period: a new revision, exactly as read now.</item>
/// </list>
/// The label does not count, because meters set its day of week and tariff bits as they like.
/// </summary>
internal static class RevisionRule
{
    /// <summary>The row to keep as a new revision; null when there is nothing new.</summary>
    public static TotalsRow? Next(StoredInterval newest, in TotalsRow read, int periodMinutes)
    {
        if (newest.PeriodMinutes != periodMinutes || Contradicts(newest.Row, read))
            return read;
        if ((read.Objects & ~newest.Row.Objects) == 0)
            return null;
        var filled = read;
        foreach (var address in Addresses.Where(address => newest.Row.Has(address)))
            filled.Set(address, newest.Row.GetValue(address), newest.Row.GetQuality(address));
        return filled;
    }

    private static IEnumerable<int> Addresses => Enumerable.Range(ObjectAddress.FirstTotal, ObjectAddress.LastTotal);

    private static bool Contradicts(in TotalsRow known, in TotalsRow read)
    {
        for (int address = ObjectAddress.FirstTotal; address <= ObjectAddress.LastTotal; address++)
        {
            if (known.Has(address) && read.Has(address)
                && (known.GetValue(address) != read.GetValue(address) || known.GetQuality(address) != read.GetQuality(address)))
                return true;
        }
        return false;
    }
}
