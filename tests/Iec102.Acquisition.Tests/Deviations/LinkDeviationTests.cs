using Iec102.Protocol.Application;
using Iec102.Protocol.Link;
using NodaTime;

namespace Iec102.Acquisition.Tests.Deviations;

/// <summary>Unusual behaviour of meters on the link layer (protocol notes 1.2, 1.3, 7.4 and 8).</summary>
public sealed class LinkDeviationTests : DeviationBench
{
    [Fact]
    public async Task No_data_polls_before_a_long_answer()
    {
        await ShouldReadEverything(Connect(new() { NoDataPolls = 3 }));

        Far.Seen.Count(frame => frame.Control.Primary == PrimaryFunction.RequestClass2).ShouldBeGreaterThan(15);
    }

    [Fact]
    public async Task NACK_to_a_request_that_is_to_be_sent_again_as_a_new_frame()
    {
        await ShouldReadEverything(Connect(new() { Nacks = 2 }));

        var logins = Far.Seen.Where(frame => frame.Type == TypeIdentification.Login).ToList();
        logins.Select(frame => frame.Control.FrameCountBit).ShouldBe([true, false, true]);
    }

    /// <summary>The meter would not hear a poll sent at once, which would cost a reply timeout and a repeat.</summary>
    [Fact]
    public async Task DFC_in_an_acknowledgement_is_given_a_pause() =>
        await ShouldReadEverything(Connect(new() { BufferFullFor = Duration.FromMilliseconds(400) }));

    [Fact]
    public async Task ACK_by_the_single_octet_E5() => await ShouldReadEverything(Connect(new() { AcknowledgesBySingleOctet = true }));
}
