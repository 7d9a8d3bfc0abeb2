using Iec102.Lines;

namespace Iec102.Cluster.Leases;

/// <summary>
/// Opens the line of a floating port for as long as its guard is open. The guard is looked at before each write; when it closes, the line
/// is closed at once, whether or not anybody writes.
/// </summary>
/// <param name="inner">Opens the line.</param>
/// <param name="guard">The guard of the port.</param>
public sealed class GuardedLineFactory(ILineFactory inner, Guard guard) : ILineFactory
{
    /// <inheritdoc/>
    public string Address => inner.Address;

    /// <inheritdoc/>
    public async ValueTask<ILine> OpenAsync(CancellationToken ct)
    {
        if (!guard.IsOpen)
            throw new LineException(guard.Refusal);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ct, guard.Closed);
        ILine line;
        try
        {
            line = await inner.OpenAsync(both.Token);
        }
        catch (OperationCanceledException) when (guard.Closed.IsCancellationRequested)
        {
            throw new LineException(guard.Refusal);
        }

        GuardedLine guarded = line is ISharedLine shared ? new GuardedSharedLine(shared, guard) : new GuardedLine(line, guard);
        if (guard.IsOpen)
            return guarded;
        await guarded.DisposeAsync();
        throw new LineException(guard.Refusal);
    }

    private class GuardedLine : ILine
    {
        private readonly ILine _inner;
        private readonly Guard _guard;
        private readonly CancellationTokenRegistration _closing;

        public GuardedLine(ILine inner, Guard guard)
        {
            (_inner, _guard) = (inner, guard);
            _closing = guard.Closed.Register(() => _ = CloseAsync());
        }

        public TimeSpan CharacterTime => _inner.CharacterTime;

        public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken ct)
        {
            try
            {
                return await _inner.ReadAsync(buffer, ct);
            }
            catch (LineException error) when (_guard.Closed.IsCancellationRequested)
            {
                throw new LineException(_guard.Refusal, error);
            }
        }

        public ValueTask WriteAsync(ReadOnlyMemory<byte> octets, CancellationToken ct) =>
            _guard.IsOpen ? _inner.WriteAsync(octets, ct) : throw new LineException(_guard.Refusal);

        public void DropUnsent() => _inner.DropUnsent();

        public async ValueTask DisposeAsync()
        {
            _closing.Unregister();
            await GiveUpAsync();
        }

        /// <summary>What has not left yet must not arrive once another node talks on the line.</summary>
        private ValueTask GiveUpAsync()
        {
            _inner.DropUnsent();
            return _inner.DisposeAsync();
        }

        private async Task CloseAsync()
        {
            try
            {
                await GiveUpAsync();
            }
            catch (IOException)
            {
                // The line is given up; a failure to close it changes nothing.
            }
        }
    }

    private sealed class GuardedSharedLine(ISharedLine inner, Guard guard) : GuardedLine(inner, guard), ISharedLine
    {
        public Task Wanted => inner.Wanted;
    }
}
