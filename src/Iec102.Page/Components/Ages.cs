using System.Globalization;
using Microsoft.Extensions.Localization;

namespace Iec102.Page.Components;

/// <summary>How far away a moment is, in the largest unit of which at least two have passed.</summary>
public static class Ages
{
    /// <summary>Such as 5 min ago, or in 20 s.</summary>
    /// <param name="until">The time until the moment; negative when it has passed.</param>
    /// <param name="words">The words.</param>
    public static string Of(TimeSpan until, IStringLocalizer<Words> words) =>
        until < TimeSpan.Zero ? Of("age", -until, words) : Of("in", until, words);

    /// <summary>Such as for 5 min.</summary>
    public static string For(TimeSpan time, IStringLocalizer<Words> words) => Of("for", time, words);

    private static string Of(string direction, TimeSpan far, IStringLocalizer<Words> words)
    {
        if (far < TimeSpan.FromSeconds(1))
            return words["now"];
        var (unit, number) = far.TotalMinutes < 2 ? ("seconds", far.TotalSeconds)
            : far.TotalHours < 2 ? ("minutes", far.TotalMinutes)
            : far.TotalDays < 2 ? ("hours", far.TotalHours)
            : ("days", far.TotalDays);
        return words[$"{direction}.{unit}", Math.Floor(number).ToString("N0", CultureInfo.CurrentCulture)];
    }
}
