using System.Security.Cryptography;
using System.Text;

namespace Iec102.Fleet;

/// <summary>Tells whether two nodes read the same fleet file.</summary>
public static class FleetHash
{
    private const int Length = 12;

    /// <summary>
    /// Twelve hexadecimal digits that differ when anything differs that is to be the same on every node: everything but
    /// <see cref="FleetConfiguration.Node"/> and <see cref="FleetConfiguration.Store"/>, secrets included, of which nothing else can be
    /// seen. Two versions of the program may give the same file different hashes.
    /// </summary>
    public static string Of(FleetConfiguration fleet)
    {
        // A record's text is its whole contents, but for secrets and what only a modem is told.
        var text = new StringBuilder($"{fleet with { Node = null, Store = null }}");
        foreach (var secret in Secrets(fleet))
            text.Append('\n').Append(secret);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..Length];
    }

    private static IEnumerable<string> Secrets(FleetConfiguration fleet) =>
    [
        fleet.Cluster.Key?.Reveal() ?? "",
        fleet.Alarms.Webhook?.Secret.Reveal() ?? "",
        fleet.Alarms.Email?.Password?.Reveal() ?? "",
        .. fleet.Ports.SelectMany(port => (IEnumerable<Secret>)(port.Gateway?.Keys ?? [])).Select(key => $"{key.Reveal()}"),
        .. fleet.Ports.Select(port => string.Join('\t', port.Dial?.Init ?? [])),
        .. fleet.Meters.SelectMany(meter => new[] { $"{meter.Password.Reveal()}", $"{meter.WritePassword?.Reveal()}" }),
    ];
}
