using Iec102.Protocol.Application;

namespace Iec102.Protocol.Description;

/// <summary>The words for quality octets (protocol notes 4.4).</summary>
public static class QualityDescription
{
    /// <summary>What each set bit says, with its short name, separated by commas; <c>good</c> when none is set.</summary>
    public static string InWords(this Quality quality) => Words.Of(quality);
}
