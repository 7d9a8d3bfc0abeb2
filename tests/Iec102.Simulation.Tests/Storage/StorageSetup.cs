using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Serialization;

namespace Iec102.Simulation.Tests;

/// <summary>Gives a node's journal and snapshot store, which Akka.Persistence creates by name, the storage to which they write.</summary>
internal sealed class StorageSetup(string writer, Durable durable, IStore store, Weakness weakness = Weakness.None) : Setup
{
    /// <summary>What the journal calls the writer of its events: one name for the whole life, as in Akka.Persistence.Sql.</summary>
    public string Writer => writer;

    public Durable Durable => durable;

    public IStore Store => store;

    public bool FiltersReplays => weakness.HasFlag(Weakness.ReplayFilter);

    public static StorageSetup Of(ActorSystem system) => system.Settings.Setup.Get<StorageSetup>().Value;

    public static StoredPayload Write(object payload, long sequenceNr, ActorSystem system, string writer = "")
    {
        var serializer = system.Serialization.FindSerializerFor(payload);
        return new StoredPayload(
            sequenceNr, serializer.Identifier, Serialization.ManifestFor(serializer, payload), serializer.ToBinary(payload), writer);
    }

    public static object Read(StoredPayload payload, ActorSystem system) =>
        system.Serialization.Deserialize(payload.Octets, payload.Serializer, payload.Manifest);
}
