using System.Text.RegularExpressions;

namespace Iec102.Lines.Modems;

/// <summary>How a modem is told to call a far end.</summary>
/// <param name="Number">
/// the number as it follows ATD: digits, + * #, a comma for a pause, T or P before it for tones or pulses; see <see cref="IsNumber"/>
/// </param>
public sealed partial record DialOptions(string Number)
{
    /// <summary>The commands that the modem is sent before it dials. They may hold a PIN and are never shown.</summary>
    public IReadOnlyList<string> Init { get; init; } = [];

    /// <summary>How long the far end may take to be connected, from the end of the dialling command.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The wait between the connection and the first use of the line.</summary>
    public TimeSpan ConnectDelay { get; init; }

    /// <summary>How long a call may last while somebody else waits for the modem.</summary>
    public TimeSpan MaxCall { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Whether a text can be dialled.</summary>
    public static bool IsNumber(string text) => Dialled().IsMatch(text);

    /// <summary>Whether a text is a command for a modem.</summary>
    public static bool IsCommand(string text) => Command().IsMatch(text);

    /// <summary>The number only.</summary>
    public override string ToString() => Number;

    /// <inheritdoc/>
    public bool Equals(DialOptions? other) => other is not null
        && (Number, ConnectTimeout, ConnectDelay, MaxCall) == (other.Number, other.ConnectTimeout, other.ConnectDelay, other.MaxCall)
        && Init.SequenceEqual(other.Init);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Number, Init.Count, ConnectTimeout, ConnectDelay, MaxCall);

    [GeneratedRegex(@"\A[TtPp]?[0-9+*#,]{1,40}\z")]
    private static partial Regex Dialled();

    [GeneratedRegex(@"\A[Aa][Tt][\x20-\x7E]{0,100}\z")]
    private static partial Regex Command();
}
