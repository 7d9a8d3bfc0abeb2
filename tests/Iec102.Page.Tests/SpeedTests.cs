using Iec102.Page.Tests.Browsers;
using Iec102.Testing;
using Microsoft.Playwright;

namespace Iec102.Page.Tests;

/// <summary>Promise P9: how much a browser that has seen nothing yet has to load, and for how long.</summary>
public sealed class SpeedTests(ThousandFixture fixture) : IClassFixture<ThousandFixture>
{
    [BrowserFact]
    public async Task P9_a_thousand_meters_are_seen_with_less_than_300_kB()
    {
        await using var viewer = await fixture.OpenAsync();
        var network = await viewer.Page.Context.NewCDPSessionAsync(viewer.Page);
        await network.SendAsync("Network.enable");
        double loaded = 0, live = 0;
        network.Event("Network.loadingFinished").OnEvent += (_, message) =>
            loaded += message!.Value.GetProperty("encodedDataLength").GetDouble();
        network.Event("Network.webSocketFrameReceived").OnEvent += (_, message) =>
            live += message!.Value.GetProperty("response").GetProperty("payloadData").GetString()!.Length * 0.75;

        await viewer.GoAsync("/");

        (await viewer.Page.Locator("tbody tr").CountAsync()).ShouldBeGreaterThan(20);
        await Assertions.Expect(viewer.Page.Locator(".tiles")).ToContainTextAsync("1,000");
        var paint = await viewer.Page.EvaluateAsync<double>("performance.getEntriesByName('first-contentful-paint')[0].startTime");
        Promise.Report(
            "P9", "first glance",
            $"1,000 meters, a browser that knows nothing: first paint, which has the tiles and the table, after {paint / 1000:F2} s; "
            + $"{loaded / 1000:F0} kB loaded (bars 1 s and 300 kB), and {live / 1000:F0} kB, before compression, until the page is live");
        loaded.ShouldBeLessThan(300_000);
    }
}
