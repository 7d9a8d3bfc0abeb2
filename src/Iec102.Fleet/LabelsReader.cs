using System.Text.RegularExpressions;

namespace Iec102.Fleet;

/// <summary>Reads the labels of a meter.</summary>
internal static partial class LabelsReader
{
    private static readonly char[] BetweenTags = [' ', '\t', ',', ';'];

    public static MeterLabels Read(FleetSection section) => new()
    {
        Name = Label(section, "name"),
        Site = Label(section, "site"),
        Group = Label(section, "group"),
        Tags = ReadTags(section),
        Cups = ReadCups(section),
        MeterNumber = ReadMeterNumber(section),
    };

    /// <summary>Spreadsheets shorten long numbers to 5,01235E+11, and the digits are lost.</summary>
    private static string? ReadMeterNumber(FleetSection section)
    {
        var number = Label(section, "meter-number");
        if (number is null || !ShortenedNumber().IsMatch(number))
            return number;

        section.ReportValue(
            "meter-number",
            $"'{number}' was shortened by a spreadsheet: format the column as text there, and enter the number again with all its digits.");
        return null;
    }

    private static string? Label(FleetSection section, string key)
    {
        if (section.Text(key)?.Trim() is not { Length: > 0 } text)
            return null;
        if (text.Length <= MeterLabels.MostCharacters && !text.Any(char.IsControl))
            return text;

        section.ReportValue(key, $"must be one line of at most {MeterLabels.MostCharacters} characters.");
        return null;
    }

    /// <summary>Reads tags: a list of words, or one text with blanks, commas or semicolons between them, as in a spreadsheet.</summary>
    private static ValueList<string> ReadTags(FleetSection section)
    {
        var words = section.Word("tags") is { } text
            ? text.Split(BetweenTags, StringSplitOptions.RemoveEmptyEntries)
            : [.. (section.Words("tags") ?? []).Select(word => word.Text)];
        foreach (var wrong in words.Where(word => word.Length is 0 or > 64 || word.Any(c => BetweenTags.Contains(c) || char.IsControl(c))))
            section.ReportValue("tags", $"must hold words of at most 64 characters, without blanks, commas or semicolons, not '{wrong}'.");
        return [.. words.Distinct(StringComparer.Ordinal)];
    }

    private static string? ReadCups(FleetSection section)
    {
        if (section.Text("cups") is not { } text)
            return null;
        if (Cups.TryRead(text, out var cups, out var problem))
            return cups;

        section.ReportValue("cups", problem);
        return null;
    }

    [GeneratedRegex(@"^\d[.,]?\d*[eE]\+\d+$")]
    private static partial Regex ShortenedNumber();
}
