namespace Iec102.Acquisition.Ports;

/// <summary>Which of two moments comes first.</summary>
internal static class Moments
{
    /// <summary>The earlier of two moments that may never come; null when neither does.</summary>
    public static TimeSpan? Earlier(TimeSpan? a, TimeSpan? b) => a is null || b < a ? b : a;

    public static TimeSpan Later(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
