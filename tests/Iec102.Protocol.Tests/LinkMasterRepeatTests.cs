using Iec102.Protocol.Application;
using Iec102.Protocol.Link;
using Iec102.Protocol.Time;
using Iec102.Testing;

namespace Iec102.Protocol.Tests;

/// <summary>
/// Lost, late, duplicated and foreign frames: what the master repeats, waits for, ignores and gives up (protocol notes 1.4 and 1.6).
/// </summary>
public class LinkMasterRepeatTests
{
    private static readonly TimeSpan ReplyTimeout = new LinkTiming().ReplyTimeout;
    private static readonly Request Increments =
        Request.ReadIncrementalTotals(1, 11, 1, 8, TimeTagA.Read(Octets.Of("01 80 2f 07 18")), TimeTagA.Read(Octets.Of("00 82 2f 07 18")));

    private readonly MasterScript _script = new();

    [Fact]
    public void A_late_answer_is_asked_for_by_the_same_octets_and_after_the_retries_the_link_is_given_up()
    {
        _script.LoggedIn().BeginSending(Request.ReadCurrentTime(1), Worked.ReadClock);
        for (var repeat = 0; repeat < 3; repeat++)
            _script.SilenceLeadsTo(Worked.ReadClock);
        _script.WaitForDeadline().ShouldBe(ReplyTimeout);
        _script.Result.Outcome.ShouldBe(ExchangeOutcome.NoAnswer);
        _script.Master.IsUp.ShouldBeFalse();
        _script.Master.Counters.Repeats.ShouldBe(3);
        _script.Master.Counters.Timeouts.ShouldBe(4);
    }

    [Fact]
    public void After_a_spent_budget_only_a_restart_is_possible_and_it_counts_a_new_epoch()
    {
        A_late_answer_is_asked_for_by_the_same_octets_and_after_the_retries_the_link_is_given_up();
        Should.Throw<InvalidOperationException>(() => _script.Begin(Request.ReadCurrentTime(1)));
        _script.Sent.Clear();
        _script.Begin(Request.Login(1, 1), restartLink: true);
        _script.Sent.ShouldBeEmpty("an answer to what was asked last may still come");
        _script.WaitForDeadline().ShouldBe(2 * MasterScript.RoundTrip);
        _script.Sent.ShouldBe([Worked.RequestLinkStatus]);
        _script.Answer(Worked.LinkStatus, Worked.Ack);
        _script.Sent[^1].ShouldBe(Worked.Login, "the count begins with FCB = 1 again");
        _script.Master.Epoch.ShouldBe(2);
        _script.Master.IsUp.ShouldBeTrue();
    }

    [Fact]
    public void An_answer_that_comes_faster_than_any_before_is_an_answer()
    {
        _script.Begin(Request.Login(1, 1), restartLink: true);
        _script.Take(Worked.LinkStatus, TimeSpan.FromSeconds(1));
        _script.Take(Worked.Ack, TimeSpan.FromSeconds(1));
        _script.Sent[^1].ShouldBe(Worked.Login);

        // The ACK of the login has the same octets as the ACK of the reset before it.
        _script.Take(Worked.Ack, TimeSpan.FromMilliseconds(1));

        _script.Sent[^1].ShouldBe(Worked.Poll0);
    }

    [Fact]
    public void After_a_repeat_the_second_answer_is_awaited_before_the_next_frame()
    {
        _script.LoggedIn().BeginSending(Request.ReadCurrentTime(1), Worked.ReadClock);
        _script.SilenceLeadsTo(Worked.ReadClock);
        _script.AnswerLeadsTo(null, Worked.Ack);
        _script.Master.QuietUntil.ShouldBe(_script.Now + 2 * MasterScript.RoundTrip);
        _script.AnswerLeadsTo(Worked.Poll0, Worked.Ack);
        _script.AnswerLeadsTo(null, Worked.Clock);
        _script.Result.Outcome.ShouldBe(ExchangeOutcome.Completed);
    }

    [Fact]
    public void The_wait_for_a_second_answer_ends_after_twice_the_slowest_round_trip()
    {
        _script.LoggedIn().BeginSending(Request.ReadCurrentTime(1), Worked.ReadClock);
        _script.SilenceLeadsTo(Worked.ReadClock);
        _script.AnswerLeadsTo(null, Worked.Ack);
        _script.WaitForDeadline().ShouldBe(2 * MasterScript.RoundTrip);
        _script.Sent[^1].ShouldBe(Worked.Poll0);
    }

    [Fact]
    public void Where_no_round_trip_was_seen_the_second_answer_may_take_as_long_as_any()
    {
        _script.Begin(Request.Login(1, 1), restartLink: true);
        _script.SilenceLeadsTo(Worked.RequestLinkStatus);
        _script.AnswerLeadsTo(null, Worked.LinkStatus);
        _script.WaitForDeadline().ShouldBe(ReplyTimeout);
        _script.Sent[^1].ShouldBe(Worked.ResetRemoteLink);
    }

