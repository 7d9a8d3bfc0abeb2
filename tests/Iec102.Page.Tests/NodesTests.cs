using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Iec102.Page.Tests.Browsers;
using Iec102.Page.Tests.Sites;
using Iec102.Testing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Iec102.Page.Tests;

/// <summary>The page of a node shows what other nodes read, and operates it.</summary>
public sealed class NodesTests : IAsyncLifetime
{
    /// <summary>As long as nodes may take to see one another.</summary>
    private const float Patience = 60_000;

    private Chromium? _chromium;
    private NodesSite? _site;

    public async Task InitializeAsync()
    {
        if (Chromium.Missing is not null || PostgresServer.Missing is not null)
            return;
        _site = await NodesSite.StartAsync();
        _chromium = await Chromium.StartAsync();
    }

    public async Task DisposeAsync()
    {
        if (_chromium is { } chromium)
            await chromium.DisposeAsync();
        if (_site is { } site)
            await site.DisposeAsync();
    }

    [BrowserFact]
    public async Task Any_node_shows_and_operates_what_another_reads()
    {
        var (a, b) = (_site!.A, _site.B);
        await using var viewer = await Viewer.OpenAsync(_chromium!.Browser, b.Url);
        var page = viewer.Page;

        await viewer.GoAsync("/");
        foreach (var meter in (string[])["sim-1", "sim-2"])
        {
            var row = page.Locator("tbody tr").Filter(new() { HasText = meter });
            await Expect(row.Locator(".verdict.ok")).ToBeVisibleAsync(new() { Timeout = Patience });
            await Expect(row).ToContainTextAsync("s ago");
        }

        await viewer.GoAsync("/meters/sim-1");
        await Expect(page.GetByText("Voltage, primary (V)")).ToBeVisibleAsync(new() { Timeout = Patience });
        await page.GetByRole(AriaRole.Button, new() { Name = "Read now" }).ClickAsync();
        await Expect(page.GetByText("Reading")).ToHaveCountAsync(0, new() { Timeout = Patience });
        await Expect(page.Locator(".mud-snackbar")).ToHaveCountAsync(0);

        await viewer.GoAsync("/ports/line-1");
        await Expect(page.Locator(".facts")).ToContainTextAsync("Nodea");
        await page.GetByRole(AriaRole.Button, new() { Name = "Show the frames" }).ClickAsync();
        await Expect(page.Locator(".trace tbody tr").First).ToBeVisibleAsync(new() { Timeout = Patience });
        await page.GetByRole(AriaRole.Button, new() { Name = "Pause", Exact = true }).Last.ClickAsync();
        var resume = page.GetByRole(AriaRole.Button, new() { Name = "Resume" });
        await Expect(resume).ToBeVisibleAsync(new() { Timeout = Patience });
        (await StateAtAsync(a)).ShouldBe("paused");
        await resume.ClickAsync();
        await Expect(page.Locator(".facts")).ToContainTextAsync("Open", new() { Timeout = Patience });

        await viewer.GoAsync("/system");
        await Expect(page.GetByRole(AriaRole.Rowheader, new() { Name = "a", Exact = true })).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Rowheader, new() { Name = "b this one" })).ToBeVisibleAsync();
        viewer.Faults.ShouldBeEmpty();
    }

    [BrowserFact]
    public async Task Any_node_shows_the_alarms_that_another_keeps_and_what_people_say_of_them()
    {
        await using var viewer = await Viewer.OpenAsync(_chromium!.Browser, _site!.B.Url);
        await viewer.GoAsync("/");
        var problem = viewer.Page.Locator("li.problem").Filter(new() { HasText = "sim-3" });
        var acknowledge = problem.GetByRole(AriaRole.Button, new() { Name = "Acknowledge meter.sim-3.password" });
        await acknowledge.ClickAsync(new() { Timeout = Patience });
        await Expect(problem).ToContainTextAsync("Acknowledged by");

        await viewer.GoAsync("/alarms");
        await Expect(problem).ToContainTextAsync("Acknowledged by");
        using var noted = await _site.A.Client.PostAsJsonAsync("/api/alarms/meter.sim-3.password/note", new { text = "Ana knows." });
        noted.EnsureSuccessStatusCode();
        await Expect(problem).ToContainTextAsync("Note: Ana knows.", new() { Timeout = Patience });
        viewer.Faults.ShouldBeEmpty();
    }

    private static async Task<string?> StateAtAsync(ServerProcess node) =>
        (string?)(await node.Client.GetFromJsonAsync<JsonNode>("/api/ports/line-1"))!["state"];
}
