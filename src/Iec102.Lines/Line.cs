namespace Iec102.Lines;

/// <summary>Opens a line as it is configured. A factory is cheap and immutable, and can open its line any number of times.</summary>
public interface ILineFactory
{
    /// <summary>Where the line leads, for display: <c>tcp://192.0.2.10:4001</c> or <c>/dev/ttyUSB0 9600-8E1</c>.</summary>
    string Address { get; }

    /// <summary>Opens the line.</summary>
    /// <param name="ct">cancels the attempt; nothing stays open</param>
    /// <exception cref="LineException">the line cannot be opened; the message is one sentence that says why and what to do</exception>
    ValueTask<ILine> OpenAsync(CancellationToken ct);
}

/// <summary>
/// An open full-duplex channel of octets. It knows nothing of frames. At most one read and one write may be pending at a time. A pending
/// read holds no thread. Disposing the line ends pending calls with a <see cref="LineException"/>.
/// </summary>
public interface ILine : IAsyncDisposable
{
    /// <summary>Waits for octets and reads those that have arrived.</summary>
    /// <param name="buffer">receives the octets; at least one octet long</param>
    /// <param name="ct">cancels the wait; no octet is lost</param>
    /// <returns>how many octets were read; 0 when the far end closed the line</returns>
    /// <exception cref="LineException">the line is lost or closed</exception>
    ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken ct);

    /// <summary>
    /// Writes all octets as one uninterrupted frame. The call completes when they have been handed to the device or the network, not when
    /// they have been sent. On a serial line the frame is preceded by 33 idle bit times (FT1.2; protocol notes 1.1).
    /// </summary>
    /// <exception cref="LineException">the line is lost or closed</exception>
    ValueTask WriteAsync(ReadOnlyMemory<byte> octets, CancellationToken ct);

    /// <summary>How long one octet takes on the wire; zero where that is not known (TCP).</summary>
    TimeSpan CharacterTime { get; }

    /// <summary>
    /// Before the line is closed: has closing it drop what was written and has not left yet. A connection would otherwise deliver that
    /// minutes later, once a broken network works again. A line without such a store has nothing to do.
    /// </summary>
    void DropUnsent()
    {
    }
}

/// <summary>A line that is made with something that others need as well, such as a modem.</summary>
public interface ISharedLine : ILine
{
    /// <summary>Completes when somebody else waits; the line should then be closed as soon as its work is done.</summary>
    Task Wanted { get; }
}

/// <summary>A line cannot be opened, or has been lost. The message is one plain sentence that names the line and says what to do.</summary>
public sealed class LineException : IOException
{
    /// <summary>A failure without a known cause.</summary>
    public LineException() : base("The line failed.") { }

    /// <summary>A failure that the message explains.</summary>
    public LineException(string message) : base(message) { }

    /// <summary>A failure that the message explains, with the system's own error behind it.</summary>
    public LineException(string message, Exception? innerException) : base(message, innerException) { }

    /// <summary>The sentence for a line that its far end has closed.</summary>
    /// <param name="isSilent">Whether nothing has come from it: so do converters close whose line another program holds.</param>
    public static string Closed(bool isSilent) => isSilent
        ? "The far end closed the line before anything came; check that no other program holds the converter."
        : "The far end closed the line.";
}
