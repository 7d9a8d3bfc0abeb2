namespace Iec102.Server.Api;

/// <summary>The content of an answer, held back until it is complete, or let go when it turns out to be long or a stream.</summary>
/// <param name="output">Where it goes when it is let go.</param>
/// <param name="most">The most octets that are held back.</param>
/// <param name="isStream">Whether the answer is one that has no end, so that nothing of it may be held back.</param>
/// <param name="headOnly">Cancelled, instead of sending anything, when the content is let go; null when the content is wanted.</param>
internal sealed class HeldAnswer(Stream output, int most, Func<bool> isStream, CancellationTokenSource? headOnly) : Stream
{
    private readonly MemoryStream _held = new();

    /// <summary>Whether the content went on its way without waiting for its end.</summary>
    public bool IsLetGo { get; private set; }

    /// <summary>What is held back.</summary>
    public ReadOnlyMemory<byte> Content => _held.GetBuffer().AsMemory(0, (int)_held.Length);

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!IsLetGo && _held.Length + buffer.Length <= most && !isStream())
        {
            _held.Write(buffer.Span);
            return;
        }

        await LetGoAsync(cancellationToken);
        await output.WriteAsync(buffer, cancellationToken);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (isStream())
            await LetGoAsync(cancellationToken);
        if (IsLetGo)
            await output.FlushAsync(cancellationToken);
    }

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    // Writers flush without waiting when they are disposed of; what they have written is here already.
    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private async Task LetGoAsync(CancellationToken ct)
    {
        if (IsLetGo)
            return;
        IsLetGo = true;
        if (headOnly is not null)
        {
            await headOnly.CancelAsync();
            throw new OperationCanceledException(headOnly.Token);
        }

        await output.WriteAsync(Content, ct);
        _held.SetLength(0);
        _held.Capacity = 0;
    }
}
