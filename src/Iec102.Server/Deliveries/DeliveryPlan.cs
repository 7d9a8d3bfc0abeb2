using System.Globalization;
using Iec102.Fleet;
using Iec102.Storage.Writing;
using NodaTime;

namespace Iec102.Server.Deliveries;

/// <summary>What a delivery has to look at, and what its files are called.</summary>
internal static class DeliveryPlan
{
    /// <summary>For so many days after its end a period is delivered, and delivered again when more of it is stored.</summary>
    public const int MostDays = 40;

    /// <summary>The last period whose time to be delivered has come.</summary>
    /// <param name="delivery">The delivery.</param>
    /// <param name="now">The time in the zone of the fleet.</param>
    public static Period LastDue(DeliveryConfiguration delivery, LocalDateTime now)
    {
        var last = Period.EndedBy(delivery.What, now.Date);
        return now < last.End + delivery.At ? last.Previous : last;
    }

    /// <summary>
    /// The periods to look at, in order. A delivery begins with the last period that is due; from then on none is left out, however long
    /// the server did not run, but those that ended too long ago.
    /// </summary>
    /// <param name="delivery">The delivery.</param>
    /// <param name="known">What is known of its files.</param>
    /// <param name="now">The time in the zone of the fleet.</param>
    public static IReadOnlyList<Period> Periods(
        DeliveryConfiguration delivery, IEnumerable<DeliveredFile> known, LocalDateTime now)
    {
        var names = known.Select(file => file.Period).ToHashSet(StringComparer.Ordinal);
        var last = LastDue(delivery, now);
        List<Period> all = [last];
        for (var one = last.Previous; one.End.PlusDays(MostDays) >= now.Date; one = one.Previous)
            all.Add(one);
        var first = all.FindLastIndex(one => names.Contains(one.Name));
        return [.. all.Take(first < 0 ? 1 : first + 1).Reverse()];
    }

    /// <summary>What is known of a delivery, by period and version.</summary>
    public static IReadOnlyList<DeliveredFile> InOrder(DeliveryConfiguration delivery, IEnumerable<DeliveredFile> known) =>
    [
        .. known.Where(file => file.Name == delivery.Name && Period.IsName(delivery.What, file.Period))
            .OrderBy(file => file.Period, StringComparer.Ordinal).ThenBy(file => file.Version),
    ];

    /// <summary>The newest version of what is known of a period; null when it was not looked at yet.</summary>
    public static DeliveredFile? Newest(IEnumerable<DeliveredFile> known, string period) =>
        known.Where(file => file.Period == period).MaxBy(file => file.Version);

    /// <summary>Such as daily_2026-03-02.csv, and from the second version on daily_2026-03-02-v2.csv.</summary>
    public static string FileName(DeliveryConfiguration delivery, string period, int version)
    {
        var (again, extension) = (version > 1 ? $"-v{version}" : "", delivery.Format == DeliveryFormat.Csv ? "csv" : "json");
        return string.Create(CultureInfo.InvariantCulture, $"{delivery.Name}_{period}{again}.{extension}");
    }
}
