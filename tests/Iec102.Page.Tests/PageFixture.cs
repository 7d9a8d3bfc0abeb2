using Iec102.Page.Tests.Browsers;
using Iec102.Page.Tests.Sites;

namespace Iec102.Page.Tests;

/// <summary>A browser and a site with four faults; nothing where there is no browser.</summary>
public class PageFixture : IAsyncLifetime
{
    private readonly DirectoryInfo _deliveries = Directory.CreateTempSubdirectory("iec102-page-deliveries-");
    private Chromium? _chromium;
    private Site? _site;

    internal Site Site => _site!;

    /// <summary>Where the delivery named daily is written: the hourly curves of sim-1 and sim-3.</summary>
    internal string Deliveries => _deliveries.FullName;

    public async Task InitializeAsync()
    {
        if (Chromium.Missing is not null)
            return;
        _site = await StartAsync();
        _chromium = await Chromium.StartAsync();
    }

    public async Task DisposeAsync()
    {
        if (_chromium is { } chromium)
            await chromium.DisposeAsync();
        if (_site is { } site)
            await site.DisposeAsync();
        _deliveries.Delete(recursive: true);
    }

    internal Task<Viewer> OpenAsync(View? view = null) => Viewer.OpenAsync(_chromium!.Browser, Site.Server.Url, view);

    private protected virtual Task<Site> StartAsync() => Site.FaultyAsync(
        $$"""iec102.deliveries.daily { at = "23:59", curves = [hourly], meters = [sim-1, sim-3], folder = "{{Deliveries}}" }""");
}

/// <summary>The same with a thousand meters, all of which are read.</summary>
public sealed class ThousandFixture : PageFixture
{
    private protected override Task<Site> StartAsync() => Site.ThousandAsync();
}

/// <summary>The tests that share the browser and the site, and leave the site as it was; they run one after the other.</summary>
[CollectionDefinition(nameof(Pages))]
public sealed class Pages : ICollectionFixture<PageFixture>;
