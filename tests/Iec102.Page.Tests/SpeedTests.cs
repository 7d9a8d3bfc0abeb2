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
        // The server is new too: for the first browser it compiles the page.
        var first = await LookAsync();
        var second = await LookAsync();
        Promise.Report(
            "P9", "first glance",
            "1,000 meters, a browser that knows nothing: first paint, which has the tiles and the table, "
            + $"after {first.Paint:F2} s for the first one since the start of the server, and after {second.Paint:F2} s for the next; "
            + $"{second.Loaded / 1000:F0} kB loaded (bars 1 s and 300 kB), and {second.Live / 1000:F0} kB more until the page is live");
        first.Loaded.ShouldBeLessThan(300_000);
        second.Loaded.ShouldBeLessThan(300_000);
    }

    /// <summary>Opens the page in a browser of its own.</summary>
    /// <returns>Seconds to the first paint, and octets loaded and received through the WebSocket.</returns>
    private async Task<(double Paint, double Loaded, double Live)> LookAsync()
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
        return (paint / 1000, loaded, live);
    }
}
