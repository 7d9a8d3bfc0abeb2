using System.Globalization;

namespace Iec102.Fleet.Changes;

/// <summary>One row of a pasted table.</summary>
/// <param name="fleet">The fleet.</param>
/// <param name="keys">What each column means; null for nothing.</param>
/// <param name="cells">The cells.</param>
/// <param name="report">Is told what is wrong: row, column, sentence.</param>
internal sealed class PastedRow(
    FleetConfiguration fleet, IReadOnlyList<string?> keys, IReadOnlyList<CsvCell> cells, Action<int, int, string> report)
{
    private readonly int _row = cells[0].Position.Line;
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private bool _isGood = true;

    /// <summary>Adds the meter to the table's meters if nothing is wrong with it.</summary>
    public void Read(PastedMeters into)
    {
        for (var i = 0; i < Math.Min(keys.Count, cells.Count); i++)
        {
            if (keys[i] is { } key && cells[i].Text is { Length: > 0 } text)
                _values[key] = text;
        }

        var preset = ReadPreset();
        var port = ReadPort(into);
        var link = ReadNumber("link-address") ?? LinkOf(preset);
        var point = ReadNumber("point-address") ?? preset?.PointAddress ?? 1;
        CheckPassword(preset);
        CheckLabels();
        var id = ReadId(into);
        if (_isGood && port is not null && link is { } address && into.TakeAddress(port, address, point, _row) is { } other)
            Report("link-address", $"{other} has the same port, link address {Text(address)} and measurement point {Text(point)}.");
        if (_isGood)
            into.Add(new PastedMeter(id, _values));
    }

    private Preset? ReadPreset()
    {
        if (!_values.TryGetValue("preset", out var text))
            return null;
        if (PastedColumns.PresetOf(text) is { } preset)
        {
            _values["preset"] = preset.Name;
            return preset;
        }

        Report("preset", $"there is no brand '{text}': use {FleetSection.OneOf(Preset.All.Select(one => one.Name))}, or leave it empty.");
        return null;
    }

    private string? ReadPort(PastedMeters into)
    {
        if (!_values.TryGetValue("port", out var text))
            Report("port", "the port is missing: write the id of a port, or a host and TCP port such as 192.0.2.10:4001.");
        else if (into.PortOf(text) is { } port)
            return _values["port"] = port;
        else
            Report(
                "port", $"'{text}' is neither a port of the fleet{Hint(text)} nor a host and TCP port such as 192.0.2.10:4001.");
        return null;
    }

    private string Hint(string text) =>
        Nearest.Meant(text, [.. fleet.Ports.Select(port => port.Id)]) is { } near ? $" (the nearest is '{near}')" : "";

    private int? ReadNumber(string key)
    {
        if (!_values.TryGetValue(key, out var text))
            return null;
        if (ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return number;
        Report(key, $"must be a whole number from 0 to 65535, not '{text}'.");
        return null;
    }

    private int? LinkOf(Preset? preset)
    {
        if (_values.ContainsKey("link-address"))
            return null;
        if (preset?.LinkAddress is { } usual)
            return usual;
        if (preset is null || !_values.TryGetValue("meter-number", out var number))
            Report("link-address", "the link address is missing: write it, or a brand and the number on the meter's plate.");
        else if (Preset.TryLinkAddress(number, out var address, out var problem))
            return address;
        else
            Report("meter-number", problem);
        return null;
    }

    private void CheckPassword(Preset? preset)
    {
        if (!_values.TryGetValue("password", out var text))
        {
            if (preset is null)
                Report("password", "the password is missing: write it, or a brand.");
        }
        else if (!uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _)
            && !new FleetEntry("password", text).IsSubstitution)
        {
            Report("password", $"must be a whole number from 0 to {uint.MaxValue}, or ${{NAME}} for one from the environment.");
        }
    }

    private void CheckLabels()
    {
        if (_values.TryGetValue("cups", out var text) && !Cups.TryRead(text, out _, out var problem))
            Report("cups", problem);
        foreach (var key in ((string[])["name", "site", "group"]).Where(
            key => _values.GetValueOrDefault(key)?.Length > MeterLabels.MostCharacters))
        {
            Report(key, $"must have at most {MeterLabels.MostCharacters} characters.");
        }
    }

    private string ReadId(PastedMeters into)
    {
        if (!_values.Remove("id", out var id))
        {
            var name = _values.GetValueOrDefault("name") ?? _values.GetValueOrDefault("meter-number") ?? _values.GetValueOrDefault("cups");
            if (name is null)
                Report("id", "the row has neither an id nor a name, of which one could be made.");
            return name is null ? "" : into.MakeId(name, _row);
        }

        if (!FleetSection.IsId(id))
            Report("id", $"'{id}' is no id: use 1 to 64 letters (without accents), digits, '-' and '_'.");
        else if (into.TakeId(id, _row) is { } other)
            Report("id", $"the id '{id}' is already that of {other}.");
        return id;
    }

    private void Report(string key, string sentence)
    {
        _isGood = false;
        var column = keys.ToList().IndexOf(key);
        report(_row, Math.Max(column, 0) + 1, sentence);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
