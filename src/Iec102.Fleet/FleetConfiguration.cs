using NodaTime;

namespace Iec102.Fleet;

/// <summary>
/// What the fleet file says: which meters are read, through which ports, and how. All records of this folder are immutable and equal by
/// value, so that a changed file touches only the ports and meters whose record differs.
/// </summary>
public sealed record FleetConfiguration
{
    /// <summary>The zone of meters that name none.</summary>
    public DateTimeZone TimeZone { get; init; } = DateTimeZoneProviders.Tzdb["Europe/Madrid"];

    /// <summary>The ports, in the order of the file; ids are unique.</summary>
    public ValueList<PortConfiguration> Ports { get; init; } = [];

    /// <summary>
    /// The meters, those of the file first, then those of the CSV; ids are unique, and each names one of <see cref="Ports"/>.
    /// </summary>
    public ValueList<MeterConfiguration> Meters { get; init; } = [];

    /// <summary>How long stored values are kept.</summary>
    public RetentionConfiguration Retention { get; init; } = new();

    /// <summary>Who may use the REST API.</summary>
    public ApiConfiguration Api { get; init; } = new();
}

/// <summary>How long stored values are kept; null is for ever.</summary>
public sealed record RetentionConfiguration
{
    /// <summary>Load profiles and closings.</summary>
    public TimeSpan? Profiles { get; init; }

    /// <summary>The history of current values.</summary>
    public TimeSpan? CurrentHistory { get; init; } = TimeSpan.FromDays(90);

    /// <summary>The meters' events.</summary>
    public TimeSpan? Events { get; init; }
}

/// <summary>Who may use the REST API.</summary>
public sealed record ApiConfiguration
{
    /// <summary>The accepted keys; when there are any, every call but the health probes needs one.</summary>
    public ValueList<ApiKey> Keys { get; init; } = [];

    /// <summary>Whether the API may be bound to an address other than loopback without keys.</summary>
    public bool AllowAnonymous { get; init; }
}

/// <summary>One accepted API key.</summary>
/// <param name="Name">Who uses it, for logs.</param>
/// <param name="Role">What it allows.</param>
/// <param name="Sha256">
/// The SHA-256 of the key's UTF-8 octets in lower-case hexadecimal; the key itself is nowhere in the configuration.
/// </param>
public sealed record ApiKey(string Name, ApiRole Role, string Sha256);

/// <summary>What an API key allows.</summary>
public enum ApiRole
{
    /// <summary>To see everything.</summary>
    Read,

    /// <summary>Also to start reads and to change states.</summary>
    Operate,
}
