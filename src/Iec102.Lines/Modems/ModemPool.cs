using System.Collections.Concurrent;

namespace Iec102.Lines.Modems;

/// <summary>The modems of this program: lines to the same device or TCP port lead to the same modem.</summary>
public sealed class ModemPool
{
    private readonly ConcurrentDictionary<string, Modem> _modems = new(StringComparer.Ordinal);

    /// <summary>The modem at a device or TCP port.</summary>
    public Modem At(string place) => _modems.GetOrAdd(place, _ => new Modem());

    /// <summary>Waits until every call has been hung up, but no longer than the limit.</summary>
    public async Task WhenFreeAsync(TimeSpan limit)
    {
        using var patience = new CancellationTokenSource(limit);
        await Task.WhenAll(_modems.Values.Select(modem => modem.WhenFreeAsync(patience.Token)))
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
