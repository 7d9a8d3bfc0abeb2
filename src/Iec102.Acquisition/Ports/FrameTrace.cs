using Iec102.Protocol;

namespace Iec102.Acquisition.Ports;

/// <summary>A frame as one line of the log: its octets in hexadecimal. The data of types that carry secrets (183, 129, 142), and the checksum of their frames, are masked.</summary>
internal static class FrameTrace
{
    private const int VariableHeader = 7;
    private const int Tail = 2;

    public static string Line(bool sent, ReadOnlySpan<byte> frame)
    {
        var arrow = sent ? "->" : "<-";
        if (frame.Length < VariableHeader + AsduHeader.Length + Tail || !IsSecret((TypeIdentification)frame[VariableHeader]))
            return $"{arrow} {Convert.ToHexString(frame)}";
        var shown = VariableHeader + AsduHeader.Length;
        return $"{arrow} {Convert.ToHexString(frame[..shown])} ({frame.Length - shown - Tail} octets of data and the checksum masked)";
    }

    private static bool IsSecret(TypeIdentification type) =>
        type is TypeIdentification.Login or TypeIdentification.PointParameters or TypeIdentification.Configuration;
}
