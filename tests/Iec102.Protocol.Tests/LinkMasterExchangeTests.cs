using Iec102.Protocol.Application;
using Iec102.Protocol.Link;
using Iec102.Protocol.Time;
using Iec102.Testing;

namespace Iec102.Protocol.Tests;

/// <summary>The conversation patterns, refusals, busy meters, probes and cuts (protocol notes 1.3, 1.6 and 4.2).</summary>
public class LinkMasterExchangeTests
{
    private static readonly LinkTiming Timing = new();
    private static readonly Request Increments =
        Request.ReadIncrementalTotals(1, 11, 1, 8, TimeTagA.Read(Octets.Of("01 80 2f 07 18")), TimeTagA.Read(Octets.Of("00 82 2f 07 18")));

    private readonly MasterScript _script = new MasterScript().LoggedIn();

    [Fact]
    public void No_data_is_polled_again_with_the_other_count_after_pauses_that_double()
    {
        _script.Begin(Request.ReadCurrentTime(1));
        _script.Answer(Worked.Ack);
        (int Milliseconds, string Poll)[] pauses = [(500, Worked.Poll1), (1000, Worked.Poll0), (2000, Worked.Poll1), (2000, Worked.Poll0)];
        foreach (var (milliseconds, poll) in pauses)
        {
            _script.AnswerLeadsTo(null, Worked.NoData);
            _script.WaitForDeadline().ShouldBe(TimeSpan.FromMilliseconds(milliseconds));
            _script.Sent[^1].ShouldBe(poll);
        }

        _script.Answer(Worked.Clock);
        _script.Result.Outcome.ShouldBe(ExchangeOutcome.Completed);
    }

