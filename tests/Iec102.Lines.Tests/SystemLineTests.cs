using Iec102.Lines.Serial;

namespace Iec102.Lines.Tests;

public sealed class SystemLineTests() : SerialLineSpecification(SerialDriver.System)
{
    /// <summary>
    /// System.IO.Ports ensures this for every user but root: it marks the device as exclusive (TIOCEXCL), which Linux does not enforce
    /// against root, and it exposes no descriptor that could be locked in addition.
    /// </summary>
    [Fact]
    public async Task A_device_is_opened_once_only_unless_by_root()
    {
        await using var terminal = new PseudoTerminal();
        await using var first = await Factory(terminal.Device).OpenAsync(default);

        if (Environment.IsPrivilegedProcess) await (await Factory(terminal.Device).OpenAsync(default)).DisposeAsync();
        else (await OpeningFails(terminal.Device)).ShouldContain($"{terminal.Device} is in use");
    }

    /// <summary>
    /// The termios driver tells pseudo terminals from real devices; under System.IO.Ports the C library reports an error when a setting was
    /// not applied.
    /// </summary>
    [Fact]
    public async Task A_format_that_the_driver_cannot_carry_is_refused()
    {
        await using var terminal = new PseudoTerminal();
        (await OpeningFails(terminal.Device, LinePair.Format("9600-8E1")))
            .ShouldBe($"The driver of {terminal.Device} does not offer 9600-8E1; choose a line format that the adapter supports.");
    }

    [Fact]
    public async Task An_rs485_transmitter_is_not_switched()
    {
        await using var terminal = new PseudoTerminal();
        var factory = new SerialLineFactory(
            new SerialLineOptions(terminal.Device, LinePair.Format("9600-8N1")) { Driver = SerialDriver.System, Rs485 = true });
        (await Should.ThrowAsync<LineException>(() => factory.OpenAsync(default).Soon())).Message.ShouldContain("set rs485 = off");
    }
}
