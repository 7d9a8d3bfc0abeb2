using Iec102.Protocol;

namespace Iec102.Simulator;

/// <summary>What is still to be given to the polls that follow a request.</summary>
internal interface IAnswer : IDisposable
{
    /// <summary>Writes the next ASDU and answers its length; 0 when everything has been given.</summary>
    int Next(Span<byte> destination);
}

/// <summary>Patterns A and C and every refusal: one ASDU (protocol notes 4.2), made when it is given.</summary>
internal sealed class SingleAnswer(Func<byte[]> make) : IAnswer
{
    private bool _given;

    public SingleAnswer(byte[] asdu) : this(() => asdu)
    {
    }

    /// <summary>The request's ASDU with another cause.</summary>
    public static SingleAnswer Mirror(in Asdu request, CauseOfTransmission cause, bool isNegative = false) => new(Mirrored(request, cause, isNegative));

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
/// Pattern B (protocol notes 4.2): mirror with cause 7, the data frames with cause 5, mirror with cause 10. A data frame is made only when it is asked for.
/// </summary>
/// <param name="request">The request.</param>
/// <param name="frames">The ASDUs of the data.</param>
/// <param name="completed">Called when the last mirror is given.</param>
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

/// <summary>Another answer that makes the master wait: so many polls bring nothing before its first frame, and again before its second.</summary>
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
