using System.Globalization;
using Iec102.Fleet;
using Iec102.Storage.Writing;
using NodaTime;

namespace Iec102.Contract;

/// <summary>A version of a delivered file in the API.</summary>
public sealed record DeliveredFileModel(
    string Period, int Version, string File, string At, long Intervals, int? Complete, int? Meters, string Sha256)
{
    public static DeliveredFileModel Of(DeliveredFile file, DateTimeZone zone) => new(
        file.Period, file.Version, file.File, TimeText.Format(file.At, zone), file.Intervals, file.Complete, file.Meters, file.Sha256);
}

/// <summary>
/// A scheduled delivery in the API, with its last period and the newest file of that; there is no file while nothing of the period is
/// stored.
/// </summary>
public sealed record DeliveryModel(
    string Name, string What, string At, string Format, string Folder, IReadOnlyList<string> Curves, int Chosen, string Next,
    string? Period, string? File, int? Version, long? Intervals, int? Complete, int? Meters, string? Error,
    IReadOnlyList<DeliveredFileModel> Files)
{
    private const int MostFiles = 30;

    /// <summary>A delivery with its last files.</summary>
    /// <param name="delivery">The delivery.</param>
    /// <param name="fleet">The fleet.</param>
    /// <param name="next">When the next period is due.</param>
    /// <param name="error">Why it cannot be written at present; null when it can.</param>
    /// <param name="known">What is known of its files, the last period last.</param>
    public static DeliveryModel Of(
        DeliveryConfiguration delivery, FleetConfiguration fleet, Instant next, string? error, IReadOnlyList<DeliveredFile> known)
    {
        var (zone, last) = (fleet.TimeZone, known.Count > 0 ? known[^1] : null);
        var isFile = last is { Version: > 0 };
        return new DeliveryModel(
            delivery.Name, Names.Of(delivery.What), delivery.At.ToString("HH:mm", CultureInfo.InvariantCulture),
            Names.Of(delivery.Format), delivery.Folder,
            delivery.Curves, fleet.Meters.Count(delivery.Has), TimeText.Format(next, zone), last?.Period, isFile ? last!.File : null,
            isFile ? last!.Version : null, last?.Intervals, last?.Complete, last?.Meters, error,
            [
                .. known.Where(file => file is { Version: > 0, Part: null }).OrderByDescending(file => file.At).Take(MostFiles)
                    .Select(file => DeliveredFileModel.Of(file, zone)),
            ]);
    }
}

/// <summary>The scheduled deliveries in the API, at a moment.</summary>
public sealed record DeliveriesModel(string At, IReadOnlyList<DeliveryModel> Deliveries);

/// <summary>
/// What came of a delivery that somebody wanted now: <c>written</c>, <c>nothing-new</c> since the file that is named was written, or
/// <c>nothing-stored</c> of the period, and then no file.
/// </summary>
public sealed record DeliveryRunModel(string Delivery, string Period, string Outcome, DeliveredFileModel? File);
