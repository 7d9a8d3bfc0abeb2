using Iec102.Protocol.Time;


namespace Iec102.Storage.Schema;

/// <summary>Labels are stored as the octets that were on the wire.</summary>
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
