using System.Text.RegularExpressions;
using Iec102.Hocon;

namespace Iec102.Fleet.Changes;

/// <summary>Which values of a fleet file nobody may see, and its text without them.</summary>
public static partial class FleetSecrets
{
    private const string Mask = "****";

    /// <summary>The address of a webhook is one of them: it often holds the right to post there.</summary>
    private static readonly string[] Keys = ["password", "write-password", "key", "keys", "secret", "url", "postgres", "init"];

    /// <summary>Whether a key is that of a meter's password.</summary>
    public static bool IsPassword(string key) => key is "password" or "write-password";

    /// <summary>
    /// The text with **** in place of every secret, also where it is written for a substitution to take; line by line the same otherwise.
    /// </summary>
    /// <exception cref="HoconException">The text is not HOCON.</exception>
    public static string Masked(string text, string file, HoconOptions? options = null)
    {
        var (root, layout) = HoconParser.ParseWithLayout(text, file, options);
        var places = new HashSet<HoconPosition>();
        Find(root, isSecret: false, places);
        var masked = text;
        var before = text.Length;
        foreach (var value in layout.Values.OrderByDescending(value => value.End))
        {
            var written = text[value.Start..value.End];
            if (value.End > before || Substitution().IsMatch(written)
                || (!Keys.Contains(value.Path[^1]) && !places.Contains(value.Position)))
            {
                continue;
            }

            masked = $"{masked[..value.Start]}{Mask}{new string('\n', written.Count(each => each == '\n'))}{masked[value.End..]}";
            before = value.Start;
        }

        return masked;
    }

    /// <summary>Where the secrets are written, whichever path leads to them.</summary>
    private static void Find(HoconValue value, bool isSecret, HashSet<HoconPosition> places)
    {
        if (isSecret)
            places.Add(value.Position);
        foreach (var field in (value as HoconObject)?.Fields ?? [])
            Find(field.Value, isSecret || Keys.Contains(field.Key), places);
        foreach (var item in (value as HoconList)?.Items ?? [])
            Find(item, isSecret, places);
    }

    [GeneratedRegex(@"^\$\{[^{}]*\}$")]
    private static partial Regex Substitution();
}
