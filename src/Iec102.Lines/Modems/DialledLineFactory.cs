namespace Iec102.Lines.Modems;

/// <summary>Opens a line by a call: waits for the modem, opens the line to it and dials. Closing the line hangs up.</summary>
/// <param name="modem">The modem, shared by all lines that are made with it.</param>
/// <param name="inner">Opens the line to the modem.</param>
/// <param name="options">Whom to call.</param>
/// <param name="time">The clock; the system's by default.</param>
public sealed class DialledLineFactory(
    Modem modem, ILineFactory inner, DialOptions options, TimeProvider? time = null) : ILineFactory
{
    private readonly TimeProvider _time = time ?? TimeProvider.System;

    /// <inheritdoc/>
    public string Address => $"{inner.Address} calls {options.Number}";

    /// <inheritdoc/>
    public async ValueTask<ILine> OpenAsync(CancellationToken ct)
    {
        await modem.TakeAsync(ct);
        try
        {
            var line = await inner.OpenAsync(ct);
            try
            {
                var dialogue = new ModemDialogue(line, inner.Address, _time);
                return new Call(modem, line, dialogue, options.Number, await dialogue.DialAsync(options, ct));
            }
            catch
            {
                await line.DisposeAsync();
                throw;
            }
        }
        catch
        {
            modem.Free();
            throw;
        }
    }
}
