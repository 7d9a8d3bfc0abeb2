using Iec102.Protocol;
using NodaTime;

namespace Iec102.Simulator;

/// <summary>What is still to be given to the polls that follow a request.</summary>
internal interface IAnswer
{
    /// <summary>Writes the next ASDU and answers its length; 0 when everything has been given.</summary>
    int Next(Span<byte> destination);
}

/// <summary>Patterns A and C and every refusal: one ASDU (protocol notes 4.2).</summary>
internal sealed class SingleAnswer(byte[] asdu) : IAnswer
{
    private bool _given;

    /// <summary>The request's ASDU with another cause.</summary>
    public static SingleAnswer Mirror(in Asdu request, CauseOfTransmission cause, bool isNegative = false) => new(Mirrored(request, cause, isNegative));

    public int Next(Span<byte> destination)
    {
        if (_given)
            return 0;
        _given = true;
        asdu.CopyTo(destination);
        return asdu.Length;
    }

    internal static byte[] Mirrored(in Asdu request, CauseOfTransmission cause, bool isNegative = false)
    {
        var mirror = request.Octets.ToArray();
        (request.Header with { Cause = cause, IsNegative = isNegative }).Write(mirror);
        return mirror;
    }
}

/// <summary>What a series of totals is made of: the row of an instant, computed only when its frame is asked for.</summary>
internal delegate TotalsRow RowOf(Instant end);

/// <summary>
/// Pattern B for totals (protocol notes 4.2 and 4.4): mirror with cause 7, the data frames with cause 5, mirror with cause 10. Types 8 and 11 carry one
/// instant in a frame, types 139 and 140 as many blocks as fit.
/// </summary>
internal sealed class TotalsSeries : IAnswer, IDisposable
{
    private readonly byte[] _confirmation;
    private readonly byte[] _termination;
    private readonly AsduHeader _header;
    private readonly byte _blockObject;
    private readonly IEnumerator<Instant> _ends;
    private readonly RowOf _rowOf;
    private readonly MeterCounters.AskedRangeCounter _counter;
    private readonly TotalsRow[] _rows;
    private Stage _stage;

    public TotalsSeries(
        in Asdu request, TypeIdentification answerType, byte blockObject, IEnumerable<Instant> ends, RowOf rowOf, MeterCounters.AskedRangeCounter counter)
    {
        _confirmation = SingleAnswer.Mirrored(request, CauseOfTransmission.ActivationConfirmation);
        _termination = SingleAnswer.Mirrored(request, CauseOfTransmission.ActivationTermination);
        _header = request.Header with { Type = answerType, Cause = CauseOfTransmission.Request };
        _blockObject = blockObject;
        _ends = ends.GetEnumerator();
        _rowOf = rowOf;
        _counter = counter;
        _rows = new TotalsRow[blockObject == 0 ? 1 : TotalsCodec.MaxBlocksPerFrame(blockObject)];
    }

    private enum Stage
    {
        Confirmation,
        Data,
        Ended,
    }

    public int Next(Span<byte> destination)
    {
        switch (_stage)
        {
            case Stage.Confirmation:
                _stage = Stage.Data;
                _confirmation.CopyTo(destination);
                return _confirmation.Length;

            case Stage.Data when Fill() is var count and > 0:
                _counter.Served(count);
                return _blockObject == 0
                    ? TotalsCodec.WriteTotals(destination, _header, _rows[0])
                    : TotalsCodec.WriteBlocks(destination, _header, _blockObject, _rows.AsSpan(0, count));

            case Stage.Data:
                _stage = Stage.Ended;
                _counter.Completed();
                _termination.CopyTo(destination);
                return _termination.Length;

            default:
                return 0;
        }
    }

    public void Dispose() => _ends.Dispose();

    private int Fill()
    {
        var count = 0;
        while (count < _rows.Length && _ends.MoveNext())
            _rows[count++] = _rowOf(_ends.Current);
        return count;
    }
}
