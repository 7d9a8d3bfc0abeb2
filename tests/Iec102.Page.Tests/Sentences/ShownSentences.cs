using System.Text.RegularExpressions;

namespace Iec102.Page.Tests.Sentences;

/// <summary>
/// The sentences of the program that a reader of the page may meet: those of the sources whose texts get to the page, except what is
/// excused with a reason. A new sentence in these sources, or in a new file beside them, needs its translation.
/// </summary>
internal static partial class ShownSentences
{
    /// <summary>The folders and files whose texts get to the page.</summary>
    private static readonly string[] Places =
    [
        "Iec102.Acquisition/Fleets", "Iec102.Acquisition/Meters", "Iec102.Acquisition/Ports", "Iec102.Acquisition/Profiles/Coverage.cs",
        "Iec102.Acquisition/Tasks", "Iec102.Cluster", "Iec102.Contract", "Iec102.Fleet", "Iec102.Hocon", "Iec102.Lines",
        "Iec102.Server/Api", "Iec102.Server/Deliveries", "Iec102.Server/Hosting",
        "Iec102.Server/OneOff", "Iec102.Server/Pages", "Iec102.Storage/Databases", "Iec102.Storage/Files",
        "Iec102.Storage/Writing/ReadingsWriter.cs",
    ];

    /// <summary>What Linux and .NET say, which stands in sentences of the program.</summary>
    public static IReadOnlyList<string> OfTheSystem { get; } =
    [
        "Broken pipe",
        "Connection reset by peer",
        "Connection refused",
        "Connection timed out",
        "No route to host",
        "Network is unreachable",
        "Network is down",
        "Name or service not known",
        "Permission denied",
        "No such file or directory",
        "No such device",
        "Input/output error",
        "Device or resource busy",
        "No space left on device",
        "Read-only file system",
        "Read-only file system : '{0}'",
        "Could not find file '{0}'.",
        "Could not find a part of the path '{0}'.",
        "The file '{0}' already exists.",
        "Access to the path '{0}' is denied.",
    ];

    /// <summary>The texts of these sources that have words.</summary>
    public static IReadOnlyList<SourceSentence> All { get; } = [.. SourceSentences.Of(Places).Where(one => Words().IsMatch(one.Text))];

    /// <summary>What no Spanish reader meets.</summary>
    public static IReadOnlyList<Excuse> Excuses { get; } =
    [
        new("a log event: the log is English", one => one.File.EndsWith("Events.cs", StringComparison.Ordinal)),
        new("the description of the API", one => one.ArgumentOf is "Answers" or "Parameter" or "WithSummary" || IsIn(one, "ApiDescription")
            || one.Text == "Only what has one of these verdicts, separated by commas."),
        new("the description of a figure for Prometheus", one => IsIn(one, "Metrics")),
        new("what a defect of the program would say", one => one.ArgumentOf is "InvalidOperationException" or "ArgumentException"),
        new("advice, whose source has both languages", one => IsIn(one, "CheckAdvice", "NodeAdvices")),
        new("SQL, HOCON, a header, a format or a connection string, not a sentence", one => NoSentence().IsMatch(one.Text)),
        new("synonyms that are read, not said", one => one.ArgumentOf is "Words" or "Units"
            || one.Text is "ssl mode" or "root certificate" or "command timeout" or "target session attributes"),
        new("the headings of a table, which are in both languages", one => IsIn(one, "PastedColumns")),
        new("the answer to a check of health, for programs", one => IsIn(one, "FleetHealth", "NodeHealth", "HealthEndpoints")),
        new("the names of signals, which the page has itself", one => IsIn(one, "Signals")),
        new("the server does not start with it, so nobody has the page", one => IsIn(one, "ApiAddresses", "ApiCertificate", "Descriptors")
            || (one.ArgumentOf == "StorageException" && IsIn(one, "ServerPlace", "PostgresDatabase"))
            || one.Text.StartsWith("{0} is not a loopback address", StringComparison.Ordinal)),
        new("lines of the simulator", one => IsIn(one, "PseudoTerminal")),
        new("said by the command line alone", one => IsIn(one, "OneOffSession")),
        new("a text file for a vendor", one => IsIn(one, "SupportEndpoint")),
        new("the name of a node or a part where only the log shows it", one => one.Text is "gateway of port {0}" or "node {0}"
            or "{0} curve of meter {1}" or "not counted" or "{0} of {1}" or "serial lines"),
        new("figures", one => one.Text is "{0}{1} min {2} s" or "({0} characters)"),
        new("the refusal of a call that the page never makes so", one => IsIn(one, "CallRules", "ForeignOrigin", "UnknownField")
            || one.Text.StartsWith("The body must ", StringComparison.Ordinal)
            || one.Text.StartsWith("limit = ", StringComparison.Ordinal) || one.Text.StartsWith("cursor = ", StringComparison.Ordinal)
            || one.Text is "There is no such call; GET /openapi/v1.json lists the calls."
                or "To save, send the hash of the file that was shown as basis: GET /api/fleet has it."
                or "The Host header does not name this server; call it by the address that it is bound to."
                or "The key of the nodes is wrong: iec102.cluster.key must be the same on every node."
                or "The connection was idle, and its place is needed."),
        new("signing in, which has a page of its own", one => IsIn(one, "Sessions")),
    ];

    /// <summary>Why a sentence needs no translation; null when it needs one.</summary>
    public static string? WhyNot(SourceSentence sentence) => Excuses.FirstOrDefault(excuse => excuse.Covers(sentence))?.Reason;

    private static bool IsIn(SourceSentence sentence, params string[] files) =>
        files.Contains(Path.GetFileNameWithoutExtension(sentence.File));

    [GeneratedRegex(@"\p{Ll}{2,}[^\p{L}]* [^\p{L}]*\p{L}{2,}|\} \p{Ll}{2,}|\p{Ll}{2,} \{")]
    private static partial Regex Words();

    [GeneratedRegex(
        @"\b(SELECT|INSERT|PRAGMA|akka|hashtextextended|default-src|uuuu|GSS|iec102 (locks|journal))\b|charset=|\{Timestamp|^event:|^SET ")]
    private static partial Regex NoSentence();

    /// <summary>Why some texts need no translation.</summary>
    /// <param name="Reason">Why.</param>
    /// <param name="Covers">Which.</param>
    internal sealed record Excuse(string Reason, Func<SourceSentence, bool> Covers)
    {
        /// <inheritdoc/>
        public override string ToString() => Reason;
    }
}
