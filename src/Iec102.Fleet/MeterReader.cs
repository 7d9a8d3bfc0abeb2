using Iec102.Protocol.Time;
using NodaTime;
using NodaTime.Text;

namespace Iec102.Fleet;

/// <summary>A meter as its own section describes it.</summary>
/// <param name="Meter">The meter, with placeholders for missing values, which are reported.</param>
/// <param name="Section">The section in which it is written.</param>
/// <param name="Preset">The preset that it names.</param>
/// <param name="Addressed">
/// Whether its port, link address and point address are known and can be compared with those of other meters.
/// </param>
internal sealed record MeterDraft(MeterConfiguration Meter, FleetSection Section, Preset? Preset, bool Addressed);

/// <summary>Reads one section under <c>meters</c>, or one row of the CSV file of meters.</summary>
internal static class MeterReader
{
    private static readonly TimeSpan OneSecond = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan OneMinute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan OneHour = TimeSpan.FromHours(1);
    private static readonly TimeSpan OneDay = TimeSpan.FromDays(1);

    /// <summary>The measurement point of most devices: they have only one.</summary>
    private const ushort UsualPoint = 1;

    public static MeterDraft Read(string id, FleetSection section, DateTimeZone fleetZone)
    {
        var preset = section.Choice<Preset?>("preset", null, [.. Preset.All.Select(preset => (preset.Name, (Preset?)preset))]);
        var port = section.Text("port");
        if (!section.Has("port"))
            section.ReportMissing("port", "is missing: write the id of the port the meter is connected to.");
        var link = ReadLinkAddress(section, preset);
        var point = (ushort?)section.Number("point-address", 0, ushort.MaxValue)
            ?? (section.Has("point-address") ? null : preset?.PointAddress ?? UsualPoint);
        var password = section.Password("password") ?? (preset is null ? null : new Secret(preset.Password));
        ReportMissing(section, "password", "the read password of the meter");

        var profiles = section.Section("profiles");
        var meter = new MeterConfiguration
        {
            Id = id,
            Port = port ?? "",
            LinkAddress = link ?? 0,
            PointAddress = point ?? 0,
            Password = password ?? default,
            WritePassword = section.Password("write-password"),
            TimeZone = ReadZone(section) ?? fleetZone,
            Preset = preset?.Name,
            Labels = LabelsReader.Read(section),
            SerialNumber = section.Number("serial-number", 0, uint.MaxValue),
            SummerTime = section.Choice<SummerTimeHabit?>(
                "summer-time",
                null,
                ("auto", null),
                ("su-bit", SummerTimeHabit.SuBit),
                ("always-winter", SummerTimeHabit.AlwaysWinter),
                ("civil", SummerTimeHabit.Civil)),
            CurrentValues = ReadCurrentValues(section.Section("current-values")),
            Hourly = ReadProfile(profiles.Section("hourly"), ProfileConfiguration.DefaultHourly),
            QuarterHour = ReadProfile(profiles.Section("quarter-hour"), ProfileConfiguration.DefaultQuarterHour),
            Clock = ReadClock(section.Section("clock")),
        };
        meter = meter with
        {
            Enabled = section.Flag("enabled") ?? meter.Enabled,
            Record = section.Flag("record") ?? meter.Record,
            Orientation = section.Choice(
                "orientation", meter.Orientation, ("consumer", Orientation.Consumer), ("producer", Orientation.Producer)),
            SessionIdle = section.Duration("session-idle", TimeSpan.FromSeconds(5), OneHour) ?? meter.SessionIdle,
            EventsEvery = ReadEvery(section.Section("events")) ?? meter.EventsEvery,
        };
        profiles.RejectUnknown();
        section.RejectUnknown();
        return new MeterDraft(meter, section, preset, port is not null && link is not null && point is not null);
    }

    /// <summary>The time zone that a section names, or null.</summary>
    public static DateTimeZone? ReadZone(FleetSection section)
    {
        if (section.Text("time-zone") is not { } name)
            return null;
        if (DateTimeZoneProviders.Tzdb.GetZoneOrNull(name) is { } zone)
            return zone;

        section.ReportValue("time-zone", $"must be a zone of the tz database, such as Europe/Madrid or Atlantic/Canary, not '{name}'.");
        return null;
    }

    private static void ReportMissing(FleetSection section, string key, string what)
    {
        if (!section.Has(key) && !section.Has("preset"))
            section.ReportMissing(key, $"is missing: write {what}, or a preset ({PresetNames()}).");
    }

