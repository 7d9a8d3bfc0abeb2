using Iec102.Protocol.Application;
using Iec102.Protocol.Link;
using Iec102.Testing;

namespace Iec102.Protocol.Tests;

/// <summary>Requests whose conversation is unknown, passed on for another master (protocol notes 4.1 and 4.2).</summary>
public class UnknownConversationTests
{
    private const string Signature = "b4 01 06 01 00 0b 01 08 01 80 2f 07 18 00 82 2f 07 18";
    private static readonly string Confirmed = Frame(Signature.Replace("b4 01 06", "b4 01 07", StringComparison.Ordinal));
    private static readonly string Ended = Frame(Signature.Replace("b4 01 06", "b4 01 0a", StringComparison.Ordinal));
    private static readonly string Refused = Frame(Signature.Replace("b4 01 06", "b4 01 0e", StringComparison.Ordinal));
    private static readonly string Answered = Frame("80 01 05 01 00 0b 11 22 33 44");

    private readonly MasterScript _script = new MasterScript().LoggedIn();

    public UnknownConversationTests()
    {
        var request = Request.Unchanged(Octets.Asdu(Octets.Of(Signature)));
        request.Asdu.ToArray().ShouldBe(Octets.Of(Signature));
        _script.Begin(request);
        _script.Answer(Worked.Ack);
    }

    [Fact]
    public void A_series_ends_with_its_mirror()
    {
        _script.Answer(Confirmed, Answered, Ended);
        _script.Result.Outcome.ShouldBe(ExchangeOutcome.Completed);
        _script.Master.IsBusy.ShouldBeFalse();
        _script.Data.Count.ShouldBe(2);
    }

    [Fact]
    public void A_command_ends_when_the_meter_has_nothing_more_to_say()
    {
        _script.Answer(Confirmed);
        _script.Master.IsBusy.ShouldBeTrue();
        _script.Answer(Worked.NoData);
        _script.Result.Outcome.ShouldBe(ExchangeOutcome.Completed);
    }

    [Fact]
    public void A_single_answer_ends_so_too()
    {
        _script.Answer(Answered, Worked.NoData);
        _script.Result.Outcome.ShouldBe(ExchangeOutcome.Completed);
        _script.Data.Count.ShouldBe(1);
    }

    [Fact]
    public void No_data_before_anything_has_come_is_a_busy_meter()
    {
        _script.Answer(Worked.NoData);
        _script.Master.IsBusy.ShouldBeTrue();
    }

    [Fact]
    public void A_refusal_ends_it()
    {
        _script.Answer(Refused);
        _script.Result.ShouldBe(new ExchangeResult(ExchangeOutcome.Refused, CauseOfTransmission.TypeNotAvailable));
    }

    [Fact]
    public void A_known_type_keeps_its_conversation()
    {
        var clock = Request.Unchanged(Octets.AsduOf(Worked.ReadClock));
        clock.Pattern.ShouldBe(ConversationPattern.ReadOne);
        clock.AnswerType.ShouldBe(TypeIdentification.CurrentTime);
    }

    private static string Frame(string asdu)
    {
        var frame = new byte[Protocol.Link.Frame.MaxLength];
        var length = FrameWriter.WriteVariable(frame, ControlField.OfMeter(SecondaryFunction.UserData), 1, Octets.Of(asdu));
        return Octets.Hex(frame.AsSpan(0, length));
    }
}
