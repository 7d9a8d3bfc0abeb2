
namespace Iec102.Server.Tests.Commands;

public sealed class DecodeTests
{
    private const string Status = "10 49 01 00 4a 16";
    private const string Login = "68 0d 0d 68 73 01 00 b7 01 06 01 00 00 4e 61 bc 00 9e 16";

    [Theory]
    [InlineData("104901004a16")]
    [InlineData("10 49 01 00 4A 16")]
    [InlineData("0x10,0x49,0x01,0x00,0x4a,0x16")]
    [InlineData("10:49:01:00:4a:16")]
    public async Task Octets_are_read_however_they_are_written(string hex)
    {
        var result = await Cli.RunAsync($"decode {hex}");

        result.Status.ShouldBe(0, result.Error);
        result.Lines[0].ShouldBe("Frame 1, 6 octets: C 49 FC9 link 1 | request link status");
        result.Lines.ShouldContain(line => line.Contains("checksum") && line.Contains("correct"));
    }

    [Fact]
    public async Task Several_frames_come_from_standard_input_with_their_offsets()
    {
        var result = await Cli.RunAsync("decode -", $"{Status}\n10 40 01 00 41 16,\n\t{Status}");

        result.Status.ShouldBe(0, result.Error);
        result.Lines.Where(line => line.StartsWith("Frame", StringComparison.Ordinal)).Select(line => line[..7])
            .ShouldBe(["Frame 1", "Frame 2", "Frame 3"]);
        Cells(result.Lines.Single(line => line.Contains("reset remote link") && line.Contains("control")))[0].ShouldBe("7");
    }

    [Fact]
    public async Task Junk_and_damage_are_shown_with_the_check_that_failed()
    {
        var result = await Cli.RunAsync($"decode ff ff {Status} 10 49 01 00 4b 16");

        result.Status.ShouldBe(0, result.Error);
        result.Output.ShouldContain("Not a frame: 2 octets, no start octet");
        result.Output.ShouldContain("the checksum is 4b but should be 4a");
        Cells(result.Lines.Single(line => line.Contains("FC9 request link status") && line.Contains("control") && Cells(line)[0] == "3"))[1]
            .ShouldBe("49");
    }

    [Fact]
    public async Task A_key_is_masked_unless_it_is_asked_for()
    {
        var masked = await Cli.RunAsync($"decode {Login}");
        var shown = await Cli.RunAsync($"decode --show-secrets {Login}");

        masked.Output.ShouldNotContain("4e 61 bc 00");
        masked.Output.ShouldContain("** ** ** **");
        shown.Output.ShouldContain("4e 61 bc 00");
    }

    [Theory]
    [InlineData("decode zz", 2)]
    [InlineData("decode 104", 2)]
    [InlineData("decode -", 2)]
    [InlineData("decode", 2)]
    [InlineData("decode ff00ff", 1)]
    public async Task What_is_no_hex_and_what_is_no_frame_are_told_apart(string line, int status) =>
        (await Cli.RunAsync(line)).Status.ShouldBe(status);

    [Fact]
    public async Task A_word_that_is_no_hex_is_named_with_its_place() =>
        (await Cli.RunAsync($"decode {Status} 1g")).Sentence.ShouldBe(
            "'1g' at octet 7 is not hexadecimal: write two digits for each octet.");

    private static string[] Cells(string line) => line.Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
