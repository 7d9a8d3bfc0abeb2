using Iec102.Acquisition.Profiles;
using Iec102.Acquisition.Tasks;
using Iec102.Protocol.Application;
using NodaTime;

namespace Iec102.Storage.Schema;

/// <summary>One interval of a curve as it is stored, or a daily closing, whose values are the absolute registers at its end.</summary>
/// <param name="End">The instant of its end.</param>
/// <param name="Row">Its label, values and quality octets as on the wire; a value that was not delivered is marked as not present.</param>
/// <param name="PeriodMinutes">Its length in minutes.</param>
/// <param name="Revision">
/// 0 for the values that were read first; higher for different or additional values that the meter sent later. Closings have no revisions.
/// </param>
/// <param name="SerialNumber">The meter that sent it.</param>
/// <param name="Record">The record that was requested.</param>
/// <param name="Type">The type identification of the request: 190 or 123; for a closing 122.</param>
/// <param name="ReceivedAt">When the whole answer had arrived.</param>
public sealed record StoredInterval(
    Instant End, TotalsRow Row, int PeriodMinutes, int Revision, uint SerialNumber, byte Record, TypeIdentification Type,
    Instant ReceivedAt)
{
    /// <summary>The period in minutes with which a daily closing is shown.</summary>
    internal const int MinutesOfDay = 24 * 60;

    /// <summary>Whether this closing was made from the registers of record 11 at 00:00, because the meter refuses record 21.</summary>
    public bool IsDerived => Record == RecordAddress.LoadCurve1;

    /// <summary>The intervals of one answer as they would be stored if none of them were known yet.</summary>
    public static IEnumerable<StoredInterval> Of(IntervalsRecorded answer) => answer.Intervals.Select(interval => new StoredInterval(
        interval.End, interval.Row, answer.PeriodMinutes, 0, answer.SerialNumber, answer.Record, answer.Type, answer.ReceivedAt));

    /// <summary>The closings of one answer as they would be stored if none of them were known yet.</summary>
    public static IEnumerable<StoredInterval> Of(ClosingsRead answer) => answer.Closings.Select(closing => new StoredInterval(
        closing.End, closing.Row, MinutesOfDay, 0, answer.SerialNumber, RecordOf(answer), TypeIdentification.ReadIntegratedTotals,
        answer.ReadAt));

    /// <summary>The record from which closings were read.</summary>
    internal static byte RecordOf(ClosingsRead answer) => answer.IsDerived ? RecordAddress.LoadCurve1 : RecordAddress.DailyTotals1;
}
