namespace Iec102.Server.Commands.Common;

/// <summary>How long something takes or has lasted, for people: the two largest units, rounded to a minute from one minute on.</summary>
internal static class DurationWords
{
    /// <summary>Such as "40 s", "12 min", "3 h 5 min" or "2 d 4 h".</summary>
    public static string Of(TimeSpan time) => InWords(
        time < TimeSpan.FromMinutes(1) ? time : TimeSpan.FromMinutes(Math.Round(time.TotalMinutes, MidpointRounding.AwayFromZero)));

    private static string InWords(TimeSpan time) => time switch
    {
        { TotalMinutes: < 1 } => $"{Math.Max(0, (int)time.TotalSeconds)} s",
        { TotalHours: < 1 } => $"{time.Minutes} min",
        { TotalDays: < 1 } => time.Minutes == 0 ? $"{time.Hours} h" : $"{time.Hours} h {time.Minutes} min",
        _ => time.Hours == 0 ? $"{time.Days} d" : $"{time.Days} d {time.Hours} h",
    };
}
