namespace Iec102.Faults.Tests.Talkers;

/// <summary>The judge of what the far ends saw notices what must not be.</summary>
public sealed class TalkRecordTests
{
    private const string A = "198.18.0.1";
    private const string B = "198.18.0.2";

    [Fact]
    public void One_after_the_other_is_no_offence_even_when_the_first_has_not_hung_up()
    {
        var record = TalkRecord.Of(
            Opened(0, A), Frame(1, A), Opened(5, B), Frame(6, B), Closed(7, A), Frame(8, B), Opened(9, A, 2), Frame(9, A, 2));

        record.Offences().ShouldBeEmpty();
        record.Moves("line-1", At(0), At(10)).ShouldBe(2);
        record.Moves("line-1", At(6), At(10)).ShouldBe(1);
        record.Last("line-1")!.From.ToString().ShouldBe(A);
    }

    [Fact]
    public void An_old_owner_that_talks_after_its_successor_connected_is_an_offence()
    {
        var record = TalkRecord.Of(Opened(0, A), Frame(1, A), Opened(5, B), Frame(6, B), Frame(7, A), Frame(8, B));

        record.Offences().ShouldHaveSingleItem().ShouldBe(
            $"line-1: {A}:1 sent a frame at 12:00:07.000 although {B} had connected meanwhile");
        record.Frames("line-1", A, At(2)).ShouldBe(1);
    }

    [Fact]
    public void The_order_in_the_record_counts_within_a_millisecond() =>
        TalkRecord.Of(Opened(0, A), Opened(0, B), Frame(0, A)).Offences().Count.ShouldBe(1);

    [Fact]
    public void A_second_connection_of_the_same_node_is_no_offence() =>
        TalkRecord.Of(Opened(0, A), Opened(1, A, 2), Frame(2, A, 2), Frame(3, A)).Offences().ShouldBeEmpty();

    [Fact]
    public void Other_lines_have_owners_of_their_own() =>
        TalkRecord.Of(Opened(0, A), Opened(1, B).Replace("line-1", "line-2", StringComparison.Ordinal), Frame(2, A))
            .Offences().ShouldBeEmpty();

    [Theory]
    [InlineData(0, 20, 9)]
    [InlineData(2, 20, 9)]
    [InlineData(0, 10, 7)]
    [InlineData(13, 20, 8)]
    [InlineData(12, 14, 2)]
    public void The_longest_silence_of_a_span_begins_with_the_last_frame_before_it_and_ends_with_the_span(int from, int to, int seconds)
    {
        var record = TalkRecord.Of(Opened(0, A), Frame(1, A), Frame(3, A), Opened(9, B), Frame(12, B));

        record.LongestSilence("line-1", At(from), At(to)).ShouldBe(TimeSpan.FromSeconds(seconds));
    }

    private static DateTimeOffset At(int second) => new(2026, 11, 29, 12, 0, second, TimeSpan.Zero);

    private static string Opened(int second, string from, int port = 1) => Line(second, from, port, "opened");

    private static string Frame(int second, string from, int port = 1) => Line(second, from, port, "frame");

    private static string Closed(int second, string from, int port = 1) => Line(second, from, port, "closed");

    private static string Line(int second, string from, int port, string what) =>
        $"2026-11-29T12:00:{second:00}.000Z line-1 {from}:{port} {what}";
}
