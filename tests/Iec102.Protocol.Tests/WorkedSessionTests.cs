using Iec102.Protocol.Application;
using Iec102.Protocol.Link;
using Iec102.Protocol.Time;
using Iec102.Testing;

namespace Iec102.Protocol.Tests;

/// <summary>The complete session in the protocol notes 1.7, octet for octet, from both sides.</summary>
public class WorkedSessionTests
{
    private static readonly TimeTagA From = TimeTagA.Read(Octets.Of("01 80 2f 07 18"));
    private static readonly TimeTagA To = TimeTagA.Read(Octets.Of("00 82 2f 07 18"));

    [Fact]
    public void The_master_sends_it()
    {
        var script = new MasterScript();
        script.Begin(Request.Login(1, 1), restartLink: true);
        script.Sent.ShouldBe([Worked.RequestLinkStatus]);
        script.AnswerLeadsTo(Worked.ResetRemoteLink, Worked.LinkStatus);
        script.AnswerLeadsTo(Worked.Login, Worked.Ack);
        script.AnswerLeadsTo(Worked.Poll0, Worked.Ack);
        script.AnswerLeadsTo(null, Worked.LoggedIn);
        script.Result.ShouldBe(new ExchangeResult(ExchangeOutcome.Completed, CauseOfTransmission.ActivationConfirmation));

        script.BeginSending(Request.ReadCurrentTime(1), Worked.ReadClock);
        script.AnswerLeadsTo(Worked.Poll0, Worked.Ack);
        script.AnswerLeadsTo(null, Worked.Clock);
        script.Result.ShouldBe(new ExchangeResult(ExchangeOutcome.Completed, CauseOfTransmission.Request));

        script.BeginSending(Request.ReadIncrementalTotals(1, 11, 1, 8, From, To), Worked.ReadIncrements);
        script.AnswerLeadsTo(Worked.Poll0, Worked.Ack);
        script.AnswerLeadsTo(Worked.Poll1, Worked.IncrementsConfirmed);
        script.AnswerLeadsTo(Worked.Poll0, Worked.Hour1);
        script.AnswerLeadsTo(Worked.Poll1, Worked.Hour2);
        script.AnswerLeadsTo(null, Worked.IncrementsEnded);
        script.Result.ShouldBe(new ExchangeResult(ExchangeOutcome.Completed, CauseOfTransmission.ActivationTermination));

        script.BeginSending(Request.EndSession(1), Worked.EndSession);
        script.AnswerLeadsTo(Worked.Poll1, Worked.Ack);
        script.AnswerLeadsTo(null, Worked.SessionEnded);
        script.Result.ShouldBe(new ExchangeResult(ExchangeOutcome.Completed, CauseOfTransmission.ActivationConfirmation));

        script.Data.ShouldBe(new[] { Worked.Clock, Worked.Hour1, Worked.Hour2 }.Select(frame => Octets.Hex(Octets.Frame(frame).Asdu)));
        script.Master.Counters.FramesSent.ShouldBe(13);
        script.Master.Counters.FramesReceived.ShouldBe(13);
        script.Master.Counters.Repeats.ShouldBe(0);
        script.Master.Counters.StrayFrames.ShouldBe(0);
        script.Master.Epoch.ShouldBe(1);
    }

    [Fact]
    public void The_slave_answers_it()
    {
        var application = new ScriptedApplication();
        var slave = new LinkSlave(1, application);
        Says(slave, Worked.RequestLinkStatus, Worked.LinkStatus);
        Says(slave, Worked.ResetRemoteLink, Worked.Ack);
        Says(slave, Worked.Login, Worked.Ack);
        application.WillAnswer(Worked.LoggedIn);
        Says(slave, Worked.Poll0, Worked.LoggedIn);
        Says(slave, Worked.ReadClock, Worked.Ack);
        application.WillAnswer(Worked.Clock);
        Says(slave, Worked.Poll0, Worked.Clock);
        Says(slave, Worked.ReadIncrements, Worked.Ack);
        application.WillAnswer(Worked.IncrementsConfirmed, Worked.Hour1, Worked.Hour2, Worked.IncrementsEnded);
        Says(slave, Worked.Poll0, Worked.IncrementsConfirmed);
        Says(slave, Worked.Poll1, Worked.Hour1);
        Says(slave, Worked.Poll0, Worked.Hour2);
        Says(slave, Worked.Poll0, Worked.Hour2); // the repeat in the notes' example gets the same answer, and the series does not advance
        Says(slave, Worked.Poll1, Worked.IncrementsEnded);
        Says(slave, Worked.EndSession, Worked.Ack);
        application.WillAnswer(Worked.SessionEnded);
        Says(slave, Worked.Poll1, Worked.SessionEnded);
        Says(slave, Worked.Poll0, Worked.NoData);

        application.Requests.ShouldBe(new[] { Worked.Login, Worked.ReadClock, Worked.ReadIncrements, Worked.EndSession }
            .Select(frame => Octets.Hex(Octets.Frame(frame).Asdu)));
        application.Resets.ShouldBe(1);
        slave.Repeats.ShouldBe(1);
    }

    private static void Says(LinkSlave slave, string request, string answer) =>
        Octets.Hex(slave.OnFrame(Octets.Frame(request))).ShouldBe(answer);
}
