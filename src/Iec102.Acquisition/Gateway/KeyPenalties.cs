namespace Iec102.Acquisition.Gateway;

/// <summary>
/// Slows down anyone who guesses keys. After a wrong key every login from the same host waits, even one with the right key, since a quick
/// answer would give it away. The waits double with each wrong key in a row.
/// </summary>
internal sealed class KeyPenalties
{
    private const int MaxHosts = 1000;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    private static readonly Backoff Waits = Backoff.Doubling(TimeSpan.FromSeconds(1), Longest);
    private static readonly TimeSpan Forgotten = TimeSpan.FromMinutes(10);

    private readonly SortedDictionary<string, Host> _hosts = new(StringComparer.Ordinal);

    private sealed record Host(int WrongKeys, TimeSpan Until);

    /// <summary>How long the answer to a login waits.</summary>
    public TimeSpan OnLogin(string host, bool isRight, TimeSpan now)
    {
        var known = _hosts.GetValueOrDefault(host) ?? new Host(0, now);
        var rest = known.Until > now ? known.Until - now : TimeSpan.Zero;
        if (isRight)
        {
            _hosts.Remove(host);
            return rest;
        }

        var wrongKeys = known.WrongKeys + 1;
        var own = Waits.After(known.WrongKeys);
        // Never beyond the longest, however many keys are tried at once: other clients may share the host.
        var wait = rest + own < Longest ? rest + own : Longest;
        MakeRoom(now);
        _hosts[host] = new Host(wrongKeys, now + wait);
        return wait;
    }

    /// <summary>Wrong keys in a row from a host.</summary>
    public int WrongKeysOf(string host) => _hosts.GetValueOrDefault(host)?.WrongKeys ?? 0;

    private void MakeRoom(TimeSpan now)
    {
        foreach (var old in _hosts.Where(host => now - host.Value.Until > Forgotten).Select(host => host.Key).ToList())
            _hosts.Remove(old);
        if (_hosts.Count >= MaxHosts)
            _hosts.Remove(_hosts.MinBy(host => host.Value.Until).Key);
    }
}
