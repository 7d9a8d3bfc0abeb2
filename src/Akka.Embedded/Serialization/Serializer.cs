using Akka.Actor;
using Akka.Configuration;

namespace Akka.Serialization;

/// <summary>Turns objects of the types bound to it into octets and back. The identifier is stored with the octets and finds the serializer again.</summary>
public abstract class Serializer
{
    protected readonly ExtendedActorSystem system;
    private int? _identifier;

    protected Serializer(ExtendedActorSystem system)
    {
        this.system = system;
    }

    /// <summary>0 to 40 are Akka's own. A serializer that does not override it takes it from akka.actor.serialization-identifiers.</summary>
    public virtual int Identifier => _identifier ??= ConfiguredIdentifier();

    /// <summary>Whether the type's name is stored beside the octets.</summary>
    public abstract bool IncludeManifest { get; }

    public abstract byte[] ToBinary(object obj);

    public abstract object FromBinary(byte[] bytes, Type type);

    public T FromBinary<T>(byte[] bytes) => (T)FromBinary(bytes, typeof(T));

    private int ConfiguredIdentifier()
    {
        foreach (var (type, identifier) in system.Settings.Config.GetEntries("akka.actor.serialization-identifiers"))
        {
            if (TypeNames.Find(type) == GetType()) return int.Parse(identifier);
        }
        throw new ConfigurationException($"{GetType()} has no identifier in akka.actor.serialization-identifiers, and does not override it.");
    }
}

/// <summary>A serializer that stores a short name of its own making, which stays when types are renamed.</summary>
public abstract class SerializerWithStringManifest : Serializer
{
    protected SerializerWithStringManifest(ExtendedActorSystem system)
        : base(system)
    {
    }

    public sealed override bool IncludeManifest => true;

    public abstract string Manifest(object o);

    public abstract object FromBinary(byte[] bytes, string manifest);

    public sealed override object FromBinary(byte[] bytes, Type type) => FromBinary(bytes, Serialization.TypeManifest(type));
}

/// <summary>Octets as they are; identifier 4.</summary>
internal sealed class ByteArraySerializer(ExtendedActorSystem system) : Serializer(system)
{
    public override int Identifier => 4;

    public override bool IncludeManifest => false;

    public override byte[] ToBinary(object obj) =>
        obj as byte[] ?? throw new NotSupportedException($"{obj?.GetType().FullName ?? "null"} is no byte array.");

    public override object FromBinary(byte[] bytes, Type type) => bytes;
}
