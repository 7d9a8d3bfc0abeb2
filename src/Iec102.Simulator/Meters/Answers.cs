using Iec102.Protocol.Application;


namespace Iec102.Simulator.Meters;

/// <summary>The ASDUs with which a meter answers the polls that follow a request.</summary>
internal interface IAnswer : IDisposable
{
    /// <summary>Writes the next ASDU and returns its length; 0 when the answer is complete.</summary>
    int Next(Span<byte> destination);
}

/// <summary>Patterns A and C and every refusal: one ASDU (protocol notes 4.2), built when it is polled.</summary>
internal sealed class SingleAnswer(Func<byte[]> make) : IAnswer
{
    private bool _given;

    public SingleAnswer(byte[] asdu) : this(() => asdu)
    {
    }

    /// <summary>The ASDU of the request with another cause.</summary>
    public static SingleAnswer Mirror(in Asdu request, CauseOfTransmission cause, bool isNegative = false) =>
        new(Mirrored(request, cause, isNegative));

    public int Next(Span<byte> destination)
    {
        if (_given)
            return 0;
        _given = true;
        var asdu = make();
        asdu.CopyTo(destination);
        return asdu.Length;
    }

    public void Dispose()
    {
    }

    internal static byte[] Mirrored(in Asdu request, CauseOfTransmission cause, bool isNegative = false)
    {
        var mirror = request.Octets.ToArray();
        (request.Header with { Cause = cause, IsNegative = isNegative }).Write(mirror);
        return mirror;
    }
}

/// <summary>
/// Pattern B (protocol notes 4.2): a mirror with cause 7, the data frames with cause 5, a mirror with cause 10. Each data frame is built
/// when it is polled.
/// </summary>
/// <param name="request">The request.</param>
/// <param name="frames">The ASDUs of the data.</param>
/// <param name="completed">Called when the last mirror is sent.</param>
internal sealed class SeriesAnswer(in Asdu request, IEnumerable<byte[]> frames, Action? completed = null) : IAnswer
{
    private readonly byte[] _confirmation = SingleAnswer.Mirrored(request, CauseOfTransmission.ActivationConfirmation);
    private readonly byte[] _termination = SingleAnswer.Mirrored(request, CauseOfTransmission.ActivationTermination);
    private readonly IEnumerator<byte[]> _frames = frames.GetEnumerator();
    private Stage _stage;

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
                return Give(_confirmation, destination);

            case Stage.Data when _frames.MoveNext():
                return Give(_frames.Current, destination);

            case Stage.Data:
                _stage = Stage.Ended;
                completed?.Invoke();
                return Give(_termination, destination);

            default:
                return 0;
        }
    }

    public void Dispose() => _frames.Dispose();

    private static int Give(byte[] asdu, Span<byte> destination)
    {
        asdu.CopyTo(destination);
        return asdu.Length;
    }
}

/// <summary>Delays another answer: this many polls bring no data before its first frame, and again before its second.</summary>
internal sealed class HesitantAnswer(IAnswer answer, int polls) : IAnswer
{
    private int _left;
    private int _begun;

    public int Next(Span<byte> destination)
    {
        if (_begun < 2 && _left++ < polls)
            return 0;
        _left = 0;
        _begun++;
        return answer.Next(destination);
    }

    public void Dispose() => answer.Dispose();
}
