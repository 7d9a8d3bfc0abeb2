namespace Iec102.Protocol;

/// <summary>What an ASDU means for the running exchange.</summary>
internal enum SeriesStep
{
    /// <summary>The mirror with cause 7 of a series.</summary>
    Confirmation,

    /// <summary>Data, more to come.</summary>
    Data,

    /// <summary>The only data of a read-one exchange.</summary>
    LastData,

    /// <summary>The mirror that ends the exchange.</summary>
    End,

    /// <summary>The meter refuses.</summary>
    Refusal,

    /// <summary>A type that nobody asked for; it is passed over.</summary>
    Unknown,

    /// <summary>An answer to an earlier request.</summary>
    Late,
}

/// <summary>Follows one of the three conversation patterns (protocol notes 4.2) and tells what each arriving ASDU is in it.</summary>
internal sealed class SeriesProgress
{
    private Request? _request;
    private Request? _previous;

    /// <summary>A new request goes out.</summary>
    public void Begin(Request request)
    {
        _previous = _request;
        _request = request;
    }

    /// <summary>An ASDU arrived in answer to a poll.</summary>
    public SeriesStep Take(in Asdu asdu)
    {
        var request = _request!;
        var header = asdu.Header;
        var addressed = header.PointAddress == request.Header.PointAddress && header.RecordAddress == request.Header.RecordAddress;
        if (header.Type == request.Header.Type)
            return addressed && IsMirror(asdu.Data, request) ? Mirror(header, request.Pattern) : SeriesStep.Late;
        if (header.Type == request.AnswerType)
            return addressed ? Answer(header, request.Pattern) : SeriesStep.Late;
        return header.Type == _previous?.Header.Type || header.Type == _previous?.AnswerType ? SeriesStep.Late : SeriesStep.Unknown;
    }

    private static SeriesStep Mirror(AsduHeader header, ConversationPattern pattern)
    {
        if (header.IsNegative || header.Cause.IsRefusal())
            return SeriesStep.Refusal;
        return (pattern, header.Cause) switch
        {
            (ConversationPattern.Command, CauseOfTransmission.ActivationConfirmation) => SeriesStep.End,
            (ConversationPattern.Command, _) => SeriesStep.Refusal,
            (ConversationPattern.ReadSeries, CauseOfTransmission.ActivationConfirmation) => SeriesStep.Confirmation,
            (ConversationPattern.ReadSeries, CauseOfTransmission.ActivationTermination) => SeriesStep.End,
            _ => SeriesStep.Unknown,
        };
    }

    private static SeriesStep Answer(AsduHeader header, ConversationPattern pattern)
    {
        if (header.IsNegative || header.Cause.IsRefusal())
            return SeriesStep.Refusal;
        return pattern == ConversationPattern.ReadOne ? SeriesStep.LastData : SeriesStep.Data;
    }

    /// <summary>
    /// A mirror repeats the request's data. Meters may clear or fill the flags of the time tags, and some leave the data of a command out;
    /// a mirror of another range is an answer to an earlier request.
    /// </summary>
    private static bool IsMirror(ReadOnlySpan<byte> data, Request request)
    {
        if (request.Pattern != ConversationPattern.ReadSeries || data.IsEmpty)
            return true;
        var own = request.Asdu[AsduHeader.Length..];
        if (data.Length != own.Length)
            return false;
        var tags = own.Length % TimeTagA.Length;
        if (!data[..tags].SequenceEqual(own[..tags]))
            return false;
        for (var at = tags; at < own.Length; at += TimeTagA.Length)
        {
            if (!TimeTagA.Read(data[at..]).IsSameLabel(TimeTagA.Read(own[at..])))
                return false;
        }

        return true;
    }
}
