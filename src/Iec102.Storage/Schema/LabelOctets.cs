using Iec102.Protocol.Time;


namespace Iec102.Storage.Schema;

/// <summary>Labels as they are stored: the octets of the wire.</summary>
internal static class LabelOctets
{
    public static byte[] Of(TimeTagA label)
    {
        var octets = new byte[TimeTagA.Length];
        label.Write(octets);
        return octets;
    }

    public static byte[] Of(TimeTagB label)
    {
        var octets = new byte[TimeTagB.Length];
        label.Write(octets);
        return octets;
    }
}
