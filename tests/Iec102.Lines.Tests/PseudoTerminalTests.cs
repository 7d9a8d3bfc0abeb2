using Iec102.Lines.Serial;

namespace Iec102.Lines.Tests;

public sealed class PseudoTerminalTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("iec102-lines-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_link_that_has_passed_to_a_successor_is_left_to_it()
    {
        var link = Path.Combine(_folder, "meter");
        var first = new PseudoTerminal(link);
        await using var second = new PseudoTerminal(link);

        await first.DisposeAsync();

        await using var line = await new SerialLineFactory(new SerialLineOptions(link, LinePair.Format("115200-8N1"))).OpenAsync(default);
        await second.Line.WriteAsync(new byte[] { 9 }, default);
        (await line.ReadExactly(1)).ShouldBe([9]);
    }

    [Fact]
    public void A_file_in_the_place_of_a_link_is_not_overwritten()
    {
        var file = Path.Combine(_folder, "notes");
        File.WriteAllText(file, "kept");
        Should.Throw<LineException>(() => new PseudoTerminal(file)).Message.ShouldContain(file);
        File.ReadAllText(file).ShouldBe("kept");
    }
}
