using Iec102.Protocol.Application;
using Iec102.Protocol.Link;


namespace Iec102.Acquisition.Tests.Ports;

/// <summary>
/// A meter that answers every request in the pattern of its conversation. The data of an answer are the link address, the request's own
/// data and, in a series, the number of the frame, so that each answer shows which request it belongs to.
/// </summary>
internal sealed class ScriptedMeter : ISlaveApplication
{
    private readonly Queue<byte[]> _answers = new();
    private readonly LinkSlave _slave;

    public ScriptedMeter(ushort link)
    {
        Link = link;
        _slave = new LinkSlave(link, this);
    }

    public ushort Link { get; }

    /// <summary>Whether the meter is switched off and hears nothing.</summary>
    public bool IsOff { get; set; }

    /// <summary>The number of data frames in a series.</summary>
    public int SeriesLength { get; set; } = 3;

    /// <summary>The length of the data in an answer; the rest is filled with zeros.</summary>
    public int DataLength { get; set; } = 24;

    /// <summary>Whether a series never ends: there is always one more frame.</summary>
    public bool NeverEnds { get; set; }

    /// <summary>The answer to a request of a type, in place of the usual one; null for the usual one.</summary>
    public Func<TypeIdentification, byte[]?> Special { get; set; } = _ => null;

    /// <summary>The cause with which each type is refused; null for a type that is answered.</summary>
    public Func<TypeIdentification, CauseOfTransmission?> Refusal { get; set; } = _ => null;

    /// <summary>How many polls are answered with "no data" before the answer comes.</summary>
    public int Hesitations { get; set; }

    /// <summary>Every request that the meter accepted, without repeats.</summary>
    public List<byte[]> Requests { get; } = [];

    public int Resets { get; private set; }

    /// <summary>How many data frames of series it has sent.</summary>
    public int SeriesFramesSent { get; private set; }

    private int _hesitated;
    private byte[]? _endless;

    public byte[] OnFrame(in Frame frame) => IsOff ? [] : _slave.OnFrame(frame).ToArray();

    public void OnReset()
    {
        Resets++;
        _answers.Clear();
    }

    public RequestVerdict OnRequest(in Asdu request)
    {
        Requests.Add(request.Octets.ToArray());
        _answers.Clear();
        _hesitated = 0;
        _endless = null;
        if (Special(request.Header.Type) is { } special)
        {
            _answers.Enqueue(special);
            return RequestVerdict.Accept;
        }

        if (Refusal(request.Header.Type) is { } cause)
        {
            Mirror(request, cause);
            return RequestVerdict.Accept;
        }

        var conversation = Conversation.Of(request.Header.Type)!.Value;
        switch (conversation.Pattern)
        {
            case ConversationPattern.ReadOne:
                Data(request, conversation.AnswerType, number: 0);
                break;
            case ConversationPattern.ReadSeries:
                Mirror(request, CauseOfTransmission.ActivationConfirmation);
                if (NeverEnds)
                {
                    _endless = Octets(request, conversation.AnswerType, number: 0);
                    break;
                }

                for (var number = 0; number < SeriesLength; number++)
                    Data(request, conversation.AnswerType, number);
                Mirror(request, CauseOfTransmission.ActivationTermination);
                break;
            default:
                Mirror(request, CauseOfTransmission.ActivationConfirmation);
                break;
        }

        return RequestVerdict.Accept;
    }

    public int NextAnswer(Span<byte> destination)
    {
        if (_hesitated++ < Hesitations)
            return 0;
        if (!_answers.TryDequeue(out var answer))
        {
            if (_endless is null)
                return 0;
            answer = _endless;
            // Each frame differs from the one before, or it would be taken for a repeat.
            answer[^1]++;
            SeriesFramesSent++;
        }

        answer.CopyTo(destination);
        return answer.Length;
    }

    /// <summary>The octets of this meter's answer to a request.</summary>
    public byte[] ExpectedAnswer(Request request, int number = 0)
    {
        Asdu.TryRead(request.Asdu, out var asdu);
        return Octets(asdu, request.AnswerType, number);
    }

    private void Mirror(in Asdu request, CauseOfTransmission cause)
    {
        var octets = request.Octets.ToArray();
        octets[2] = (byte)cause;
        _answers.Enqueue(octets);
    }

    private void Data(in Asdu request, TypeIdentification type, int number) => _answers.Enqueue(Octets(request, type, number));

    private byte[] Octets(in Asdu request, TypeIdentification type, int number)
    {
        byte[] content = [(byte)Link, (byte)(Link >> 8), (byte)number, .. request.Data];
        var octets = new byte[AsduHeader.Length + Math.Max(DataLength, content.Length)];
        new AsduHeader(type, 1, CauseOfTransmission.Request, request.Header.PointAddress, request.Header.RecordAddress).Write(octets);
        content.CopyTo(octets, AsduHeader.Length);
        return octets;
    }
}
