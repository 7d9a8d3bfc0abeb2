using System.Text;
using NodaTime;

namespace Iec102.Acquisition;

/// <summary>One line of the audit log: what somebody did or tried to do. The writer stores it, without an answer.</summary>
/// <param name="At">When it ended.</param>
/// <param name="Node">The node that was called; empty when the server is alone.</param>
/// <param name="Who">
/// The name of the key, <c>anonymous</c> where there are none, <c>unknown</c> when the key was wrong, or <c>fleet file</c>.
/// </param>
/// <param name="Address">From where: the address of the other end of the connection; empty for the fleet file.</param>
/// <param name="Action">What, such as <c>POST /api/meters/m-1/retry</c> or <c>sign-in</c>.</param>
/// <param name="Detail">What was sent, shortened and without secrets; empty when there is nothing to say.</param>
/// <param name="Status">The HTTP status of the answer; null for the fleet file.</param>
public sealed record AuditEntry(
    Instant At, string Node, string Who, string Address, string Action, string Detail, int? Status)
{
    /// <summary>What takes the place of somebody's name when the fleet file was changed.</summary>
    public const string FleetFile = "fleet file";

    /// <summary>
    /// The action of whoever changes the fleet file through the server; the detail of a change that was saved has the lines that differ.
    /// </summary>
    public const string FleetChange = "POST /api/fleet/changes";

    private const int Longest = 500;

    /// <inheritdoc cref="AuditEntry(Instant, string, string, string, string, string, int?)" path="/param[@name='Who']"/>
    public string Who { get; } = Clean(Who);

    /// <inheritdoc cref="AuditEntry(Instant, string, string, string, string, string, int?)" path="/param[@name='Action']"/>
    public string Action { get; } = Clean(Action);

    /// <inheritdoc cref="AuditEntry(Instant, string, string, string, string, string, int?)" path="/param[@name='Detail']"/>
    public string Detail { get; } = Clean(Detail);

    /// <summary>
    /// A text from outside as it can be stored and logged: on one line, at most 500 characters long, and nothing that a database refuses.
    /// </summary>
    private static string Clean(string text)
    {
        var line = text.Length <= Longest ? text : $"{text[..(Longest - 3)]}...";
        // Half of a pair of surrogates becomes a replacement character.
        line = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(line));
        return new string([.. line.Select(one => char.IsControl(one) || char.IsWhiteSpace(one) ? ' ' : one)]);
    }
}
