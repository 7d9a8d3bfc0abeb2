using Iec102.Acquisition.Profiles;
using Iec102.Acquisition.Tasks;
using Iec102.Protocol.Application;
using NodaTime;

namespace Iec102.Storage.Schema;

/// <summary>One interval of a curve as it is stored, or a daily closing, whose values are the absolute registers at its end.</summary>
/// <param name="End">The instant of its end.</param>
/// <param name="Row">Its label, values and quality octets as on the wire; a value that was not delivered is not present.</param>
/// <param name="PeriodMinutes">Its length.</param>
/// <param name="Revision">
/// 0 for what was read first; higher when the meter gave other or more values later. Closings keep no revisions.
/// </param>
/// <param name="SerialNumber">The meter that gave it.</param>
/// <param name="Record">The record asked.</param>
/// <param name="Type">The request type used: 190 or 123; 122 of a closing.</param>
/// <param name="ReceivedAt">When the answer had arrived.</param>
public sealed record StoredInterval(
    Instant End, TotalsRow Row, int PeriodMinutes, int Revision, uint SerialNumber, byte Record, TypeIdentification Type,
    Instant ReceivedAt)
{
    /// <summary>The period that a daily closing is shown with.</summary>
    internal const int MinutesOfDay = 24 * 60;

    /// <summary>True of a closing that is the registers of record 11 at 00:00, of a meter that refuses record 21.</summary>
    public bool IsDerived => Record == RecordAddress.LoadCurve1;

    /// <summary>The intervals of one answer as they would be stored if none of them were known yet.</summary>
    public static IEnumerable<StoredInterval> Of(IntervalsRecorded answer) => answer.Intervals.Select(interval => new StoredInterval(
        interval.End, interval.Row, answer.PeriodMinutes, 0, answer.SerialNumber, answer.Record, answer.Type, answer.ReceivedAt));

    /// <summary>The closings of one answer as they would be stored if none of them were known yet.</summary>
    public static IEnumerable<StoredInterval> Of(ClosingsRead answer) => answer.Closings.Select(closing => new StoredInterval(
        closing.End, closing.Row, MinutesOfDay, 0, answer.SerialNumber, RecordOf(answer), TypeIdentification.ReadIntegratedTotals,
        answer.ReadAt));

    /// <summary>The record that closings were read from.</summary>
    internal static byte RecordOf(ClosingsRead answer) => answer.IsDerived ? RecordAddress.LoadCurve1 : RecordAddress.DailyTotals1;
}
