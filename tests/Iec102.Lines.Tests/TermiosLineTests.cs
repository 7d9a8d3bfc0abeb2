using Iec102.Lines.Serial;

namespace Iec102.Lines.Tests;

public sealed class TermiosLineTests() : SerialLineSpecification(SerialDriver.Termios)
{
    [Fact]
    public async Task A_device_is_opened_once_only()
    {
        await using var terminal = new PseudoTerminal();
        await using var first = await Factory(terminal.Device).OpenAsync(default);

        (await OpeningFails(terminal.Device)).ShouldContain($"{terminal.Device} is in use");
    }

    [Fact]
    public async Task A_pseudo_terminal_is_opened_in_formats_that_it_cannot_carry()
    {
        await using var pair = await Pair("9600-7E1");
        await pair.Near.WriteAsync(new byte[] { 1 }, default).Soon();
        (await pair.Far.ReadExactly(1)).ShouldBe([1]);
    }

    [Fact]
    public void Missing_permission_is_said_with_its_remedy()
    {
        var sentence = SerialFailure.Explain("/dev/ttyUSB0", Libc.EACCES);
        sentence.ShouldContain("No permission for the serial device /dev/ttyUSB0");
        sentence.ShouldContain("dialout");
    }
}
