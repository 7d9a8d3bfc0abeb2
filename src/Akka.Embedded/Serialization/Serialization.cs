using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Configuration;

namespace Akka.Serialization;

/// <summary>
/// Which serializer is for which type: byte arrays, and what the configuration binds (akka.actor.serializers, serialization-bindings,
/// serialization-identifiers). There is no serializer for everything else: a type that nobody bound is refused by name.
/// </summary>
public class Serialization
{
    private readonly Dictionary<string, Serializer> _byName = [];
    private readonly Dictionary<int, Serializer> _byIdentifier = [];
    private readonly Dictionary<Type, Serializer> _byType = [];

    public Serialization(ExtendedActorSystem system)
    {
        ArgumentNullException.ThrowIfNull(system);
        System = system;
        var bytes = new ByteArraySerializer(system);
        AddSerializer("bytes", bytes);
        AddSerializationMap(typeof(byte[]), bytes);
        ReadConfiguration(system.Settings.Config);
    }

    public ExtendedActorSystem System { get; }

    public static string ManifestFor(Serializer s, object msg)
    {
        ArgumentNullException.ThrowIfNull(s);
        ArgumentNullException.ThrowIfNull(msg);
        if (s is SerializerWithStringManifest named) return named.Manifest(msg);
        return s.IncludeManifest ? TypeManifest(msg.GetType()) : "";
    }

    public void AddSerializer(string name, Serializer serializer) => _byName.Add(name, serializer);

    public void AddSerializationMap(Type type, Serializer serializer)
    {
        ArgumentNullException.ThrowIfNull(serializer);
        lock (_byType)
        {
            _byType[type] = serializer;
            if (_byIdentifier.TryGetValue(serializer.Identifier, out var other) && other.GetType() != serializer.GetType())
                throw new ConfigurationException($"{serializer.GetType()} and {other.GetType()} have the same identifier, {serializer.Identifier}.");
            _byIdentifier[serializer.Identifier] = serializer;
        }
    }

    public Serializer FindSerializerFor(object obj, string? defaultSerializerName = null)
    {
        ArgumentNullException.ThrowIfNull(obj);
        return FindSerializerForType(obj.GetType(), defaultSerializerName);
    }

    /// <summary>The serializer bound to the type, else to the nearest of its base types and interfaces, else the named one.</summary>
    public Serializer FindSerializerForType(Type objectType, string? defaultSerializerName = null)
    {
        ArgumentNullException.ThrowIfNull(objectType);
        lock (_byType)
        {
            if (_byType.TryGetValue(objectType, out var found)) return found;
            if (NearestBinding(objectType) is { } nearest)
            {
                found = _byType[nearest];
                _byType.Add(objectType, found);
                return found;
            }
        }
        if (defaultSerializerName is not null) return _byName[defaultSerializerName];
        throw new SerializationException(
            $"No serializer is bound to {objectType.FullName}: name one for it, or for a type it derives from, in akka.actor.serialization-bindings.");
    }

    public byte[] Serialize(object o) => FindSerializerFor(o).ToBinary(o);

    public object Deserialize(byte[] bytes, int serializerId, string manifest)
    {
        var serializer = SerializerOf(serializerId);
        return serializer is SerializerWithStringManifest named
            ? named.FromBinary(bytes, manifest)
            : serializer.FromBinary(bytes, string.IsNullOrEmpty(manifest) ? typeof(object) : TypeOf(manifest));
    }

    public object Deserialize(byte[] bytes, int serializerId, Type type) => SerializerOf(serializerId).FromBinary(bytes, type);

    /// <summary>"Namespace.Type, Assembly", without a version.</summary>
    internal static string TypeManifest(Type type) => $"{type.FullName}, {type.Assembly.GetName().Name}";

    internal static Type TypeOf(string manifest) =>
        Type.GetType(manifest) ?? throw new SerializationException($"The type {manifest}, which stored data names, cannot be found.");

    private Type? NearestBinding(Type objectType)
    {
        var candidates = _byType.Keys.Where(bound => bound.IsAssignableFrom(objectType)).ToList();
        return candidates.Find(bound => candidates.TrueForAll(other => !bound.IsAssignableFrom(other) || other == bound)) ?? candidates.FirstOrDefault();
    }

    private Serializer SerializerOf(int identifier) =>
        _byIdentifier.TryGetValue(identifier, out var serializer)
            ? serializer
            : throw new SerializationException($"Stored data names the serializer {identifier}, which is not among those configured in akka.actor.serializers.");

    private void ReadConfiguration(Config config)
    {
        foreach (var (name, type) in config.GetEntries("akka.actor.serializers"))
            AddSerializer(name, Create(TypeNames.Find(type)));
        foreach (var (type, name) in config.GetEntries("akka.actor.serialization-bindings"))
        {
            if (!_byName.TryGetValue(name, out var serializer))
                throw new ConfigurationException($"akka.actor.serialization-bindings names the serializer {name}, which is not in akka.actor.serializers.");
            AddSerializationMap(TypeNames.Find(type), serializer);
        }
    }

    private Serializer Create(Type type) => (Serializer)Activator.CreateInstance(type, System)!;
}
