using Iec102.Acquisition;
using Iec102.Fleet;
using Iec102.Storage.Exports;

namespace Iec102.Server.Deliveries;

/// <summary>A part of a curve that goes into a file.</summary>
/// <param name="Meter">The meter.</param>
/// <param name="Curve">The name of the curve.</param>
/// <param name="Range">The interval ends.</param>
internal sealed record DeliveredCurve(MeterConfiguration Meter, string Curve, TimeRange Range);

/// <summary>For how many meters a file has everything.</summary>
/// <param name="Complete">Of each curve that they record, everything is recorded or absent.</param>
/// <param name="Of">The meters that record a curve of the file and are not disabled.</param>
internal readonly record struct DeliveredMeters(int Complete, int Of);

/// <summary>Where the contents of files come from.</summary>
internal interface IDeliverySource
{
    /// <summary>How many rows are stored of curves; each revision counts, so that the number grows with whatever is stored.</summary>
    long Stored(IReadOnlyList<DeliveredCurve> curves);

    /// <summary>What is stored of a curve, read while it is enumerated.</summary>
    ProfileSeries Read(DeliveredCurve curve);

    /// <summary>How complete it is; null when that is known of none of the curves.</summary>
    /// <param name="fleet">The fleet.</param>
    /// <param name="period">The period of the curves.</param>
    /// <param name="curves">The curves.</param>
    Task<DeliveredMeters?> CompleteAsync(FleetConfiguration fleet, Period period, IReadOnlyList<DeliveredCurve> curves);
}
