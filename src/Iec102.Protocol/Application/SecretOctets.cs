namespace Iec102.Protocol.Application;

/// <summary>
/// Which octets of an ASDU's data must not be shown: passwords, keys, and modem strings, which may contain a PIN. The checksum of such a
/// frame is secret too, because one octet of the key could be computed from it.
/// </summary>
public static class SecretOctets
{
    /// <summary>Start and length of the secret within the data; length 0 when there is none.</summary>
    public static (int Start, int Length) In(TypeIdentification type, int dataLength) => type switch
    {
        // The layouts of 132 and 143 are not known; both contain secrets somewhere.
        TypeIdentification.Login or TypeIdentification.LoadPrivateKey or TypeIdentification.ChangePortSettings => (0, dataLength),
        TypeIdentification.PointParameters => Within(5, 4, dataLength),
        TypeIdentification.Configuration => Within(18, 20, dataLength),
        _ => (0, 0),
    };

    /// <summary>Whether the ASDU contains a secret.</summary>
    public static bool In(ReadOnlySpan<byte> asdu) => In((TypeIdentification)asdu[0], asdu.Length - AsduHeader.Length).Length > 0;

    /// <summary>Overwrites the secret of an ASDU with zeros, if there is one.</summary>
    public static void Clear(Span<byte> asdu)
    {
        var (start, length) = In((TypeIdentification)asdu[0], asdu.Length - AsduHeader.Length);
        asdu.Slice(AsduHeader.Length + start, length).Clear();
    }

    private static (int Start, int Length) Within(int start, int length, int dataLength)
    {
        start = Math.Min(start, dataLength);
        return (start, Math.Min(length, dataLength - start));
    }
}
