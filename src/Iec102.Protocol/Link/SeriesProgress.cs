using Iec102.Protocol.Application;
using Iec102.Protocol.Time;

namespace Iec102.Protocol.Link;

/// <summary>What an ASDU means for the running exchange.</summary>
internal enum SeriesStep
{
    /// <summary>The mirror with cause 7 of a series.</summary>
    Confirmation,

    /// <summary>Data, after which more may follow.</summary>
    Data,

    /// <summary>The only data of a read-one exchange.</summary>
    LastData,

    /// <summary>The mirror that ends the exchange.</summary>
    End,

    /// <summary>The meter refuses.</summary>
    Refusal,

    /// <summary>More data than was asked for, or for longer than they can take.</summary>
    Excess,

    /// <summary>A type that was not requested; it is ignored.</summary>
    Unknown,

    /// <summary>An answer to an earlier request.</summary>
    Late,
}

/// <summary>Follows one of the three conversation patterns (protocol notes 4.2) and says what each arriving ASDU means in it.</summary>
internal sealed class SeriesProgress
{
    private Request? _request;
    private Request? _previous;
    private bool _confirmed;
    private int _framesLeft;
    private TimeSpan? _time;
    private TimeSpan? _ends;

    /// <summary>The request of the running exchange.</summary>
    public Request Request => _request ?? throw new InvalidOperationException("No exchange has begun.");

    /// <summary>Whether "no data" ends the exchange, because something has arrived and it is not known how the conversation ends.</summary>
    public bool EndsWithNoData => _confirmed && Request.Pattern == ConversationPattern.Unknown;

    /// <summary>Begins the conversation of a new request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="time">How long its data may take, from the first of them; null for no limit.</param>
    public void Begin(Request request, TimeSpan? time)
    {
        _framesLeft = SeriesSize.Of(request).MostFrames;
        (_time, _ends) = (time, null);
        _previous = _request;
        _request = request;
        _confirmed = false;
    }

    /// <summary>Takes an ASDU that arrived in answer to a poll.</summary>
    public SeriesStep Take(in Asdu asdu, TimeSpan now)
    {
        var step = StepOf(asdu);
        if (step != SeriesStep.Data || Request.Pattern != ConversationPattern.ReadSeries)
            return step;
        _ends ??= now + _time;
        return _framesLeft-- > 0 && !(now >= _ends) ? SeriesStep.Data : SeriesStep.Excess;
    }

    private SeriesStep StepOf(in Asdu asdu)
    {
        var request = Request;
        var header = asdu.Header;
        var addressed = header.PointAddress == request.Header.PointAddress && header.RecordAddress == request.Header.RecordAddress;
        if (header.Type == request.Header.Type)
            return addressed && IsMirror(asdu, request) ? Mirror(header, request.Pattern) : SeriesStep.Late;
        if (header.Type == request.AnswerType)
            return addressed ? Answer(header, request.Pattern) : SeriesStep.Late;
        if (request.Pattern == ConversationPattern.Unknown && addressed && !BelongsToPrevious(header))
            return Answer(header, request.Pattern);
        return BelongsToPrevious(header) ? SeriesStep.Late : SeriesStep.Unknown;
    }

    private bool BelongsToPrevious(AsduHeader header) => header.Type == _previous?.Header.Type || header.Type == _previous?.AnswerType;

    private SeriesStep Mirror(AsduHeader header, ConversationPattern pattern)
    {
        if (header.IsNegative || header.Cause.IsRefusal())
            return SeriesStep.Refusal;
        switch (pattern, header.Cause)
        {
            case (ConversationPattern.Command, CauseOfTransmission.ActivationConfirmation):
                return SeriesStep.End;
            case (ConversationPattern.Command, _):
                return SeriesStep.Refusal;
            case (ConversationPattern.ReadSeries, CauseOfTransmission.ActivationConfirmation):
                _confirmed = true;
                return SeriesStep.Confirmation;
            case (ConversationPattern.ReadSeries, CauseOfTransmission.ActivationTermination):
                return _confirmed ? SeriesStep.End : SeriesStep.Late;
            case (ConversationPattern.Unknown, CauseOfTransmission.ActivationTermination):
                return SeriesStep.End;
            case (ConversationPattern.Unknown, _):
                _confirmed = true;
                return SeriesStep.Data;
            default:
                return SeriesStep.Unknown;
        }
    }

    /// <summary>
    /// The mirror at the beginning of a series names its range; data or an end without that mirror may belong to the previous series.
    /// </summary>
    private SeriesStep Answer(AsduHeader header, ConversationPattern pattern)
    {
        if (header.IsNegative || header.Cause.IsRefusal())
            return SeriesStep.Refusal;
        if (pattern == ConversationPattern.ReadOne)
            return SeriesStep.LastData;
        _confirmed |= pattern == ConversationPattern.Unknown;
        return _confirmed ? SeriesStep.Data : SeriesStep.Late;
    }

    /// <summary>
    /// A mirror repeats the request's data; one with another range or key answers an earlier request. Meters may clear or fill the flags of
    /// time tags; some leave out the data of a command, and a clock command may return with the time that was set.
    /// </summary>
    private static bool IsMirror(in Asdu asdu, Request request)
    {
        var data = asdu.Data;
        var own = request.Asdu[AsduHeader.Length..];
        if (data.IsEmpty || request.Pattern is ConversationPattern.ReadOne or ConversationPattern.Unknown
            || request.Header.Type == TypeIdentification.SetClock)
            return true;
        if (request.Header.Type == TypeIdentification.Login)
            return asdu.Header.IsNegative || data.SequenceEqual(own);
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
