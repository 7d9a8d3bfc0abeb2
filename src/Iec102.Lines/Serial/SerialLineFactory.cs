namespace Iec102.Lines.Serial;

/// <summary>Opens the line on one serial device.</summary>
public sealed class SerialLineFactory : ILineFactory
{
    private readonly SerialLineOptions _options;
    private readonly TimeProvider _time;

    /// <summary>Makes a factory for one device.</summary>
    /// <param name="options">the device and its format</param>
    /// <param name="time">the clock that times the connect delay; the system's by default</param>
    /// <exception cref="ArgumentException">a part of the format is out of range</exception>
    public SerialLineFactory(SerialLineOptions options, TimeProvider? time = null)
    {
        if (!options.Format.IsValid) throw new ArgumentException("The line format has a part that is out of range.", nameof(options));
        _options = options;
        _time = time ?? TimeProvider.System;
    }

    /// <inheritdoc/>
    public string Address => $"{_options.Device} {_options.Format}";

    /// <inheritdoc/>
    public async ValueTask<ILine> OpenAsync(CancellationToken ct)
    {
        // Not on the caller's thread, because some drivers talk to the adapter before they return.
        var line = await Task.Run(Open, ct);
        try
        {
            await Task.Delay(_options.ConnectDelay, _time, ct);
            return line;
        }
        catch
        {
            await line.DisposeAsync();
            throw;
        }
    }

    private ILine Open() => _options.Driver == SerialDriver.Termios ? SerialDevice.Open(_options) : SerialPortLine.Open(_options);
}
