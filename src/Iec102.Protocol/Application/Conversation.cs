using Types = Iec102.Protocol.Application.TypeIdentification;

namespace Iec102.Protocol.Application;

/// <summary>The ways in which a request is answered (protocol notes 4.2).</summary>
public enum ConversationPattern
{
    /// <summary>A: one poll brings the answer, cause 5.</summary>
    ReadOne,

    /// <summary>B: mirror with cause 7, data frames with cause 5, mirror with cause 10.</summary>
    ReadSeries,

    /// <summary>C: one poll brings the mirrored request with cause 7.</summary>
    Command,

    /// <summary>
    /// Not known: every answer is accepted until a mirror with cause 10, a refusal, or "no data" after something has arrived.
    /// </summary>
    Unknown,
}

/// <summary>Which pattern a request type follows and which type answers it (protocol notes 4.2).</summary>
/// <param name="Pattern">The pattern.</param>
/// <param name="AnswerType">The type of the data frames; for a command the type of the command itself.</param>
public readonly record struct Conversation(ConversationPattern Pattern, TypeIdentification AnswerType)
{
    /// <summary>The conversation that a request type begins; null for types whose conversation is not known.</summary>
    public static Conversation? Of(TypeIdentification request) => request switch
    {
        Types.ReadDeviceIdentification => One(Types.DeviceIdentification),
        Types.ReadCurrentTime => One(Types.CurrentTime),
        Types.ReadConfiguration => One(Types.Configuration),
        Types.ReadContractedPowers => One(Types.ContractedPowers),
        Types.ReadHolidays => One(Types.Holidays),
        Types.ReadContractObjects => One(Types.ContractObjects),
        Types.ReadFurtherConfiguration => One(Types.FurtherConfiguration),
        Types.ReadInstantaneousValues => One(Types.InstantaneousValues),
        Types.ReadPointParameters => One(Types.PointParameters),
        Types.ReadClockChangeDates => One(Types.ClockChangeDates),
        Types.ReadEvents or Types.ReadEventsInRange => Series(Types.Events),
        Types.ReadIntegratedTotals => Series(Types.IntegratedTotals),
        Types.ReadIncrementalTotals => Series(Types.IncrementalTotals),
        Types.ReadCurrentTariff => Series(Types.CurrentTariff),
        Types.ReadStoredTariff => Series(Types.StoredTariff),
        Types.ReadIntegratedTotalBlocks => Series(Types.IntegratedTotalBlocks),
        Types.ReadIncrementalTotalBlocks => Series(Types.IncrementalTotalBlocks),
        Types.SetClock or Types.Login or Types.EndSession => new(ConversationPattern.Command, request),
        _ => null,
    };

    private static Conversation One(TypeIdentification answer) => new(ConversationPattern.ReadOne, answer);

    private static Conversation Series(TypeIdentification answer) => new(ConversationPattern.ReadSeries, answer);
}
