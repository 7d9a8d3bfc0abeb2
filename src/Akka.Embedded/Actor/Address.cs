using System.Text;

namespace Akka.Actor;

/// <summary>Where an actor system is: its protocol and name, and host and port if it can be reached from elsewhere.</summary>
public sealed class Address : IEquatable<Address>
{
    public Address(string protocol, string system, string? host = null, int? port = null)
    {
        Protocol = protocol;
        System = system;
        Host = host;
        Port = port;
    }

    public string Protocol { get; }
    public string System { get; }
    public string? Host { get; }
    public int? Port { get; }

    public bool Equals(Address? other) =>
        other is not null && Protocol == other.Protocol && System == other.System && Host == other.Host && Port == other.Port;

    public override bool Equals(object? obj) => Equals(obj as Address);

    public override int GetHashCode() => HashCode.Combine(Protocol, System, Host, Port);

    public static bool operator ==(Address? left, Address? right) => Equals(left, right);

    public static bool operator !=(Address? left, Address? right) => !Equals(left, right);

    public override string ToString()
    {
        var text = new StringBuilder().Append(Protocol).Append("://").Append(System);
        if (Host is not null) text.Append('@').Append(Host);
        if (Port is not null) text.Append(':').Append(Port.Value);
        return text.ToString();
    }
}
