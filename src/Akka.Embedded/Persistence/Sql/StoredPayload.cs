using Microsoft.Data.Sqlite;

namespace Akka.Persistence.Sql;

/// <summary>An event or a snapshot as the tables hold it: octets, the manifest, and the identifier of the serializer that made them.</summary>
internal readonly record struct StoredPayload(byte[] Bytes, string Manifest, int Identifier)
{
    public static StoredPayload Of(object payload, Akka.Serialization.Serialization serialization)
    {
        var serializer = serialization.FindSerializerFor(payload);
        return new StoredPayload(serializer.ToBinary(payload), Akka.Serialization.Serialization.ManifestFor(serializer, payload), serializer.Identifier);
    }

    /// <summary>The object of a row, whose octets, manifest and identifier stand in these columns. Old rows have no identifier: the manifest names the type.</summary>
    public static object Read(SqliteDataReader row, int bytes, int manifest, int identifier, Akka.Serialization.Serialization serialization)
    {
        var octets = row.GetFieldValue<byte[]>(bytes);
        var name = row.IsDBNull(manifest) ? "" : row.GetString(manifest);
        if (!row.IsDBNull(identifier)) return serialization.Deserialize(octets, row.GetInt32(identifier), name);
        var type = Akka.Serialization.Serialization.TypeOf(name);
        return serialization.FindSerializerForType(type).FromBinary(octets, type);
    }
}
