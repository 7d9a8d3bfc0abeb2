namespace Iec102.Page.Components;

/// <summary>Moves what a live page says about time, such as how long ago something was; one for each open page.</summary>
/// <param name="time">The time.</param>
public sealed class Ticker(TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    private ITimer? _timer;

    /// <summary>Some seconds have passed; raised on any thread, in the language of the reader.</summary>
    public event Action? Ticked;

    /// <summary>Begins, unless it has begun.</summary>
    public void Begin() => _timer ??= time.CreateTimer(_ => Ticked?.Invoke(), null, Every, Every);

    /// <inheritdoc/>
    public void Dispose() => _timer?.Dispose();
}
