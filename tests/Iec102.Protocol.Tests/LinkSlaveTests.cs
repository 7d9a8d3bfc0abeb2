using Iec102.Protocol.Link;
using Iec102.Testing;

namespace Iec102.Protocol.Tests;

public class LinkSlaveTests
{
    private readonly ScriptedApplication _application = new();
    private readonly LinkSlave _slave;

    public LinkSlaveTests() => _slave = new LinkSlave(1, _application);

    [Fact]
    public void A_repeated_frame_gets_the_last_answer_and_is_not_processed_again()
    {
        Says(Worked.ResetRemoteLink, Worked.Ack);
        Says(Worked.Login, Worked.Ack);
        Says(Worked.Login, Worked.Ack);
        _application.WillAnswer(Worked.LoggedIn, Worked.Clock);
        Says(Worked.Poll0, Worked.LoggedIn);
        Says(Worked.Poll0, Worked.LoggedIn);
        Says(Worked.Poll0, Worked.LoggedIn);
        Says(Worked.Poll1, Worked.Clock);
        _application.Requests.Count.ShouldBe(1);
        _slave.Repeats.ShouldBe(3);
    }

    [Fact]
    public void A_link_status_request_between_does_not_disturb_the_count()
    {
        Says(Worked.ResetRemoteLink, Worked.Ack);
        Says(Worked.Login, Worked.Ack);
        _application.WillAnswer(Worked.LoggedIn);
        Says(Worked.Poll0, Worked.LoggedIn);
        Says(Worked.RequestLinkStatus, Worked.LinkStatus);
        Says(Worked.Poll0, Worked.LoggedIn);
        Says(Worked.Poll1, Worked.NoData);
    }

    [Fact]
    public void After_a_reset_the_last_answer_is_forgotten()
    {
        Says(Worked.ResetRemoteLink, Worked.Ack);
        Says(Worked.Login, Worked.Ack);
        Says(Worked.ResetRemoteLink, Worked.Ack);
        Says(Worked.Poll0, "");
        _application.WillAnswer(Worked.Clock);
        Says(Worked.Poll1, Worked.Clock);
        _application.Resets.ShouldBe(2);
    }

    [Theory]
    [InlineData("10 49 02 00 4b 16")]
    [InlineData("10 40 ff ff 3e 16")]
    [InlineData("68 09 09 68 73 02 00 67 00 05 01 00 00 e2 16")]
    [InlineData(Worked.Ack)]
    [InlineData(Worked.LoggedIn)]
    [InlineData("e5")]
    [InlineData("10 42 01 00 43 16")]
    [InlineData("10 4b 01 00 4c 16")]
    [InlineData("68 09 09 68 43 01 00 67 00 05 01 00 00 b1 16")]
    public void Frames_for_others_and_frames_that_no_master_of_the_profile_sends_get_silence(string frame) => Says(frame, "");

    [Fact]
    public void Some_masters_never_reset_and_begin_with_the_login()
    {
        Says(Worked.Login, Worked.Ack);
        _application.WillAnswer(Worked.LoggedIn);
        Says(Worked.Poll0, Worked.LoggedIn);
        Says(Worked.ReadClock, Worked.Ack);
        // The master comes back and starts with FCB = 1 again, where the slave expects 0.
        Says(Worked.Login, Worked.Ack);
        _application.WillAnswer(Worked.LoggedIn);
        Says(Worked.Poll0, Worked.LoggedIn);
        _application.Requests.Count.ShouldBe(3);
        _slave.Repeats.ShouldBe(0);
    }

    [Fact]
    public void The_repeat_of_a_login_is_a_repeat()
    {
        Says(Worked.Login, Worked.Ack);
        Says(Worked.Login, Worked.Ack);
        _application.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public void Verdicts_become_ack_ack_with_full_buffer_and_nack()
    {
        _application.Verdict = RequestVerdict.AcceptBusy;
        Says(Worked.Login, Worked.AckBufferFull);
        _application.Verdict = RequestVerdict.Reject;
        Says("68 09 09 68 53 01 00 67 00 05 01 00 00 c1 16", Worked.Nack);
        Says("68 09 09 68 53 01 00 67 00 05 01 00 00 c1 16", Worked.Nack);
        _application.Verdict = RequestVerdict.Accept;
        Says(Worked.ReadClock, Worked.Ack);
        _application.Requests.Count.ShouldBe(3);
    }

    [Fact]
    public void Class_1_is_always_empty_and_counts_like_any_other_frame()
    {
        _application.WillAnswer(Worked.Clock);
        Says("10 7a 01 00 7b 16", Worked.NoData);
        Says(Worked.Poll0, Worked.Clock);
    }

    [Fact]
    public void Nothing_is_allocated_for_a_frame()
    {
        var poll0 = Octets.Of(Worked.Poll0);
        var poll1 = Octets.Of(Worked.Poll1);
        Exchange(100);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Exchange(10_000);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);

        void Exchange(int times)
        {
            for (var i = 0; i < times; i++)
            {
                _slave.OnFrame(new Frame(poll1));
                _slave.OnFrame(new Frame(poll0));
            }
        }
    }

    private void Says(string request, string answer) => Octets.Hex(_slave.OnFrame(Octets.Frame(request))).ShouldBe(answer);
}
