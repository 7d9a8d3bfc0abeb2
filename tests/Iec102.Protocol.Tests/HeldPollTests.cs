using Iec102.Protocol.Application;
using Iec102.Protocol.Link;
using Iec102.Testing;

namespace Iec102.Protocol.Tests;

/// <summary>A slave whose answer is not available yet when it is polled, for example because it must ask another meter first.</summary>
public class HeldPollTests
{
    private readonly LateApplication _application = new();
    private readonly LinkSlave _slave;

    public HeldPollTests()
    {
        _slave = new LinkSlave(1, _application);
        Says(Worked.ResetRemoteLink, Worked.Ack);
        Says(Worked.Login, Worked.Ack);
    }

    [Fact]
    public void A_poll_is_held_until_its_answer_is_there()
    {
        Says(Worked.Poll0, "");
        _slave.IsHeld.ShouldBeTrue();
        Sent(_slave.Resume(), "");
        _slave.IsHeld.ShouldBeTrue();

        _application.Answer = Worked.LoggedIn;
        Sent(_slave.Resume(), Worked.LoggedIn);
        _slave.IsHeld.ShouldBeFalse();
        Sent(_slave.Resume(), "");
    }

    [Fact]
    public void A_repeat_meanwhile_gets_one_answer_together_with_the_first()
    {
        Says(Worked.Poll0, "");
        Says(Worked.Poll0, "");
        Says(Worked.Poll0, "");

        _application.Answer = Worked.LoggedIn;
        Sent(_slave.Resume(), Worked.LoggedIn);
        _application.Polls.ShouldBe(2);
        // A repeat after that means that the answer was lost.
        Says(Worked.Poll0, Worked.LoggedIn);
    }

    [Fact]
    public void A_poll_that_was_held_long_enough_gets_no_data_and_so_do_its_repeats()
    {
        Says(Worked.Poll0, "");
        Sent(_slave.EndHold(), Worked.NoData);
        Sent(_slave.EndHold(), "");
        _application.Answer = Worked.LoggedIn;
        Sent(_slave.Resume(), "");
        Says(Worked.Poll0, Worked.NoData);
        Says(Worked.Poll1, Worked.LoggedIn);
    }

    [Fact]
    public void A_link_status_request_leaves_a_poll_held_and_a_reset_forgets_it()
    {
        Says(Worked.Poll0, "");
        Says(Worked.RequestLinkStatus, Worked.LinkStatus);
        _slave.IsHeld.ShouldBeTrue();
        Says(Worked.ResetRemoteLink, Worked.Ack);
        _slave.IsHeld.ShouldBeFalse();
        _application.Answer = Worked.LoggedIn;
        Sent(_slave.Resume(), "");
    }

    [Fact]
    public void A_new_frame_takes_the_place_of_a_held_poll()
    {
        // This master changes the FCB although it is repeating (protocol notes 7.1).
        Says(Worked.Poll0, "");
        Says(Worked.Poll1, "");
        _application.Answer = Worked.LoggedIn;
        Sent(_slave.Resume(), Worked.LoggedIn);

        Says(Worked.Poll0, "");
        Says(Worked.ReadClock, Worked.Ack);
        _slave.IsHeld.ShouldBeFalse();
    }

    [Fact]
    public void A_poll_that_is_to_get_nothing_gets_nothing_however_often_it_comes()
    {
        _application.WithoutAnswer = ISlaveApplication.Nothing;
        Says(Worked.Poll0, "");
        Says(Worked.Poll0, "");
        _slave.IsHeld.ShouldBeFalse();
        Sent(_slave.EndHold(), "");
        // A master that gives up and starts again gets answers.
        Says(Worked.RequestLinkStatus, Worked.LinkStatus);
        Says(Worked.ResetRemoteLink, Worked.Ack);
    }

    [Fact]
    public void A_request_can_be_left_without_an_answer()
    {
        _application.Verdict = RequestVerdict.Silence;
        Says(Worked.ResetRemoteLink, Worked.Ack);
        Says(Worked.Login, "");
        Says(Worked.Login, "");
    }

    private void Says(string frame, string answer)
    {
        var octets = Octets.Of(frame);
        Sent(_slave.OnFrame(Octets.Frame(octets)), answer);
    }

    private static void Sent(ReadOnlyMemory<byte> octets, string expected) => octets.ToArray().ShouldBe(Octets.Of(expected));

    private sealed class LateApplication : ISlaveApplication
    {
        public string? Answer { get; set; }

        public int WithoutAnswer { get; set; } = ISlaveApplication.NotYet;

        public RequestVerdict Verdict { get; set; } = RequestVerdict.Accept;

        public int Polls { get; private set; }

        public void OnReset()
        {
        }

        public RequestVerdict OnRequest(in Asdu request) => Verdict;

        public int NextAnswer(Span<byte> destination)
        {
            Polls++;
            if (Answer is not { } answer)
                return WithoutAnswer;
            Answer = null;
            var asdu = Octets.Frame(answer).Asdu;
            asdu.CopyTo(destination);
            return asdu.Length;
        }
    }
}
