using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;

namespace Iec102.Fleet;

/// <summary>Reads the section <c>gateway</c> of a port.</summary>
internal static class GatewayReader
{
    public static GatewayConfiguration Read(FleetSection section)
    {
        var defaults = new GatewayConfiguration { Listen = ReadListen(section) ?? new IPEndPoint(IPAddress.Loopback, 0) };
        var gateway = defaults with
        {
            Allow = ReadAllow(section),
            Mode = section.Choice("mode", defaults.Mode, ("read-only", GatewayMode.ReadOnly), ("full", GatewayMode.Full)),
            Keys = ReadKeys(section),
            MaxClients = (int?)section.Number("max-clients", 1, 1000) ?? defaults.MaxClients,
            IdleTimeout = section.Duration("idle-timeout", TimeSpan.FromSeconds(10), TimeSpan.FromDays(1)) ?? defaults.IdleTimeout,
            AnswerHold = section.Duration("answer-hold", TimeSpan.Zero, TimeSpan.FromSeconds(60)) ?? defaults.AnswerHold,
            MaxHold = section.Duration("max-hold", TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)) ?? defaults.MaxHold,
        };
        if (!IPAddress.IsLoopback(gateway.Listen.Address) && !section.Has("allow"))
        {
            section.ReportValue(
                "listen",
                $"{gateway.Listen.Address} can be reached from other computers: write allow = [\"192.0.2.0/24\"] "
                + "with the networks the clients are in, or listen on 127.0.0.1.");
        }

        section.RejectUnknown();
        return gateway;
    }

    private static IPEndPoint? ReadListen(FleetSection section)
    {
        var listen = section.Text("listen");
        if (!section.Has("listen"))
            section.ReportMissing("listen", "is missing: write the address and port to listen on, such as \"127.0.0.1:5001\".");
        if (TryParseEndPoint(listen, out var endPoint))
            return endPoint;
        if (listen is not null)
            section.ReportValue("listen", $"must be a numeric address and a port, such as \"0.0.0.0:5001\", not '{listen}'.");
        return null;
    }

    private static ValueList<IPNetwork> ReadAllow(FleetSection section)
    {
        var networks = new List<IPNetwork>();
        foreach (var word in section.Words("allow") ?? [])
        {
            if (IPNetwork.TryParse(word.Text, out var network))
                networks.Add(network);
            else if (IPAddress.TryParse(word.Text, out var address))
                networks.Add(new IPNetwork(address, address.GetAddressBytes().Length * 8));
            else
                section.Report("allow", word.Position, $"must hold networks such as \"192.0.2.0/24\" or addresses, not '{word.Text}'.");
        }

        return [.. networks];
    }

    private static ValueList<Secret> ReadKeys(FleetSection section)
    {
        var keys = new List<Secret>();
        if (section.Words("keys") is not { } words)
            return [];
        foreach (var word in words)
        {
            if (uint.TryParse(word.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var key))
                keys.Add(new Secret(key));
            else
                section.Report("keys", word.Position, "must hold whole numbers from 0 to 4294967295; the value here is not one.");
        }

        if (words.Count == 0)
            section.ReportValue("keys", "must hold at least one key; leave it out to accept each meter's own password.");
        return [.. keys];
    }

    private static bool TryParseEndPoint(string? text, [NotNullWhen(true)] out IPEndPoint? endPoint) =>
        IPEndPoint.TryParse(text ?? "", out endPoint) && endPoint.Port > 0;
}