    private static ushort? ReadLinkAddress(FleetSection section, Preset? preset)
    {
        if (section.Has("link-address"))
            return (ushort?)section.Number("link-address", 0, ushort.MaxValue);
        if (preset is null)
        {
            ReportMissing(section, "link-address", "the link address that is set in the meter");
            return null;
        }

        if (preset.LinkAddress is { } usual)
            return usual;
        if (!section.Has("meter-number"))
        {
            section.ReportMissing(
                "meter-number",
                $"is missing: the preset {preset.Name} makes the link address from its last five digits; write it, or write link-address.");
        }

        if (section.Text("meter-number") is not { } number)
            return null;
        if (Preset.TryLinkAddress(number, out var address, out var problem))
            return address;

        section.ReportValue("meter-number", problem);
        return null;
    }

    private static CurrentValuesConfiguration ReadCurrentValues(FleetSection section)
    {
        var defaults = new CurrentValuesConfiguration();
        var current = new CurrentValuesConfiguration
        {
            Enabled = section.Flag("enabled") ?? defaults.Enabled,
            Every = section.Duration("every", OneSecond, OneDay) ?? defaults.Every,
            Groups = ReadGroups(section) ?? defaults.Groups,
            HistoryEvery = section.Duration("history-every", OneSecond, OneDay),
        };
        section.RejectUnknown();
        return current;
    }

    private static CurrentValueGroups? ReadGroups(FleetSection section)
    {
        if (section.Words("groups") is not { } words)
            return null;

        var groups = CurrentValueGroups.None;
        foreach (var word in words)
        {
            var group = word.Text switch
            {
                "totals" => CurrentValueGroups.Totals,
                "powers" => CurrentValueGroups.Powers,
                "voltages" => CurrentValueGroups.Voltages,
                _ => CurrentValueGroups.None,
            };
            if (group == CurrentValueGroups.None)
                section.Report("groups", word.Position, $"must hold totals, powers or voltages, not '{word.Text}'.");
            groups |= group;
        }

        if (words.Count == 0)
            section.ReportValue("groups", "must hold at least one of totals, powers and voltages; write enabled = false to read none.");
        return groups;
    }

    private static ProfileConfiguration ReadProfile(FleetSection section, ProfileConfiguration defaults)
    {
        var profile = new ProfileConfiguration
        {
            Enabled = section.Flag("enabled") ?? defaults.Enabled,
            From = section.Parse<LocalDate>(
                "from",
                // The years that two digits on the wire can name.
                (text, out date) => LocalDatePattern.Iso.Parse(text).TryGetValue(default, out date) && date.Year is >= 2000 and <= 2099,
                text => $"must be a date from 2000 to 2099 such as \"2026-01-31\", not '{text}'."),
            Depth = section.Duration("depth", OneDay, TimeSpan.FromDays(ProfileConfiguration.MostDays)) ?? defaults.Depth,
            IsDepthGiven = section.Has("depth"),
            Settle = section.Duration("settle", TimeSpan.Zero, OneDay) ?? defaults.Settle,
        };
        section.RejectUnknown();
        return profile;
    }

    private static TimeSpan? ReadEvery(FleetSection section)
    {
        var every = section.Duration("every", OneMinute, TimeSpan.FromDays(7));
        section.RejectUnknown();
        return every;
    }

    private static ClockConfiguration ReadClock(FleetSection section)
    {
        var defaults = new ClockConfiguration();
        var clock = new ClockConfiguration
        {
            CheckEvery = section.Duration("check-every", OneMinute, TimeSpan.FromDays(7)) ?? defaults.CheckEvery,
            Alarm = section.Duration("alarm", OneSecond, OneDay) ?? defaults.Alarm,
            Set = ReadClockSet(section),
        };
        section.RejectUnknown();
        return clock;
    }

    private static ClockSetConfiguration? ReadClockSet(FleetSection section)
    {
        if (section.Word("set") is { } word)
        {
            if (word != "never")
                section.ReportValue("set", $"must be never, or limits such as {{ min = 5s, max = 10m }}, not '{word}'.");
            return null;
        }

        if (!section.Has("set"))
            return null;

        var limits = section.Section("set");
        var set = new ClockSetConfiguration(
            limits.Duration("min", OneSecond, OneHour) ?? TimeSpan.FromSeconds(5),
            limits.Duration("max", OneSecond, OneDay) ?? TimeSpan.FromMinutes(10));
        if (set.Max <= set.Min)
            section.ReportValue(
                "set", "max must be above min: differences below min are left alone, and differences above max only raise an alarm.");
        limits.RejectUnknown();
        return set;
    }

    private static string PresetNames() => FleetSection.OneOf(Preset.All.Select(preset => preset.Name));
}
