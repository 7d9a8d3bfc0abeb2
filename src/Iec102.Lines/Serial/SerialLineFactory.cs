namespace Iec102.Lines;

/// <summary>Opens the line through one serial device.</summary>
public sealed class SerialLineFactory : ILineFactory
{
    private readonly SerialLineOptions _options;

    /// <summary>A factory for one device.</summary>
    /// <param name="options">the device and its format</param>
    /// <exception cref="ArgumentException">a part of the format is out of range</exception>
    public SerialLineFactory(SerialLineOptions options)
    {
        if (!options.Format.IsValid) throw new ArgumentException("The line format has a part that is out of range.", nameof(options));
        _options = options;
    }

    /// <inheritdoc/>
    public string Address => $"{_options.Device} {_options.Format}";

    /// <inheritdoc/>
    // Off the caller's thread: some drivers talk with the adapter before they return.
    public async ValueTask<ILine> OpenAsync(CancellationToken ct) =>
        await Task.Run(() => OperatingSystem.IsLinux() ? SerialDevice.Open(_options) : SerialPortLine.Open(_options), ct);
}
