using Iec102.Faults.Tests.Networks;
using Iec102.Faults.Tests.Sites;

namespace Iec102.Faults.Tests.Soaks;

/// <summary>Something that befalls a site for a while.</summary>
/// <param name="Name">What it is, with the node that it befalls.</param>
/// <param name="Befalls">What it befalls: a node's id, or the database. Nothing is befallen twice at a time.</param>
/// <param name="Lasts">How long it lasts.</param>
/// <param name="Begin">Begins it.</param>
/// <param name="End">Ends it; afterwards everything runs again.</param>
internal sealed record Fault(string Name, string Befalls, TimeSpan Lasts, Func<Task> Begin, Func<Task> End)
{
    /// <summary>Chooses one at random.</summary>
    /// <param name="site">The site.</param>
    /// <param name="random">The source of chance.</param>
    public static Fault Choose(Site site, Random random)
    {
        var node = site.Nodes[random.Next(site.Nodes.Count)];
        var peer = site.Nodes[(site.Nodes.ToList().IndexOf(node) + 1) % site.Nodes.Count];
        var (network, database) = (site.Network, site.Database);
        var lasts = TimeSpan.FromSeconds(1 + random.Next(random.Next(2) == 0 ? 5 : 30));
        var ahead = TimeSpan.FromSeconds(random.Next(-3600, 3600));
        return random.Next(9) switch
        {
            0 => Of(node, "killed", lasts, node.KillAsync, () => node.StartAsync(FakeTime.Missing is null)),
            1 => Of(node, "stopped", lasts, Done(node.Process.Pause), Done(node.Process.Continue)),
            2 => Cut(node, "cut off from the database", lasts, () => network.CutAsync(node.Host, site.DatabaseHost)),
            3 => Cut(node, "cut off from everything", lasts, () => network.CutOffAsync(node.Host)),
            4 => Cut(node, $"cut off from {peer.Id}", lasts, () => network.CutAsync(node.Host, peer.Host)),
            5 => Of(node, "ended by SIGTERM", lasts, node.TerminateAsync, () => node.StartAsync(FakeTime.Missing is null)),
            6 => Of(node, "drained", lasts, () => node.DrainAsync(node, isDraining: true), () => node.DrainAsync(node, isDraining: false)),
            7 when FakeTime.Missing is null => Of(
                node, "with a wrong clock", lasts, () => node.SetClockAsync(ahead), () => node.SetClockAsync(TimeSpan.Zero)),
            _ => new Fault("PostgreSQL away", "database", lasts, database.StopAsync, database.StartAgainAsync),
        };
    }

    private static Fault Of(Node node, string what, TimeSpan lasts, Func<Task> begin, Func<Task> end) =>
        new($"{node.Id} {what}", node.Id, lasts, begin, end);

    private static Fault Cut(Node node, string what, TimeSpan lasts, Func<Task<Cut>> begin)
    {
        var cut = default(Cut);
        return Of(node, what, lasts, async () => cut = await begin(), () => cut!.HealAsync());
    }

    private static Func<Task> Done(Action action) => () =>
    {
        action();
        return Task.CompletedTask;
    };
}
