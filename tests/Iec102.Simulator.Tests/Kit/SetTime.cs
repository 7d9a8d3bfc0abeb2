using NodaTime;
using NodaTime.Text;

namespace Iec102.Simulator.Tests;

/// <summary>A clock that stands still at the time to which it was set.</summary>
internal sealed class SetTime : TimeProvider
{
    public SetTime(string iso) => Set(iso);

    public Instant Now { get; set; }

    public void Set(string iso) => Now = OffsetDateTimePattern.Rfc3339.Parse(iso).Value.ToInstant();

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => Now.ToDateTimeOffset();

    public override long GetTimestamp() => Now.ToUnixTimeTicks();
}

/// <summary>A clock that stands still until somebody waits, and then jumps to the moment that is waited for.</summary>
internal sealed class JumpingTime : TimeProvider
{
    private long _ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref _ticks);

    public override DateTimeOffset GetUtcNow() => new DateTimeOffset(2024, 7, 16, 12, 0, 0, TimeSpan.Zero).AddTicks(GetTimestamp());

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Interlocked.Add(ref _ticks, dueTime.Ticks);
        callback(state);
        return new Rung();
    }

    private sealed class Rung : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => false;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