    [Fact]
    public void Content_makes_the_pauses_short_again()
    {
        _script.Begin(Increments);
        _script.Answer(Worked.Ack, Worked.NoData);
        _script.WaitForDeadline();
        _script.Answer(Worked.NoData);
        _script.WaitForDeadline().ShouldBe(TimeSpan.FromSeconds(1));
        _script.Answer(Worked.IncrementsConfirmed, Worked.NoData);
        _script.WaitForDeadline().ShouldBe(Timing.FirstPause);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Polls_without_content_end_at_the_limit_or_when_silence_would_have_ended_the_wait_for_a_single_answer(bool isSeries)
    {
        _script.Begin(isSeries ? Increments : Request.ReadCurrentTime(1), within: TimeSpan.FromHours(1));
        var began = _script.Now;
        _script.Answer(Worked.Ack);
        while (_script.Master.IsBusy)
        {
            _script.Answer(Worked.NoData);
            if (_script.Master.IsBusy)
                _script.WaitForDeadline();
        }

        _script.Result.Outcome.ShouldBe(ExchangeOutcome.Expired);
        var limit = isSeries ? Timing.NoContentLimit : (Timing.Retries + 1) * Timing.ReplyTimeout;
        (_script.Now - began).ShouldBeInRange(limit, limit + Timing.LongestPause + MasterScript.RoundTrip);
    }

    [Fact]
    public void A_meter_that_acknowledges_fast_may_take_20_s_to_collect_its_answer()
    {
        var script = new MasterScript(new LinkTiming { ReplyTimeout = TimeSpan.FromSeconds(1), Retries = 1 }).LoggedIn();
        script.Begin(Request.ReadCurrentTime(1));
        var began = script.Now;
        script.Answer(Worked.Ack);
        for (; script.Now - began < TimeSpan.FromSeconds(17); script.WaitForDeadline())
            script.Answer(Worked.NoData);
        script.Answer(Worked.Clock);
        script.Result.Outcome.ShouldBe(ExchangeOutcome.Completed);
    }

    [Fact]
    public void A_request_that_is_not_accepted_goes_again_with_the_other_count_within_the_budget()
    {
        _script.BeginSending(Request.ReadCurrentTime(1), Worked.ReadClock);
        _script.AnswerLeadsTo(null, Worked.Nack);
        _script.WaitForDeadline().ShouldBe(Timing.FirstPause);
        _script.Sent[^1].ShouldBe("68 09 09 68 53 01 00 67 00 05 01 00 00 c1 16");
        _script.Answer(Worked.Nack);
        _script.SilenceLeadsTo(Worked.ReadClock);
        _script.Answer(Worked.Nack);
        _script.WaitForDeadline();
        _script.Answer(Worked.Nack);
        _script.Result.Outcome.ShouldBe(ExchangeOutcome.NotAccepted);
        _script.Master.IsUp.ShouldBeFalse();
    }

    [Fact]
    public void A_full_buffer_is_given_a_pause()
    {
        _script.Begin(Request.ReadCurrentTime(1));
        _script.AnswerLeadsTo(null, Worked.AckBufferFull);
        _script.WaitForDeadline().ShouldBe(Timing.FirstPause);
        _script.Sent[^1].ShouldBe(Worked.Poll0);
    }

    [Theory]
    [InlineData("10 0e 01 00 0f 16")]
    [InlineData("10 0f 01 00 10 16")]
    public void A_link_service_that_does_not_work_ends_the_exchange(string answer)
    {
        _script.Begin(Request.ReadCurrentTime(1));
        _script.Answer(answer);
        _script.Result.Outcome.ShouldBe(ExchangeOutcome.NotAccepted);
    }

    [Theory]
    [InlineData(13)]
    [InlineData(14)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(18)]
    public void The_mirrored_request_with_a_cause_of_refusal_ends_every_pattern_and_the_link_stays_up(byte cause)
    {
        foreach (var request in (Request[])[Increments, Request.ReadCurrentTime(1), Request.SetClock(1, default)])
        {
            _script.Begin(request);
            _script.Answer(Worked.Ack, Mirror(request, cause));
            _script.Result.ShouldBe(new ExchangeResult(ExchangeOutcome.Refused, (CauseOfTransmission)cause));
            _script.Master.IsUp.ShouldBeTrue();
        }

        _script.Data.ShouldBeEmpty();
    }

    [Fact]
    public void Cause_18_of_the_notes_refuses_a_series()
    {
        _script.Begin(Increments);
        _script.Answer(Worked.Ack, Worked.IncrementsRefused);
        _script.Result.ShouldBe(new ExchangeResult(ExchangeOutcome.Refused, CauseOfTransmission.PeriodNotAvailable));
    }

    [Fact]
    public void A_negative_confirmation_is_a_refusal()
    {
        _script.Begin(Request.Login(1, 1));
        _script.Answer(Worked.Ack, Worked.LoginRefused);
        _script.Result.ShouldBe(new ExchangeResult(ExchangeOutcome.Refused, CauseOfTransmission.ActivationConfirmation, IsNegative: true));
    }

    [Fact]
    public void A_command_confirmed_with_any_other_cause_is_refused()
    {
        _script.Begin(Request.Login(1, 1));
        _script.Answer(Worked.Ack, Mirror(Request.Login(1, 1), 5));
        _script.Result.Outcome.ShouldBe(ExchangeOutcome.Refused);
    }

    [Fact]
    public void Some_meters_leave_the_time_out_when_they_confirm_a_clock_command()
    {
        _script.Begin(Request.SetClock(1, TimeTagB.Read(Octets.Of("fa 78 0f 0a 7b 03 18"))));
        _script.Answer(Worked.Ack, Frame("b5 01 07 01 00 00"));
        _script.Result.Outcome.ShouldBe(ExchangeOutcome.Completed);
    }

    [Fact]
    public void A_mirror_may_change_the_flags_of_the_time_tags_but_not_the_times()
    {
        _script.Begin(Increments);
        _script.Answer(
            Worked.Ack, Frame("7b 01 07 01 00 0b 01 08 81 00 0f c7 18 00 02 ef 37 98"),
            Worked.Hour1, Frame("7b 01 0a 01 00 0b 01 08 01 00 0f 07 18 00 02 0f 07 18"));
        _script.Result.Outcome.ShouldBe(ExchangeOutcome.Completed);
        _script.Data.Count.ShouldBe(1);
    }

    [Fact]
    public void An_empty_range_is_a_confirmation_and_an_end()
    {
        _script.Begin(Increments);
        _script.Answer(Worked.Ack, Worked.IncrementsConfirmed, Worked.IncrementsEnded);
        _script.Result.Outcome.ShouldBe(ExchangeOutcome.Completed);
        _script.Data.ShouldBeEmpty();
    }

    [Fact]
    public void Types_that_nobody_asked_for_are_passed_over()
    {
        _script.Begin(Increments);
        _script.Answer(Worked.Ack, Worked.IncrementsConfirmed, Frame("46 01 04 01 00 00"));
        _script.WaitForDeadline().ShouldBe(Timing.FirstPause);
        _script.Answer(Worked.Hour1, Worked.Hour2, Worked.IncrementsEnded);
        _script.Result.Outcome.ShouldBe(ExchangeOutcome.Completed);
        _script.Data.Count.ShouldBe(2);
        _script.Master.Counters.StrayFrames.ShouldBe(1);
    }

    [Theory]
    [InlineData("48 01 05 02 00 00 fa 78 0f 0a 7b 03 18")]
    [InlineData("48 01 05 01 00 0b fa 78 0f 0a 7b 03 18")]
    public void An_answer_for_another_point_or_record_is_not_taken(string asdu)
    {
        _script.Begin(Request.ReadCurrentTime(1));
        _script.Answer(Worked.Ack, Frame(asdu));
        _script.Result.Outcome.ShouldBe(ExchangeOutcome.OutOfStep);
        _script.Data.ShouldBeEmpty();
    }

    [Fact]
    public void A_single_character_acknowledges_a_request()
    {
        _script.Begin(Request.ReadCurrentTime(1));
        _script.AnswerLeadsTo(Worked.Poll0, "e5");
    }

    [Fact]
    public void Between_an_answer_and_the_next_frame_the_line_rests_as_long_as_configured()
    {
        var script = new MasterScript(Timing with { InterRequestDelay = TimeSpan.FromSeconds(1) });
        script.Begin(Request.Login(1, 1), restartLink: true);
        script.Sent.ShouldBe([Worked.RequestLinkStatus]);
        script.AnswerLeadsTo(null, Worked.LinkStatus);
        script.WaitForDeadline().ShouldBe(TimeSpan.FromSeconds(1));
        script.Sent[^1].ShouldBe(Worked.ResetRemoteLink);
    }

    [Fact]
    public void A_busy_meter_is_asked_for_its_status_again_before_the_reset()
    {
        var script = new MasterScript();
        script.Begin(Request.Login(1, 1), restartLink: true);
        script.AnswerLeadsTo(null, "10 1b 01 00 1c 16");
        script.SilenceLeadsTo(Worked.RequestLinkStatus);
        script.AnswerLeadsTo(Worked.ResetRemoteLink, Worked.LinkStatus);
        script.AnswerLeadsTo(null, Worked.Nack);
        script.SilenceLeadsTo(Worked.RequestLinkStatus);
        script.AnswerLeadsTo(Worked.ResetRemoteLink, Worked.LinkStatus);
        script.AnswerLeadsTo(Worked.Login, Worked.Ack);
    }

    [Fact]
    public void A_probe_asks_once_and_leaves_the_link_down()
    {
        var script = new MasterScript();
        script.Probe();
        script.Sent.ShouldBe([Worked.RequestLinkStatus]);
        script.Answer(Worked.LinkStatus);
        script.Result.Outcome.ShouldBe(ExchangeOutcome.Completed);
        script.Master.IsUp.ShouldBeFalse();

        script.Probe();
        script.WaitForDeadline().ShouldBe(Timing.ReplyTimeout);
        script.Result.Outcome.ShouldBe(ExchangeOutcome.NoAnswer);
        script.Sent.Count.ShouldBe(2);
        script.Master.Counters.Repeats.ShouldBe(0);
    }

    [Fact]
    public void A_probe_right_after_an_answer_waits_for_the_rest_of_the_line_first()
    {
        var script = new MasterScript(Timing with { InterRequestDelay = TimeSpan.FromMinutes(1) });
        script.Probe();
        script.Answer(Worked.LinkStatus);
        script.Probe();
        script.WaitForDeadline().ShouldBe(TimeSpan.FromMinutes(1));
        script.Sent.Count.ShouldBe(2);
        script.Answer(Worked.LinkStatus);
        script.Result.Outcome.ShouldBe(ExchangeOutcome.Completed);
    }

    [Fact]
    public void An_exchange_is_cut_at_its_next_answer_and_the_next_request_follows_in_step()
    {
        _script.Begin(Increments);
        _script.Answer(Worked.Ack, Worked.IncrementsConfirmed);
        _script.Master.Cut(_script.Now).ShouldBe(LinkEvents.None);
        _script.Sent[^1].ShouldBe(Worked.Poll1);
        _script.Answer(Worked.Hour1);
        _script.Result.Outcome.ShouldBe(ExchangeOutcome.Cut);
        _script.Data.Count.ShouldBe(1);
        _script.BeginSending(Request.ReadCurrentTime(1), "68 09 09 68 53 01 00 67 00 05 01 00 00 c1 16");
    }

    [Fact]
    public void In_a_pause_an_exchange_is_cut_at_once_and_the_count_of_the_unsent_poll_is_free()
    {
        _script.Begin(Increments);
        _script.Answer(Worked.Ack, Worked.NoData);
        _script.Sent[^1].ShouldBe(Worked.Poll0);
        _script.Master.Cut(_script.Now).ShouldBe(LinkEvents.Ended);
        _script.Result.Outcome.ShouldBe(ExchangeOutcome.Cut);
        _script.BeginSending(Request.ReadCurrentTime(1), Worked.ReadClock);
    }

    [Fact]
    public void A_cut_outside_an_exchange_does_not_reach_the_next_one()
    {
        _script.Master.Cut(_script.Now).ShouldBe(LinkEvents.None);
        _script.Begin(Request.ReadCurrentTime(1));
        _script.Answer(Worked.Ack, Worked.Clock);
        _script.Result.Outcome.ShouldBe(ExchangeOutcome.Completed);
    }

    [Fact]
    public void An_aborted_exchange_leaves_the_link_down()
    {
        _script.Begin(Request.ReadCurrentTime(1));
        _script.Master.Abort();
        _script.Master.IsBusy.ShouldBeFalse();
        Should.Throw<InvalidOperationException>(() => _script.Begin(Request.ReadCurrentTime(1)));
    }

    [Fact]
    public void Only_one_exchange_runs_at_a_time()
    {
        _script.Begin(Request.ReadCurrentTime(1));
        Should.Throw<InvalidOperationException>(() => _script.Begin(Request.ReadCurrentTime(1)));
        Should.Throw<InvalidOperationException>(() => _script.Probe());
    }

    [Fact]
    public void Nothing_is_allocated_for_an_exchange()
    {
        var master = _script.Master;
        var request = Request.ReadCurrentTime(1);
        var (ack, clock) = (Octets.Of(Worked.Ack), Octets.Of(Worked.Clock));
        Exchange(100);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Exchange(10_000);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);

        void Exchange(int times)
        {
            for (var i = 0; i < times; i++)
            {
                master.Begin(request, restartLink: false, _script.Now, TimeSpan.MaxValue);
                master.OnFrame(new Frame(ack), _script.Now);
                master.OnFrame(new Frame(clock), _script.Now);
            }
        }
    }

    private static string Mirror(Request request, byte cause)
    {
        var asdu = request.Asdu.ToArray();
        asdu[2] = cause;
        return Frame(Octets.Hex(asdu));
    }

    private static string Frame(string asdu)
    {
        var frame = new byte[Protocol.Link.Frame.MaxLength];
        return Octets.Hex(
            frame.AsSpan(0, FrameWriter.WriteVariable(frame, ControlField.OfMeter(SecondaryFunction.UserData), 1, Octets.Of(asdu))));
    }
}