    [Fact]
    public void A_second_answer_later_than_the_guard_is_not_taken_for_that_of_the_next_poll()
    {
        // A lost "no data" would be harmless. But if it were taken for the answer to the next poll, the data that this poll brings would be
        // lost.
        _script.LoggedIn().Begin(Increments);
        _script.Answer(Worked.Ack);
        _script.SilenceLeadsTo(Worked.Poll0);
        _script.Answer(Worked.NoData);
        _script.WaitForDeadline();
        _script.Sent[^1].ShouldBe(Worked.Poll1);
        _script.AnswerLeadsTo(null, Worked.NoData);
        _script.AnswerLeadsTo(Worked.Poll0, Worked.IncrementsConfirmed);
    }

    [Fact]
    public void When_no_other_answer_follows_a_late_copy_the_poll_is_repeated()
    {
        _script.LoggedIn().Begin(Increments);
        _script.Answer(Worked.Ack);
        _script.SilenceLeadsTo(Worked.Poll0);
        _script.Answer(Worked.NoData);
        _script.WaitForDeadline();
        _script.AnswerLeadsTo(null, Worked.NoData);
        _script.SilenceLeadsTo(Worked.Poll1);
        _script.Answer(Worked.NoData);
        _script.WaitForDeadline();
        _script.Sent[^1].ShouldBe(Worked.Poll0, "the meter said it to this poll too");
    }

    [Fact]
    public void Data_that_the_line_doubles_is_taken_once()
    {
        _script.LoggedIn().Begin(Increments);
        _script.Answer(Worked.Ack, Worked.IncrementsConfirmed, Worked.Hour1);
        _script.AnswerLeadsTo(null, Worked.Hour1);
        _script.AnswerLeadsTo(Worked.Poll1, Worked.Hour2);
        _script.AnswerLeadsTo(null, Worked.Hour2);
        _script.Answer(Worked.IncrementsEnded);
        _script.Data.ShouldBe([Octets.Hex(Octets.Frame(Worked.Hour1).Asdu), Octets.Hex(Octets.Frame(Worked.Hour2).Asdu)]);
        _script.Result.Outcome.ShouldBe(ExchangeOutcome.Completed);
    }

    [Fact]
    public void When_the_line_doubles_data_and_loses_the_next_the_poll_is_repeated_and_nothing_is_skipped()
    {
        _script.LoggedIn().Begin(Increments);
        _script.Answer(Worked.Ack, Worked.IncrementsConfirmed, Worked.Hour1);
        _script.Sent[^1].ShouldBe(Worked.Poll0);
        _script.AnswerLeadsTo(null, Worked.Hour1);
        _script.SilenceLeadsTo(Worked.Poll0);
        _script.AnswerLeadsTo(null, Worked.Hour2);
        _script.WaitForDeadline();
        _script.Answer(Worked.IncrementsEnded);
        _script.Data.Count.ShouldBe(2);
        _script.Result.Outcome.ShouldBe(ExchangeOutcome.Completed);
    }

    [Fact]
    public void A_meter_that_answers_a_repeated_poll_with_the_data_before_gets_a_new_poll()
    {
        _script.LoggedIn().Begin(Increments);
        _script.Answer(Worked.Ack, Worked.IncrementsConfirmed, Worked.Hour1, Worked.Hour1);
        _script.SilenceLeadsTo(Worked.Poll0);
        _script.Answer(Worked.Hour1);
        _script.WaitForDeadline();
        _script.Sent[^1].ShouldBe(Worked.Poll1);
        _script.AnswerLeadsTo(Worked.Poll0, Worked.Hour2);
        _script.Data.Count.ShouldBe(2);
    }

    [Fact]
    public void Doubled_acknowledgements_are_ignored()
    {
        _script.LoggedIn().Begin(Request.ReadCurrentTime(1));
        _script.Answer(Worked.Ack);
        _script.AnswerLeadsTo(null, Worked.Ack);
        _script.Answer(Worked.Clock, Worked.Clock);
        _script.Result.Outcome.ShouldBe(ExchangeOutcome.Completed);
        _script.Data.Count.ShouldBe(1);
        _script.Master.Counters.StrayFrames.ShouldBe(2);
    }

    [Fact]
    public void An_answer_of_the_wrong_kind_means_out_of_step()
    {
        _script.LoggedIn().Begin(Increments);
        _script.Answer(Worked.Clock);
        _script.Result.Outcome.ShouldBe(ExchangeOutcome.OutOfStep);
        _script.Master.IsUp.ShouldBeFalse();
    }

    [Fact]
    public void An_unasked_answer_in_a_pause_means_out_of_step()
    {
        _script.LoggedIn().Begin(Increments);
        _script.Answer(Worked.Ack, Worked.NoData, Worked.IncrementsConfirmed);
        _script.Result.Outcome.ShouldBe(ExchangeOutcome.OutOfStep);
    }

    [Fact]
    public void A_late_answer_to_the_request_before_means_out_of_step()
    {
        _script.LoggedIn().Begin(Request.ReadCurrentTime(1));
        _script.Answer(Worked.Ack, Worked.Clock);
        _script.Begin(Increments);
        _script.Answer(Worked.Ack, Worked.Clock);
        _script.Result.Outcome.ShouldBe(ExchangeOutcome.OutOfStep);
        _script.Data.Count.ShouldBe(1);
    }

