using Iec102.Hocon;

namespace Iec102.Fleet.Changes;

/// <summary>
/// Changes the text of a fleet file and keeps everything else as it is: comments, layout, order. Each change is made only if the new text
/// then says what the old one said, and besides that exactly what was asked; otherwise it is refused, with the place to change instead.
/// </summary>
public sealed class FleetFileText
{
    private readonly string _file;
    private readonly HoconOptions _options;
    private readonly List<FleetProblem> _problems = [];
    private string _text;
    private HoconObject _root;
    private HoconLayout _layout;

    private FleetFileText(string text, string file, HoconOptions options)
    {
        (_text, _file, _options) = (text, file, options);
        (_root, _layout) = HoconParser.ParseWithLayout(text, file, options);
    }

    private HoconPosition Top => new(_file, 1, 1);

    /// <summary>Changes a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="file">The file that it comes from: includes are looked for in its folder.</param>
    /// <param name="changes">What is to be changed.</param>
    /// <param name="options">Where environment variables and files come from; null means from this process.</param>
    public static ChangedFleetText Change(string text, string file, FleetChanges changes, HoconOptions? options = null)
    {
        FleetFileText changed;
        try
        {
            changed = new FleetFileText(text, file, options ?? HoconOptions.Default);
        }
        catch (HoconException e)
        {
            return new ChangedFleetText(text, [new FleetProblem(e.File, e.Line, e.Column, "", e.Sentence)]);
        }

        changed.Add(["iec102", "ports"], "port", changes.Ports);
        changed.Add(["iec102", "meters"], "meter", changes.Meters);
        foreach (var setting in changes.Settings)
            changed.Set(setting);
        return new ChangedFleetText(changed._text, changed._problems);
    }

    private void Add(string[] section, string what, IReadOnlyList<FleetEntry> entries)
    {
        var added = new List<FleetEntry>();
        foreach (var entry in entries)
        {
            if (FleetTree.Find(_root, [.. section, entry.Key]) is { } known)
                Report(known.KeyPosition, [.. section, entry.Key], $"there is a {what} of this id already: choose another id.");
            else if (added.Exists(other => other.Key == entry.Key))
                Report(Top, [.. section, entry.Key], $"two of the new {what}s have this id: choose another id for one of them.");
            else
                added.Add(entry);
        }

        if (added.Count > 0)
            Insert(section, added);
    }

    private void Set(FleetSetting setting)
    {
        string[] keys = ["iec102", setting.Section, setting.Id, .. setting.Key.Split('.')];
        if (FleetTree.Find(_root, keys[..3]) is not { } changed)
        {
            var isPort = setting.Section == "ports";
            var csv = isPort ? null : FleetTree.Find(_root, ["iec102", "meters-csv"]);
            Report(
                csv?.Value.Position ?? Top, keys[..3],
                csv is null
                    ? $"there is no {(isPort ? "port" : "meter")} '{setting.Id}' in this file."
                    : "this meter is not written in the fleet file: change it in the CSV file of meters that is named here.");
            return;
        }

        var (entry, old) = (new FleetEntry(keys[^1], setting.Value), FleetTree.Find(_root, keys));
        var place = old?.Value.Position ?? changed.KeyPosition;
        if (place.File != _file)
            Report(place, keys, "this is written in a file that the fleet file includes: change it there.");
        else if (old is null)
            Insert(keys[..^1], [entry]);
        else if (_layout.Values.FirstOrDefault(value => value.Position == place && value.Path.SequenceEqual(keys)) is not { } written)
            Report(place, keys, "this value is used through a substitution: change it here, for everything that uses it.");
        else if (!written.IsPlain)
            Report(
                place, keys,
                old.Value is HoconScalar
                    ? "this value comes from a substitution: change what that stands for, in the file or in the environment."
                    : $"this is {old.Value.Kind}, which can be changed only in the file itself.");
        else
            Replace(written, keys, entry);
    }

    private void Replace(HoconWritten written, string[] keys, FleetEntry entry)
    {
        var value = entry.IsSubstitution ? entry.Value! : HoconText.Scalar(entry.Value!);
        if (!TryTake($"{_text[..written.Start]}{value}{_text[written.End..]}", FleetTree.With(_root, keys.AsSpan(..^1), entry)))
            Report(written.Position, keys, "other values of the file depend on this one: change it in the file itself.");
    }

    /// <summary>
    /// Writes entries into the innermost block of their section that is written in this file: the section itself, or one around it.
    /// </summary>
    private void Insert(string[] section, IReadOnlyList<FleetEntry> entries)
    {
        var expected = entries.Aggregate(_root, (root, entry) => FleetTree.With(root, section, entry));
        for (var depth = section.Length; depth >= 0; depth--)
        {
            var outer = section[..depth];
            if (_layout.Blocks.LastOrDefault(block => block.Path.SequenceEqual(outer)) is { } block
                && TryTake(FleetLines.Insert(_text, _layout, block, section[depth..], entries), expected))
            {
                return;
            }
        }

        Report(Top, section, "the file is written in a way that nothing can be added here: add it in the file itself.");
    }

    /// <summary>Takes a new text if it says what is expected. When it cannot be read, that is reported, and nothing else tried.</summary>
    private bool TryTake(string text, HoconObject expected)
    {
        try
        {
            var (root, layout) = HoconParser.ParseWithLayout(text, _file, _options);
            if (!FleetTree.Same(root, expected))
                return false;
            (_text, _root, _layout) = (text, root, layout);
            return true;
        }
        catch (HoconException e)
        {
            _problems.Add(new FleetProblem(e.File, e.Line, e.Column, "", e.Sentence));
            return true;
        }
    }

    private void Report(HoconPosition place, string[] keys, string sentence) =>
        _problems.Add(new FleetProblem(place.File, place.Line, place.Column, HoconPath.Join(keys), sentence));
}
