namespace Iec102.Fleet;

/// <summary>Reads the section <c>deliveries</c>.</summary>
internal static class DeliveriesReader
{
    private static readonly string[] Curves =
        [.. Enum.GetValues<Curve>().Select(curve => curve.Name()), DeliveryConfiguration.DailyClosing];

    public static ValueList<DeliveryConfiguration> Read(FleetSection section, IReadOnlyList<MeterConfiguration> meters)
    {
        var read = section.Children().Select(child => ReadOne(child.Id, child.Section, meters)).ToList();
        foreach (var (id, place) in section.Places().Skip(DeliveryConfiguration.Most).Take(1))
            section.Report(id, place, $"is one too many: there can be at most {DeliveryConfiguration.Most} deliveries.");
        return [.. read];
    }

    private static DeliveryConfiguration ReadOne(string name, FleetSection section, IReadOnlyList<MeterConfiguration> meters)
    {
        if (!section.Has("folder"))
            section.ReportMissing("folder", "is missing: write where the files go, folder = \"/srv/deliveries\".");
        var folder = section.Text("folder");
        if (folder is not null && !Path.IsPathFullyQualified(folder))
            section.ReportValue("folder", "must be a whole path, such as \"/srv/deliveries\".");
        var delivery = new DeliveryConfiguration
        {
            Name = name,
            At = section.TimeOfDay("at") ?? new DeliveryConfiguration { Name = name, Folder = "" }.At,
            What = section.Choice(
                "what", DeliveredPeriod.Yesterday, ("yesterday", DeliveredPeriod.Yesterday), ("week", DeliveredPeriod.Week),
                ("month", DeliveredPeriod.Month)),
            Curves = ReadWords(section, "curves", Curves, "curve"),
            Meters = ReadWords(section, "meters", [.. meters.Select(meter => meter.Id)], "meter"),
            Port = ReadLabel(section, "port", meters, meter => [meter.Port]),
            Site = ReadLabel(section, "site", meters, meter => [meter.Labels.Site]),
            Group = ReadLabel(section, "group", meters, meter => [meter.Labels.Group]),
            Tag = ReadLabel(section, "tag", meters, meter => meter.Labels.Tags),
            Format = section.Choice("format", DeliveryFormat.Csv, ("csv", DeliveryFormat.Csv), ("json", DeliveryFormat.Json)),
            Folder = folder ?? "",
        };
        section.RejectUnknown();
        return delivery;
    }

    private static ValueList<string> ReadWords(FleetSection section, string key, IReadOnlyCollection<string> known, string what)
    {
        if (section.Words(key) is not { } words)
            return [];
        if (words.Count == 0)
            section.ReportValue(key, $"must name at least one {what}; leave the key out for every {what}.");
        var all = known.ToHashSet(StringComparer.Ordinal);
        foreach (var word in words.Where(word => !all.Contains(word.Text)))
        {
            var hint = Nearest.To(word.Text, known) is { } nearest ? $"the nearest is '{nearest}'" : $"the fleet has no {what}s";
            section.Report(key, word.Position, $"there is no {what} '{word.Text}'; {hint}.");
        }

        return [.. words.Select(word => word.Text).Distinct(StringComparer.Ordinal)];
    }

    private static string? ReadLabel(
        FleetSection section, string key, IReadOnlyList<MeterConfiguration> meters, Func<MeterConfiguration, IEnumerable<string?>> of)
    {
        if (section.Text(key) is not { } text)
            return null;
        var known = meters.SelectMany(of).OfType<string>().Distinct().ToList();
        if (!known.Any(label => DeliveryConfiguration.Same(label, text)))
        {
            var hint = Nearest.To(text, known) is { } nearest ? $"the nearest is '{nearest}'" : $"no meter has a {key}";
            section.ReportValue(key, $"no meter has the {key} '{text}'; {hint}.");
        }

        return text;
    }
}
