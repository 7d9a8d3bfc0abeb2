using System.Collections.Immutable;

namespace Iec102.Server.Api;

/// <summary>A parameter in the query of a call.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Meaning">What it means, for the description of the API.</param>
/// <param name="Values">The only values that it may have; empty when it is not limited to a few.</param>
/// <param name="IsRequired">Whether the call cannot do without it.</param>
internal sealed record Parameter(string Name, string Meaning, ImmutableArray<string> Values, bool IsRequired = false)
{
    public Parameter(string name, string meaning) : this(name, meaning, [])
    {
    }

    /// <summary>Whether several of the values may be given, separated by commas.</summary>
    public bool IsList { get; init; }

    /// <summary>The same parameter where the call cannot do without it.</summary>
    public Parameter Required() => this with { IsRequired = true };
}

/// <summary>Says of an endpoint which parameters it takes; one without this takes none.</summary>
internal sealed record Takes(ImmutableArray<Parameter> Parameters);

/// <summary>The parameters that several calls share.</summary>
internal static class Parameters
{
    public static readonly Parameter From = new(
        "from",
        "Start of the range, exclusive: ISO 8601 with offset, or a civil time in the meter's zone. A date includes the closing at its "
        + "00:00.");

    public static readonly Parameter To = new("to", "End of the range, inclusive, written in the same way.");

    public static readonly Parameter FirstDay = new("from", "The first day, such as 2024-01-01, in the meter's zone.");

    public static readonly Parameter AfterLastDay = new("to", "The day after the last.");

    public static readonly Parameter Language = new("lang", "The language of texts.", ["en", "es"]);

    public static readonly Parameter Revisions = new(
        "revisions", "All revisions of each interval instead of the newest.", ["all", "newest"]);

    public static readonly Parameter Signal = new("signal", "Only this signal.");

    public static readonly Parameter Step = new("step", "One value for each step of this length, such as 15m.");

    public static readonly Parameter Meter = new("meter", "Only what concerns this meter and its port.");

    public static readonly Parameter Format = new("format", "The form of the answer, also given by the Accept header.", ["json", "csv"]);

    /// <summary>Declares the parameters of a call.</summary>
    public static RouteHandlerBuilder Takes(this RouteHandlerBuilder call, params ReadOnlySpan<Parameter> parameters) =>
        call.WithMetadata(new Takes([.. parameters]));
}
