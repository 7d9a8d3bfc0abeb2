using NodaTime;

namespace Iec102.Fleet;

/// <summary>Files of curves that the server writes into a folder by a schedule, for other systems to fetch.</summary>
public sealed record DeliveryConfiguration
{
    /// <summary>The name of daily closings among the curves of a delivery.</summary>
    public const string DailyClosing = "daily-closing";

    internal const int Most = 50;

    /// <summary>The name, with which its files begin.</summary>
    public required string Name { get; init; }

    /// <summary>From which time of day on, in the time zone of the fleet.</summary>
    public LocalTime At { get; init; } = new(7, 0);

    /// <summary>What a file holds.</summary>
    public DeliveredPeriod What { get; init; }

    /// <summary>The names of the curves; none for those that each meter records.</summary>
    public ValueList<string> Curves { get; init; } = [];

    /// <summary>The ids of the meters; none for all that the other keys choose.</summary>
    public ValueList<string> Meters { get; init; } = [];

    /// <summary>Only the meters of this port; null for those of all ports.</summary>
    public string? Port { get; init; }

    /// <summary>Only the meters of this site.</summary>
    public string? Site { get; init; }

    /// <summary>Only the meters of this group.</summary>
    public string? Group { get; init; }

    /// <summary>Only the meters that have this tag.</summary>
    public string? Tag { get; init; }

    /// <summary>The form of a file, which is also the end of its name.</summary>
    public DeliveryFormat Format { get; init; }

    /// <summary>The folder.</summary>
    public required string Folder { get; init; }

    /// <summary>Whether a meter is in its files.</summary>
    public bool Has(MeterConfiguration meter) =>
        (Meters.Count == 0 || Meters.Contains(meter.Id)) && (Port is null || meter.Port == Port)
        && (Site is null || Same(meter.Labels.Site, Site)) && (Group is null || Same(meter.Labels.Group, Group))
        && (Tag is null || meter.Labels.Tags.Any(tag => Same(tag, Tag)));

    /// <summary>Labels are people's words.</summary>
    internal static bool Same(string? left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}

/// <summary>What a delivered file holds.</summary>
public enum DeliveredPeriod
{
    /// <summary>The day before.</summary>
    Yesterday,

    /// <summary>The last whole week, which begins on a Monday.</summary>
    Week,

    /// <summary>The last whole month.</summary>
    Month,
}

/// <summary>The form of a delivered file.</summary>
public enum DeliveryFormat
{
    /// <summary>CSV.</summary>
    Csv,

    /// <summary>JSON.</summary>
    Json,
}
