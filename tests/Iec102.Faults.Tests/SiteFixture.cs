using Iec102.Faults.Tests.Networks;
using Iec102.Faults.Tests.Sites;

namespace Iec102.Faults.Tests;

/// <summary>One site for many faults: each test leaves it with every node up and every line with its preferred node.</summary>
public sealed class SiteFixture : IAsyncLifetime
{
    private Site? _site;

    internal Site Site => _site!;

    public async Task InitializeAsync()
    {
        if (Network.Missing is not null)
            return;
        _site = await Site.StartAsync(new SitePlan
        {
            Lines = [["a"], ["b"], ["a", "b"], ["a", "c"], ["c", "a"], []],
            HistoryDays = 30,
        });
        await Task.WhenAll(_site.Nodes.Select(node => node.StartAsync()));
        await _site.SettleAsync();
    }

    public async Task DisposeAsync()
    {
        if (_site is { } site)
            await site.DisposeAsync();
    }
}
