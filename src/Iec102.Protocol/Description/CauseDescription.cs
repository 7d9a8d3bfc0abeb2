using Iec102.Protocol.Application;

namespace Iec102.Protocol.Description;

/// <summary>Explains causes of transmission and types to people.</summary>
public static class CauseDescription
{
    /// <summary>What a cause means, such as "requested data record not available".</summary>
    public static string InWords(this CauseOfTransmission cause) => Words.Of(cause);

    /// <summary>What a type means, such as "read increments".</summary>
    public static string InWords(this TypeIdentification type) => Words.Of(type);
}
