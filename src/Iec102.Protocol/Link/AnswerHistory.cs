namespace Iec102.Protocol.Link;

/// <summary>
/// The last answer of a meter, and how many more copies of it may still arrive. Answers are not numbered, but a line keeps their order: an
/// answer is followed either by the same answer again (because its request was repeated, or the line duplicates frames) or by the answer to
/// the next frame.
/// </summary>
internal sealed class AnswerHistory(TimeSpan replyTimeout)
{
    private readonly byte[] _octets = new byte[Frame.MaxLength];
    private int _length;
    private TimeSpan? _slowestRoundTrip;
    private int? _unexplainedAt;

    /// <summary>When the last answer arrived; null before the first.</summary>
    public TimeSpan? At { get; private set; }

    /// <summary>How many copies of the last answer may still arrive because its request was sent more than once.</summary>
    public int CopiesExpected { get; private set; }

    /// <summary>Whether a round trip has been measured.</summary>
    public bool IsMeasured => _slowestRoundTrip is not null;

    /// <summary>
    /// How long a copy of the last answer may take: twice the slowest measured round trip; without a measurement, as long as any answer may
    /// take.
    /// </summary>
    public TimeSpan Guard => _slowestRoundTrip is { } slowest && slowest + slowest < replyTimeout ? slowest + slowest : replyTimeout;

    /// <summary>Whether the frame is the last answer, octet for octet.</summary>
    public bool IsLast(in Frame frame) => frame.Octets.SequenceEqual(_octets.AsSpan(0, _length));

    /// <summary>Remembers the answer to a frame.</summary>
    public void Add(in Frame answer, OutgoingFrame request, TimeSpan now)
    {
        answer.Octets.CopyTo(_octets);
        _length = answer.Octets.Length;
        At = now;
        CopiesExpected = request.Transmissions - 1;
        _unexplainedAt = null;
        // It cannot be known to which of several transmissions an answer belongs, so the round trip is measured only for a frame that was
        // sent once.
        if (request.Transmissions > 1)
            return;
        var roundTrip = now - request.SentAt;
        _slowestRoundTrip = _slowestRoundTrip > roundTrip ? _slowestRoundTrip : roundTrip;
    }

    /// <summary>Notes a copy of the last answer; true when a repeat of its request explains the copy.</summary>
    public bool TakeCopy()
    {
        if (CopiesExpected == 0)
            return false;
        CopiesExpected--;
        return true;
    }

    /// <summary>
    /// Handles the last answer when it arrives again while another frame is outstanding and no repeat explains it. Returns true when it
    /// arrives once more after that frame was repeated: it is then the meter's answer, not a duplicate made by the line.
    /// </summary>
    public bool InsistsOnLast(OutgoingFrame request)
    {
        _unexplainedAt ??= request.Transmissions;
        return _unexplainedAt != request.Transmissions;
    }

    /// <summary>Forgets the expected copies when the link is restarted, since they no longer matter.</summary>
    public void ForgetCopies() => CopiesExpected = 0;
}
