using NodaTime;

namespace Iec102.Fleet;

/// <summary>
/// The contents of the fleet file: which meters are read, through which ports, and how. All records in this folder are immutable and
/// compared by value, so a changed file affects only the ports and meters whose record differs.
/// </summary>
public sealed record FleetConfiguration
{
    /// <summary>The time zone of meters that do not name one.</summary>
    public DateTimeZone TimeZone { get; init; } = DateTimeZoneProviders.Tzdb["Europe/Madrid"];

    /// <summary>The ports, in the order of the file; ids are unique.</summary>
    public ValueList<PortConfiguration> Ports { get; init; } = [];

    /// <summary>
    /// The meters, first those of the fleet file, then those of the CSV file; ids are unique, and each meter names one of
    /// <see cref="Ports"/>.
    /// </summary>
    public ValueList<MeterConfiguration> Meters { get; init; } = [];

    /// <summary>How long stored values are kept.</summary>
    public RetentionConfiguration Retention { get; init; } = new();

    /// <summary>When a problem becomes an alarm, and who is told.</summary>
    public AlarmsConfiguration Alarms { get; init; } = new();

    /// <summary>Files of curves that are written by a schedule, in the order of the file; names are unique.</summary>
    public ValueList<DeliveryConfiguration> Deliveries { get; init; } = [];

    /// <summary>Who may use the REST API.</summary>
    public ApiConfiguration Api { get; init; } = new();

    /// <summary>The shared database; null when the server keeps what it records in SQLite files of its own.</summary>
    public StoreConfiguration? Store { get; init; }

    /// <summary>Where the server puts the backups that operators ask for; null when they cannot.</summary>
    public BackupConfiguration? Backup { get; init; }

    /// <summary>Rules for many nodes.</summary>
    public ClusterConfiguration Cluster { get; init; } = new();

    /// <summary>This process among the nodes; null when it is alone and owns every port.</summary>
    public NodeConfiguration? Node { get; init; }
}

/// <summary>How long stored values are kept; null keeps them for ever.</summary>
public sealed record RetentionConfiguration
{
    /// <summary>How long load profiles and daily closings are kept.</summary>
    public TimeSpan? Profiles { get; init; }

    /// <summary>How long the history of current values is kept.</summary>
    public TimeSpan? CurrentHistory { get; init; } = TimeSpan.FromDays(90);

    /// <summary>How long the meters' events are kept.</summary>
    public TimeSpan? Events { get; init; }

    /// <summary>How long the audit log is kept.</summary>
    public TimeSpan? Audit { get; init; } = TimeSpan.FromDays(365);
}

/// <summary>Where the server puts the backups that operators ask for.</summary>
/// <param name="Folder">The folder.</param>
/// <param name="Keep">How many of them stay there; the oldest are deleted.</param>
public sealed record BackupConfiguration(string Folder, int Keep = BackupConfiguration.UsuallyKept)
{
    internal const int UsuallyKept = 7;
    internal const int MostKept = 1000;
}

/// <summary>Who may use the REST API.</summary>
public sealed record ApiConfiguration
{
    /// <summary>The accepted keys; if there are any, every call except the health probes needs one.</summary>
    public ValueList<ApiKey> Keys { get; init; } = [];

    /// <summary>Whether the API may be bound to an address other than loopback without keys.</summary>
    public bool AllowAnonymous { get; init; }
}

/// <summary>One accepted API key.</summary>
/// <param name="Name">Who uses the key, for logs.</param>
/// <param name="Role">What the key allows.</param>
/// <param name="Sha256">
/// The SHA-256 of the key's UTF-8 octets in lower-case hexadecimal; the key itself is not in the configuration.
/// </param>
public sealed record ApiKey(string Name, ApiRole Role, string Sha256);

/// <summary>What an API key allows.</summary>
public enum ApiRole
{
    /// <summary>Allows its user to see everything.</summary>
    Read,

    /// <summary>Also allows its user to start reads and to change states.</summary>
    Operate,
}
