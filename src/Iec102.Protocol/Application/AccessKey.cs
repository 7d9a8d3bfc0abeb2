using System.Buffers.Binary;

namespace Iec102.Protocol.Application;

/// <summary>The access key in a login, type 183 (protocol notes 4.3): 0-3 key u32.</summary>
public static class AccessKey
{
    /// <summary>Reads the key; false when the ASDU is of another type or does not have exactly 4 octets of data.</summary>
    public static bool TryRead(in Asdu asdu, out uint key)
    {
        key = 0;
        return asdu.Header.Type == TypeIdentification.Login && asdu.Data.Length == sizeof(uint)
            && BinaryPrimitives.TryReadUInt32LittleEndian(asdu.Data, out key);
    }
}
