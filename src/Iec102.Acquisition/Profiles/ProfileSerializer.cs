using Akka.Actor;
using Akka.Serialization;

namespace Iec102.Acquisition.Profiles;

/// <summary>Gives the journal and the snapshot store the octets of <see cref="ProfileFormat"/>.</summary>
public sealed class ProfileSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    /// <summary>What an actor system needs in its configuration to keep profiles.</summary>
    public const string Config = """
        akka.actor {
          serializers.iec102-profile = "Iec102.Acquisition.Profiles.ProfileSerializer, Iec102.Acquisition"
          serialization-bindings {
            "Iec102.Acquisition.Profiles.IProfileEvent, Iec102.Acquisition" = iec102-profile
            "Iec102.Acquisition.Profiles.ProfileState, Iec102.Acquisition" = iec102-profile
          }
        }
        """;

    /// <summary>Stored beside every event: it must never change.</summary>
    public override int Identifier => 102;

    /// <inheritdoc/>
    public override string Manifest(object o) => ProfileFormat.Manifest(o);

    /// <inheritdoc/>
    public override byte[] ToBinary(object obj) => ProfileFormat.Write(obj);

    /// <inheritdoc/>
    public override object FromBinary(byte[] bytes, string manifest) => ProfileFormat.Read(bytes, manifest);
}
