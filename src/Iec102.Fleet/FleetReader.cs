using Iec102.Hocon;
using NodaTime;

namespace Iec102.Fleet;

/// <summary>
/// Reads the fleet file (HOCON, everything within <c>iec102 { }</c>) and the CSV file of meters that it may name. It finds every problem,
/// not only the first, and never throws because of what a file contains. Other top-level keys are ignored: they are values for
/// substitutions.
/// </summary>
public static class FleetReader
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">The file; if it is missing or unreadable, that is reported like any other problem.</param>
    /// <param name="options">Where environment variables and files come from; null means from this process.</param>
    /// <param name="nodeFile">A file that holds nothing but <c>iec102.node</c>; null when there is none.</param>
    /// <param name="objections">Says what else is wrong with a fleet; null means nothing.</param>
    public static FleetReading ReadFile(
        string path, HoconOptions? options = null, string? nodeFile = null,
        Func<FleetConfiguration, IEnumerable<FleetObjection>>? objections = null)
    {
        var files = new List<string>();
        var read = (options ?? HoconOptions.Default).ReadFile;
        var noted = (options ?? HoconOptions.Default) with
        {
            ReadFile = file =>
            {
                files.Add(Path.GetFullPath(file));
                return read(file);
            },
        };
        return Read(() => HoconParser.ParseFile(path, noted), path, noted, nodeFile, objections) with
        {
            Files = [.. files.Distinct(StringComparer.Ordinal)],
        };
    }

    /// <summary>Reads a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="file">The file name that problems show; includes and the CSV file are looked for in its folder.</param>
    /// <param name="options">Where environment variables and files come from; null means from this process.</param>
    public static FleetReading Read(string text, string file, HoconOptions? options = null) =>
        Read(() => HoconParser.Parse(text, file, options), file, options ?? HoconOptions.Default);

    private static FleetReading Read(
        Func<HoconObject> parse, string file, HoconOptions options, string? nodeFile = null,
        Func<FleetConfiguration, IEnumerable<FleetObjection>>? objections = null)
    {
        HoconObject root;
        HoconObject? nodeRoot;
        try
        {
            root = parse();
            nodeRoot = nodeFile is null ? null : HoconParser.ParseFile(nodeFile, options);
        }
        catch (HoconException e)
        {
            return new FleetReading(null, [new FleetProblem(e.File, e.Line, e.Column, "", e.Sentence)]);
        }

        var problems = new List<FleetProblem>();
        var top = new FleetSection(root, root.Position, [], problems);
        if (!top.Has("iec102"))
            top.ReportMissing("iec102", "is missing: the ports and meters are written within iec102 { }.");
        var section = top.Section("iec102");
        var node = FindNode(section, nodeRoot, problems);
        var fleet = ReadFleet(section, node, problems, options);
        if (problems.Count == 0)
        {
            foreach (var (port, key, sentence) in objections?.Invoke(fleet) ?? [])
                (port is null ? node! : section.Section("ports").Section(port)).ReportValue(key, sentence);
        }

        return problems.Count == 0 ? new FleetReading(fleet, []) : new FleetReading(null, [.. InOrder(problems, file)]);
    }

    /// <summary>Sorts problems by position, those in the fleet file itself first.</summary>
    private static IEnumerable<FleetProblem> InOrder(List<FleetProblem> problems, string file) =>
        problems
            .OrderBy(problem => problem.File != file)
            .ThenBy(problem => problem.File, StringComparer.Ordinal)
            .ThenBy(problem => problem.Line)
            .ThenBy(problem => problem.Column);

    private static FleetConfiguration ReadFleet(
        FleetSection section, FleetSection? node, List<FleetProblem> problems, HoconOptions options)
    {
        var defaults = new FleetConfiguration();
        var zone = MeterReader.ReadZone(section) ?? defaults.TimeZone;
        var ports = section.Section("ports").Children().Select(child => PortReader.Read(child.Id, child.Section)).ToList();
        var meterSections = section.Section("meters");
        var meters = meterSections.Children().Select(child => MeterReader.Read(child.Id, child.Section, zone)).ToList();
        meters.AddRange(ReadCsv(section, meterSections, zone, problems, options));

        FleetRules.CheckPorts(meters, ports);
        FleetRules.CheckAddresses(meters);
        FleetRules.CheckGateways(ports);
        FleetRules.CheckPlacements(ports, node);
        var fleet = new FleetConfiguration
        {
            TimeZone = zone,
            Ports = [.. ports.Select(port => FleetRules.WithLine(port, meters))],
            Meters = [.. meters.Select(draft => draft.Meter)],
            Retention = ReadRetention(section.Section("retention")),
            Alarms = AlarmsReader.Read(section.Section("alarms")),
            Deliveries = DeliveriesReader.Read(section.Section("deliveries"), [.. meters.Select(draft => draft.Meter)]),
            Api = ReadApi(section.Section("api"), problems),
            Store = section.Has("store") ? StoreReader.Read(section.Section("store")) : null,
            Backup = section.Has("backup") ? StoreReader.ReadBackup(section.Section("backup")) : null,
            Cluster = NodeReader.ReadCluster(section.Section("cluster")),
            Node = node is null ? null : NodeReader.ReadNode(node, options),
        };
        FleetRules.CheckNode(node, fleet, section.Has("store"));
        section.RejectUnknown();
        return fleet;
    }

    /// <summary>The section of this node, which stands in the fleet file or in a file of its own.</summary>
    private static FleetSection? FindNode(FleetSection fleet, HoconObject? nodeRoot, List<FleetProblem> problems)
    {
        var inFleet = fleet.Has("node") ? fleet.Section("node") : null;
        if (nodeRoot is null)
            return inFleet;

        var file = new FleetSection(nodeRoot, nodeRoot.Position, [], problems).Section("iec102");
        var own = file.Has("node") ? file.Section("node") : null;
        if (own is null)
            file.ReportMissing("node", "is missing: a node's own file holds iec102.node { id = ..., url = ... }.");
        else if (inFleet is not null)
            file.ReportValue("node", $"is also in the fleet file, at {fleet.Place("node")}: leave it out of one of them.");
        foreach (var (key, place) in file.Places().Where(one => one.Id != "node"))
            file.Report(key, place, "a node's own file holds only iec102.node; everything else belongs in the fleet file.");
        return own;
    }

    private static List<MeterDraft> ReadCsv(
        FleetSection section, FleetSection meterSections, DateTimeZone zone, List<FleetProblem> problems, HoconOptions options)
    {
        if (section.Text("meters-csv") is not { } name || section.Place("meters-csv") is not { } place)
            return [];

        var file = Path.Combine(Path.GetDirectoryName(place.File) ?? "", name);
        if (ReadText(file, options, out var reason) is not { } text)
        {
            section.ReportValue("meters-csv", $"the file '{file}' {reason}; the path is relative to the folder of the fleet file.");
            return [];
        }

        var ids = new Dictionary<string, HoconPosition>(StringComparer.Ordinal);
        foreach (var (id, position) in meterSections.Places())
            ids.Add(id, position);

        var meters = new List<MeterDraft>();
        foreach (var row in MetersCsv.Read(text, file, (position, sentence) => section.Report("meters-csv", position, sentence)))
        {
            if (!ids.TryAdd(row.Id, row.Position))
                meterSections.Report(row.Id, row.Position, $"the meter at {ids[row.Id]} already has this id; ids must differ.");
            meterSections.CheckId(row.Id, row.Position);
            meters.Add(
                MeterReader.Read(row.Id, new FleetSection(row.Values, row.Position, [.. meterSections.Path, row.Id], problems), zone));
        }

        return meters;
    }

    internal static string? ReadText(string file, HoconOptions options, out string reason)
    {
        reason = "does not exist";
        try
        {
            return options.ReadFile(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            reason = $"cannot be read ({e.Message.TrimEnd('.')})";
            return null;
        }
    }

    private static RetentionConfiguration ReadRetention(FleetSection section)
    {
        var defaults = new RetentionConfiguration();
        var retention = new RetentionConfiguration
        {
            Profiles = ReadKept(section, "profiles", defaults.Profiles),
            CurrentHistory = ReadKept(section, "current-history", defaults.CurrentHistory),
            Events = ReadKept(section, "events", defaults.Events),
            Audit = ReadKept(section, "audit", defaults.Audit),
        };
        section.RejectUnknown();
        return retention;
    }

    private static TimeSpan? ReadKept(FleetSection section, string key, TimeSpan? otherwise)
    {
        var (written, kept) = section.DurationOr("forever", key, TimeSpan.FromDays(1), TimeSpan.FromDays(36500));
        return written ? kept : otherwise;
    }

    private static ApiConfiguration ReadApi(FleetSection section, List<FleetProblem> problems)
    {
        var keys = new List<ApiKey>();
        foreach (var (item, index) in (section.List("keys") ?? []).Select((item, index) => (item, index)))
        {
            if (item is HoconObject values)
                keys.Add(ReadKey(new FleetSection(values, values.Position, [.. section.Path, "keys", $"{index}"], problems)));
            else
                section.Report(
                    "keys", item.Position,
                    $"must hold objects such as {{ name = \"scada\", role = read, sha256 = \"...\" }}, not {item.Kind}.");
        }

        var api = new ApiConfiguration { Keys = [.. keys], AllowAnonymous = section.Flag("allow-anonymous") ?? false };
        section.RejectUnknown();
        return api;
    }

    private static ApiKey ReadKey(FleetSection section)
    {
        var name = section.Text("name");
        if (!section.Has("name"))
            section.ReportMissing("name", "is missing: write who uses the key, for the logs.");
        if (!section.Has("role"))
            section.ReportMissing("role", "is missing: write read or operate.");
        if (!section.Has("sha256"))
            section.ReportMissing("sha256", "is missing: write the SHA-256 of the key; printf %s KEY | sha256sum prints it.");

        var sha256 = section.Text("sha256");
        if (sha256 is not null && (sha256.Length != 64 || !sha256.All(char.IsAsciiHexDigit)))
            section.ReportValue(
                "sha256",
                "must be the SHA-256 of the key, 64 hexadecimal digits, not the key itself; printf %s KEY | sha256sum prints it.");

        var role = section.Choice("role", ApiRole.Read, ("read", ApiRole.Read), ("operate", ApiRole.Operate));
        section.RejectUnknown();
        return new ApiKey(name ?? "", role, sha256?.ToLowerInvariant() ?? "");
    }
}
