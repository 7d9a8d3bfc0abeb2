using System.Diagnostics.CodeAnalysis;

namespace Akka.Actor;

/// <summary>The place of an actor in the tree of its system, as in akka://system/user/parent/child. The uid is not part of the path's identity.</summary>
public abstract class ActorPath : IEquatable<ActorPath>, IComparable<ActorPath>
{
    public const string ValidSymbols = "\"-_.*$+:@&=,!~';()";

    private string? _text;

    private protected ActorPath(ActorPath? parent, Address address, string name, long uid)
    {
        Parent = parent ?? this;
        Address = address;
        Name = name;
        Uid = uid;
        Depth = parent is null ? 0 : parent.Depth + 1;
    }

    public Address Address { get; }
    public ActorPath Parent { get; }
    public string Name { get; }
    public long Uid { get; }
    public int Depth { get; }

    public ActorPath Root
    {
        get
        {
            var path = this;
            while (path.Depth > 0) path = path.Parent;
            return path;
        }
    }

    public IReadOnlyList<string> Elements
    {
        get
        {
            var names = new string[Depth];
            for (var path = this; path.Depth > 0; path = path.Parent) names[path.Depth - 1] = path.Name;
            return names;
        }
    }

    public static bool IsValidPathElement(string s)
    {
        if (string.IsNullOrEmpty(s) || s[0] == '$') return false;
        for (var i = 0; i < s.Length; i++)
        {
            if (char.IsAsciiLetterOrDigit(s[i]) || ValidSymbols.Contains(s[i])) continue;
            if (s[i] != '%' || i + 2 >= s.Length || !char.IsAsciiHexDigit(s[i + 1]) || !char.IsAsciiHexDigit(s[i + 2])) return false;
            i += 2;
        }
        return true;
    }

    public static ActorPath Parse(string path) =>
        TryParse(path, out var parsed) ? parsed : throw new UriFormatException($"Can not parse an ActorPath: {path}");

    public static bool TryParse(string path, [NotNullWhen(true)] out ActorPath? actorPath)
    {
        actorPath = null;
        // Not left to Uri alone: a path such as /user/a is an absolute file to it.
        if (!path.StartsWith("akka", StringComparison.Ordinal) || !Uri.TryCreate(path, UriKind.Absolute, out var uri) || !uri.Scheme.StartsWith("akka", StringComparison.Ordinal)) return false;
        var address = uri.UserInfo.Length == 0
            ? new Address(uri.Scheme, uri.Authority)
            : new Address(uri.Scheme, uri.UserInfo, uri.Host, uri.Port < 0 ? null : uri.Port);
        actorPath = new RootActorPath(address) / uri.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (uri.Fragment.Length > 1 && long.TryParse(uri.Fragment.AsSpan(1), out var uid)) actorPath = actorPath.WithUid(uid);
        return true;
    }

    public ActorPath Child(string childName) => this / childName;

    public static ActorPath operator /(ActorPath path, string name)
    {
        var mark = name.IndexOf('#');
        return mark < 0 ? new ChildActorPath(path, name, 0) : new ChildActorPath(path, name[..mark], long.Parse(name.AsSpan(mark + 1)));
    }

    public static ActorPath operator /(ActorPath path, IEnumerable<string> name) => name.Aggregate(path, (parent, child) => parent / child);

    public ActorPath WithUid(long uid) => Depth == 0 ? this : new ChildActorPath(Parent, Name, uid);

    public bool Equals(ActorPath? other)
    {
        if (ReferenceEquals(this, other)) return true;
        if (other is null || Depth != other.Depth || Name != other.Name) return false;
        return Depth == 0 ? Address == other.Address : Parent.Equals(other.Parent);
    }

    public override bool Equals(object? obj) => Equals(obj as ActorPath);

    public override int GetHashCode() => Depth == 0 ? Address.GetHashCode() : HashCode.Combine(Parent.GetHashCode(), Name);

    public int CompareTo(ActorPath? other) => string.CompareOrdinal(ToString(), other?.ToString());

    public static bool operator ==(ActorPath? left, ActorPath? right) => Equals(left, right);

    public static bool operator !=(ActorPath? left, ActorPath? right) => !Equals(left, right);

    public override string ToString() => _text ??= Address + ToStringWithoutAddress();

    public string ToStringWithoutAddress() => "/" + string.Join('/', Elements);

    public string ToStringWithAddress() => ToString();

    public string ToStringWithUid() => Uid == 0 ? ToString() : ToString() + "#" + Uid;

    public string ToSerializationFormat() => ToStringWithUid();
}

/// <summary>The root of a system's tree.</summary>
public sealed class RootActorPath : ActorPath
{
    public RootActorPath(Address address, string name = "")
        : base(null, address, name, 0)
    {
    }
}

/// <summary>Any path below the root.</summary>
public sealed class ChildActorPath : ActorPath
{
    public ChildActorPath(ActorPath parentPath, string name, long uid)
        : base(parentPath, parentPath.Address, name, uid)
    {
    }
}
