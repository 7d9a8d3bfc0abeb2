using Iec102.Protocol.Application;
using Iec102.Protocol.Link;
using Iec102.Protocol.Time;
using NodaTime;

namespace Iec102.Acquisition.Profiles;

/// <summary>The requests that read a curve, the cheapest on the wire first (promise P3). The numbers are stored in the journal.</summary>
internal enum ReadMethod
{
    /// <summary>190 with object 9: five intervals of eight values in a frame.</summary>
    BlocksOf8 = 1,

    /// <summary>190 with object 10: six intervals of six values in a frame.</summary>
    BlocksOf6 = 2,

    /// <summary>123 with objects 1 to 8: one interval in a frame.</summary>
    Objects = 3,
}

/// <summary>What the refusal of a request for a curve means.</summary>
internal enum RefusalMeaning
{
    /// <summary>The meter does not know the request: the next one of the ladder is tried.</summary>
    NextMethod,

    /// <summary>The meter has no such curve or point.</summary>
    NoCurve,

    /// <summary>The meter has nothing in the range that was asked.</summary>
    NothingInRange,
}

/// <summary>What each method asks and costs, and which comes next when the meter refuses one.</summary>
internal static class ReadMethods
{
    /// <summary>Start, L twice, start, C, two octets of address, checksum, end.</summary>
    private const int FrameOctets = 9;

    private const int ObjectRequestData = 2 + 2 * TimeTagA.Length;
    private const int BlockRequestData = 1 + 2 * TimeTagA.Length;
    private const int TotalObjectOctets = 6;

    public static ReadMethod First => ReadMethod.BlocksOf8;

    /// <summary>The next step down; null at the foot of the ladder.</summary>
    public static ReadMethod? Fallback(this ReadMethod method) => method == ReadMethod.Objects ? null : method + 1;

    /// <summary>What a refusal of the method's request means (protocol notes 7.4).</summary>
    /// <param name="method">The method.</param>
    /// <param name="cause">The cause of the refusal; any other cause stands for a bare negative confirmation.</param>
    /// <param name="isProven">Requests of the method have brought intervals of this curve before.</param>
    public static RefusalMeaning Refused(this ReadMethod method, CauseOfTransmission cause, bool isProven)
    {
        var isLast = method.Fallback() is null;
        return cause switch
        {
            CauseOfTransmission.TypeNotAvailable => isLast ? RefusalMeaning.NoCurve : RefusalMeaning.NextMethod,
            CauseOfTransmission.RecordNotKnown or CauseOfTransmission.AddressNotKnown => RefusalMeaning.NoCurve,
            CauseOfTransmission.RecordNotAvailable or CauseOfTransmission.PeriodNotAvailable => RefusalMeaning.NothingInRange,
            // The object is not available, or a bare negative confirmation: a request that never worked is itself to blame, else its range.
            _ => isLast || isProven ? RefusalMeaning.NothingInRange : RefusalMeaning.NextMethod,
        };
    }

    /// <summary>The method of a request.</summary>
    public static ReadMethod Of(Request request) =>
        request.Header.Type == TypeIdentification.ReadIncrementalTotals ? ReadMethod.Objects
        : request.Asdu[AsduHeader.Length] == ObjectAddress.BlockOf8 ? ReadMethod.BlocksOf8
        : ReadMethod.BlocksOf6;

    /// <summary>The type of its request.</summary>
    public static TypeIdentification Type(this ReadMethod method) =>
        method == ReadMethod.Objects ? TypeIdentification.ReadIncrementalTotals : TypeIdentification.ReadIncrementalTotalBlocks;

    /// <summary>How many intervals a full frame brings.</summary>
    public static int IntervalsPerFrame(this ReadMethod method) =>
        method == ReadMethod.Objects ? 1 : TotalsCodec.MaxBlocksPerFrame(method.BlockObject());

    /// <summary>
    /// The octets, both ways, of reading this many frames full of intervals: request, its acknowledgement, the two mirrors and each data
    /// frame with their polls.
    /// </summary>
    public static int Octets(this ReadMethod method, int frames)
    {
        var request = FrameOctets + AsduHeader.Length + (method == ReadMethod.Objects ? ObjectRequestData : BlockRequestData);
        var data = method == ReadMethod.Objects
            ? TotalObjectOctets * ObjectAddress.LastTotal + TimeTagA.Length
            : TotalsCodec.BlockLength(method.BlockObject()) * method.IntervalsPerFrame();
        return 3 * request + 3 * Frame.FixedLength + frames * (Frame.FixedLength + FrameOctets + AsduHeader.Length + data);
    }

    /// <summary>How many intervals fit into this many octets, in whole frames and at least one frame.</summary>
    public static int IntervalsWithin(this ReadMethod method, int octets)
    {
        var frames = (octets - method.Octets(0)) / (method.Octets(1) - method.Octets(0));
        return Math.Max(1, frames) * method.IntervalsPerFrame();
    }

    /// <summary>
    /// The request for a range: from the minute after its start, so that meters that include the start and meters that do not give the same
    /// answer (protocol notes 3.3).
    /// </summary>
    public static Request Request(
        this ReadMethod method, ushort point, byte record, TimeRange range, DateTimeZone zone, SummerTimeHabit habit)
    {
        var from = CivilTime.ToTagA(range.From + Duration.FromMinutes(1), zone, habit);
        var to = CivilTime.ToTagA(range.To, zone, habit);
        return method == ReadMethod.Objects
            ? Protocol.Application.Request.ReadIncrementalTotals(point, record, ObjectAddress.FirstTotal, ObjectAddress.LastTotal, from, to)
            : Protocol.Application.Request.ReadIncrementalTotalBlocks(point, record, method.BlockObject(), from, to);
    }

    private static byte BlockObject(this ReadMethod method) =>
        method == ReadMethod.BlocksOf8 ? ObjectAddress.BlockOf8 : ObjectAddress.BlockOf6;
}
