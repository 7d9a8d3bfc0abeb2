using Hocon;

namespace Akka.Configuration;

/// <summary>Settings in HOCON, read by path.</summary>
public class Config
{
    public static readonly Config Empty = new();

    private readonly HoconObject _root;

    public Config()
        : this(HoconObject.Empty)
    {
    }

    internal Config(HoconObject root) => _root = root;

    public virtual bool IsEmpty => _root.Fields.Count == 0;

    public static implicit operator Config(string str) => ConfigurationFactory.ParseString(str);

    public virtual Config WithFallback(Config fallback) => fallback is null ? this : new Config(_root.WithFallback(fallback._root));

    public virtual bool HasPath(string path) => _root.Has(path);

    public virtual Config GetConfig(string path) => Read(path, Empty, () => new Config(_root.GetObject(path)));

    public virtual string? GetString(string path, string? @default = null) => Read(path, @default, () => _root.GetString(path));

    public virtual bool GetBoolean(string path, bool @default = false) => Read(path, @default, () => _root.GetBoolean(path));

    public virtual int GetInt(string path, int @default = 0) => Read(path, @default, () => _root.GetInt32(path));

    public virtual long GetLong(string path, long @default = 0) => Read(path, @default, () => _root.GetInt64(path));

    public virtual double GetDouble(string path, double @default = 0) => Read(path, @default, () => _root.GetDouble(path));

    public virtual TimeSpan GetTimeSpan(string path, TimeSpan? @default = null, bool allowInfinite = true) => Read(path, @default ?? TimeSpan.Zero, () =>
        allowInfinite && _root.GetString(path) == "infinite" ? Timeout.InfiniteTimeSpan : _root.GetTimeSpan(path));

    public virtual IList<string> GetStringList(string path) => Read<IList<string>>(path, [], () => [.. _root.GetStringList(path)]);

    /// <summary>The keys of the object at the path, each as it is written, with their single values; none when there is no such object.</summary>
    internal IReadOnlyList<KeyValuePair<string, string>> GetEntries(string path) => Read<IReadOnlyList<KeyValuePair<string, string>>>(path, [], () =>
    [
        .. _root.GetObject(path).Fields.Select(field => KeyValuePair.Create(field.Key, (field.Value as HoconScalar)?.Text
            ?? throw new HoconException(field.KeyPosition, $"{path}.{field.Key} must be a single value."))),
    ]);

    public override string ToString() => _root.ToString() ?? "";

    private T Read<T>(string path, T absent, Func<T> value)
    {
        if (!_root.Has(path)) return absent;
        try
        {
            return value();
        }
        catch (HoconException bad)
        {
            throw new ConfigurationException(bad.Message, bad);
        }
    }
}

/// <summary>Makes configurations.</summary>
public class ConfigurationFactory
{
    public static Config Empty => Config.Empty;

    public static Config ParseString(string hocon)
    {
        try
        {
            return new Config(HoconParser.Parse(hocon));
        }
        catch (HoconException bad)
        {
            throw new ConfigurationException(bad.Message, bad);
        }
    }
}

/// <summary>The configuration is wrong.</summary>
public class ConfigurationException : Actor.AkkaException
{
    public ConfigurationException(string message)
        : base(message)
    {
    }

    public ConfigurationException(string message, Exception exception)
        : base(message, exception)
    {
    }
}
