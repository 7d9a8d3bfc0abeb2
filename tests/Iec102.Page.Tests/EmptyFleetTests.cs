using Iec102.Page.Tests.Browsers;
using Iec102.Testing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Iec102.Page.Tests;

/// <summary>The pages of a server that has no meters yet, or none that it reads.</summary>
public sealed class EmptyFleetTests : IAsyncLifetime
{
    /// <summary>As long as the server may take to look at its fleet file, and the page to be told.</summary>
    private const float Patience = 60_000;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("iec102-page-");
    private ServerProcess? _server;
    private Chromium? _chromium;

    private string Fleet => Path.Combine(_folder.FullName, "fleet.conf");

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_chromium is { } chromium)
            await chromium.DisposeAsync();
        if (_server is { } server)
            await server.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [BrowserFact]
    public async Task A_meter_that_is_switched_off_is_not_said_to_lack_curves()
    {
        await using var viewer = await OpenAsync("""
            iec102.ports.north { tcp = "192.0.2.1:4001", enabled = false }
            iec102.meters.off { port = north, link-address = 1, password = 1 }
            """);

        foreach (var tab in (string[])["curves", "coverage"])
        {
            await viewer.GoAsync($"/meters/off/{tab}");
            await Expect(viewer.Page.GetByRole(AriaRole.Heading, new() { Name = "This meter is not read" })).ToBeVisibleAsync();
        }
    }

    [BrowserFact]
    public async Task A_meter_that_cannot_be_reached_yet_can_be_added_and_a_line_without_an_address_is_not_taken_for_a_serial_one()
    {
        await using var viewer = await OpenAsync("iec102 {}\n");
        await viewer.GoAsync("/add");
        var page = viewer.Page;
        var address = page.GetByLabel("Host and TCP port");
        await address.FillAsync("127.0.0.1:1");
        await page.GetByLabel("Link address").FillAsync("1");
        await page.GetByLabel("Password").FillAsync("1");
        await page.GetByRole(AriaRole.Button, new() { Name = "Test", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "No meter was reached" }))
            .ToBeVisibleAsync(new() { Timeout = Patience });

        await page.GetByRole(AriaRole.Button, new() { Name = "Go on without a test" }).ClickAsync();
        await address.FillAsync("");
        await page.GetByLabel("Id of the meter").FillAsync("m-1");
        await page.GetByLabel("Id of the new port").FillAsync("p-1");
        await page.GetByRole(AriaRole.Button, new() { Name = "Show the difference" }).ClickAsync();

        await Expect(page.GetByText("a port needs tcp")).ToBeVisibleAsync();
    }

    [BrowserFact]
    public async Task A_fleet_file_that_is_rejected_is_shown_with_each_error_until_it_is_right()
    {
        await using var viewer = await OpenAsync("iec102 {}\n");
        await viewer.GoAsync("/");
        var (page, add) = (viewer.Page, viewer.Page.Locator(".empty").GetByRole(AriaRole.Link));
        await Expect(add).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToBeHiddenAsync();

        await File.WriteAllTextAsync(Fleet, "iec102 {\n  ports.north.tpc = \"192.0.2.1:4001\"\n}\n");

        var rejected = page.GetByText("The fleet file was changed and is not applied").Locator("..");
        await Expect(rejected).ToContainTextAsync(
            $"{Fleet}:2:3: iec102.ports.north.tpc: this key is unknown; the nearest known one is 'tcp'.", new() { Timeout = Patience });
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "No meters yet" })).ToBeVisibleAsync();
        await Expect(add).ToHaveCountAsync(0);

        await File.WriteAllTextAsync(Fleet, "iec102 {}\n");
        await Expect(rejected).ToHaveCountAsync(0, new() { Timeout = Patience });
        await Expect(add).ToBeVisibleAsync();
        viewer.Faults.ShouldBeEmpty();
    }

    private async Task<Viewer> OpenAsync(string fleet)
    {
        await File.WriteAllTextAsync(Fleet, fleet);
        _server = await ServerProcess.ServeAsync(Fleet, Path.Combine(_folder.FullName, "data"));
        _chromium = await Chromium.StartAsync();
        return await Viewer.OpenAsync(_chromium.Browser, _server.Url);
    }
}
