namespace Iec102.Protocol;

/// <summary>
/// The last answer of a meter, and how many more copies of it may still arrive. Answers carry no number, but a line keeps their order: what comes after
/// an answer is that answer once more (because its request was repeated, or the line doubles frames) or the answer to the next frame.
/// </summary>
internal sealed class AnswerHistory(TimeSpan replyTimeout)
{
    private readonly byte[] _octets = new byte[Frame.MaxLength];
    private int _length;
    private TimeSpan? _slowestRoundTrip;
    private int? _unexplainedAt;

    /// <summary>When the last answer came; null before the first.</summary>
    public TimeSpan? At { get; private set; }

    /// <summary>How many copies of the last answer may still come because its request was sent more than once.</summary>
    public int CopiesExpected { get; private set; }

    /// <summary>A round trip was seen.</summary>
    public bool IsMeasured => _slowestRoundTrip is not null;

    /// <summary>How long such a copy may take: the slowest round trip seen, doubled; where none was seen, as long as an answer at all.</summary>
    public TimeSpan Guard => _slowestRoundTrip is { } slowest && slowest + slowest < replyTimeout ? slowest + slowest : replyTimeout;

    /// <summary>The frame is, octet for octet, the last answer.</summary>
    public bool IsLast(in Frame frame) => frame.Octets.SequenceEqual(_octets.AsSpan(0, _length));

    /// <summary>Remembers the answer to a frame.</summary>
    public void Add(in Frame answer, OutgoingFrame request, TimeSpan now)
    {
        answer.Octets.CopyTo(_octets);
        _length = answer.Octets.Length;
        At = now;
        CopiesExpected = request.Transmissions - 1;
        _unexplainedAt = null;
        // Which of several transmissions an answer belongs to is not known, so only a frame that was sent once measures the round trip.
        if (request.Transmissions > 1)
            return;
        var roundTrip = now - request.SentAt;
        _slowestRoundTrip = _slowestRoundTrip > roundTrip ? _slowestRoundTrip : roundTrip;
    }

    /// <summary>A copy of the last answer came; true when it was one of those that repeats explain.</summary>
    public bool TakeCopy()
    {
        if (CopiesExpected == 0)
            return false;
        CopiesExpected--;
        return true;
    }

    /// <summary>
    /// The last answer came although another frame is out, and no repeat explains it. True when it comes again after that frame was repeated: then it is
    /// what the meter answers, and not the line doubling it.
    /// </summary>
    public bool InsistsOnLast(OutgoingFrame request)
    {
        _unexplainedAt ??= request.Transmissions;
        return _unexplainedAt != request.Transmissions;
    }

    /// <summary>The link starts anew: copies mean nothing any more.</summary>
    public void ForgetCopies() => CopiesExpected = 0;
}