    [Fact]
    public void Data_before_the_mirror_that_names_the_range_belongs_to_another_series()
    {
        _script.LoggedIn().Begin(Increments);
        _script.Answer(Worked.Ack, Worked.Hour1);
        _script.Result.Outcome.ShouldBe(ExchangeOutcome.OutOfStep);
        _script.Data.ShouldBeEmpty();
    }

    [Fact]
    public void The_mirror_of_another_range_belongs_to_another_series()
    {
        _script.LoggedIn().Begin(Request.ReadIncrementalTotals(
            1, 11, 1, 8, TimeTagA.Read(Octets.Of("01 80 30 07 18")), TimeTagA.Read(Octets.Of("00 82 30 07 18"))));
        _script.Answer(Worked.Ack, Worked.IncrementsConfirmed);
        _script.Result.Outcome.ShouldBe(ExchangeOutcome.OutOfStep);
    }

    [Fact]
    public void Frames_of_other_meters_and_own_frames_coming_back_are_counted_and_ignored()
    {
        _script.LoggedIn().Begin(Request.ReadCurrentTime(1));
        _script.AnswerLeadsTo(null, Worked.ReadClock);
        _script.AnswerLeadsTo(null, "10 00 02 00 02 16");
        _script.AnswerLeadsTo(Worked.Poll0, Worked.Ack);
        _script.AnswerLeadsTo(null, Worked.Poll0);
        _script.Answer(Worked.Clock);
        _script.Result.Outcome.ShouldBe(ExchangeOutcome.Completed);
        _script.Master.Counters.Echoes.ShouldBe(2);
        _script.Master.Counters.ForeignFrames.ShouldBe(1);
        _script.Master.Counters.StrayFrames.ShouldBe(0);
    }

    [Fact]
    public void Frames_outside_an_exchange_change_nothing()
    {
        _script.LoggedIn().AnswerLeadsTo(null, Worked.Clock);
        _script.AnswerLeadsTo(null, Worked.LoggedIn);
        _script.Master.IsUp.ShouldBeTrue();
        _script.BeginSending(Request.ReadCurrentTime(1), Worked.ReadClock);
    }

    [Fact]
    public void While_the_link_restarts_old_answers_are_passed_over()
    {
        _script.Begin(Request.Login(1, 1), restartLink: true);
        _script.AnswerLeadsTo(null, Worked.Hour1);
        _script.AnswerLeadsTo(null, Worked.Ack);
        _script.AnswerLeadsTo(Worked.ResetRemoteLink, Worked.LinkStatus);
        _script.AnswerLeadsTo(null, Worked.Hour2);
        _script.AnswerLeadsTo(Worked.Login, Worked.Ack);
    }

    [Fact]
    public void The_acknowledgement_of_a_repeated_reset_is_not_taken_for_that_of_the_request()
    {
        _script.Begin(Request.Login(1, 1), restartLink: true);
        _script.Answer(Worked.LinkStatus);
        _script.SilenceLeadsTo(Worked.ResetRemoteLink);
        _script.Answer(Worked.Ack);
        _script.WaitForDeadline();
        _script.Sent[^1].ShouldBe(Worked.Login);
        _script.AnswerLeadsTo(null, Worked.Ack);
        _script.AnswerLeadsTo(Worked.Poll0, Worked.Ack);
    }

    [Fact]
    public void Octets_that_keep_coming_put_the_deadline_off_but_never_beyond_the_end_of_the_exchange()
    {
        _script.LoggedIn().Begin(Request.ReadCurrentTime(1), within: TimeSpan.FromSeconds(6));
        _script.Now += TimeSpan.FromSeconds(4.5);
        _script.Master.OnActivity(_script.Now);
        _script.Master.Deadline.ShouldBe(_script.Now + TimeSpan.FromSeconds(1.5));
        _script.WaitForDeadline();
        _script.Result.Outcome.ShouldBe(ExchangeOutcome.Expired);
        _script.Master.IsUp.ShouldBeFalse();
    }

    [Fact]
    public void The_time_a_frame_takes_on_the_wire_is_added_to_the_reply_timeout()
    {
        var script = new MasterScript(new LinkTiming { CharacterTime = TimeSpan.FromMilliseconds(1) }).LoggedIn();
        script.Begin(Request.ReadCurrentTime(1));
        script.WaitForDeadline().ShouldBe(ReplyTimeout + TimeSpan.FromMilliseconds(Octets.Of(Worked.ReadClock).Length));
    }

    [Fact]
    public void A_deadline_that_has_not_come_changes_nothing()
    {
        _script.LoggedIn().Begin(Request.ReadCurrentTime(1));
        _script.Master.OnDeadline(_script.Master.Deadline - TimeSpan.FromTicks(1)).ShouldBe(LinkEvents.None);
        _script.Master.IsBusy.ShouldBeTrue();
    }
}
