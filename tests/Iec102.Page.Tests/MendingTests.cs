using Iec102.Page.Tests.Browsers;
using Iec102.Page.Tests.Sites;
using Iec102.Server.Hosting;
using Iec102.Simulator.Hosting;
using Iec102.Storage;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Iec102.Page.Tests;

/// <summary>
/// Thirty meters with four faults, all of which an operator mends from the first page. The server runs in this process, so that a test can
/// say whether its clock is synchronised.
/// </summary>
public sealed class MendingTests : IAsyncLifetime, IDisposable
{
    private static readonly LocatorAssertionsToBeVisibleOptions Patience = new() { Timeout = 120_000 };
    private static readonly LocatorAssertionsToHaveCountOptions PatienceOfCounts = new() { Timeout = 120_000 };

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("iec102-page-");
    private SimulatorHost _simulator = null!;
    private ServerHost _server = null!;
    private Chromium _chromium = null!;
    private bool _isSynchronised;

    public async Task InitializeAsync()
    {
        if (Chromium.Missing is not null)
            return;
        _simulator = await SimulatorHost.StartAsync(Site.Thirty);
        var files = new FleetFiles(Path.Combine(_folder.FullName, "fleet.conf"), null);
        await File.WriteAllTextAsync(files.Fleet, Site.FaultyFleet(_simulator, ""));
        _server = await ServerHost.StartAsync(
            new ServerOptions(
                files.Read().Configuration!, DataDirectory.Create(Path.Combine(_folder.FullName, "data")), ["http://127.0.0.1:0"])
            {
                LogToConsole = false,
                FleetFiles = files,
                IsClockSynchronised = () => _isSynchronised,
            },
            CancellationToken.None);
        _chromium = await Chromium.StartAsync();
    }

    public async Task DisposeAsync()
    {
        if (Chromium.Missing is not null)
            return;
        await _chromium.DisposeAsync();
        await _server.DisposeAsync();
        await _simulator.DisposeAsync();
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [BrowserFact]
    public async Task Four_problems_are_mended_one_by_one_until_nothing_needs_the_operator()
    {
        await using var viewer = await Viewer.OpenAsync(_chromium.Browser, _server.Urls[0]);
        var page = viewer.Page;
        await viewer.GoAsync("/");
        var problems = page.Locator("li.problem");
        await Expect(problems).ToHaveCountAsync(4, PatienceOfCounts);

        await MendAsync("Change address: line-6", "Host and TCP port", $"127.0.0.1:{_simulator.Lines[5].Port}");
        await Expect(problems.Filter(new() { HasText = "line-6" })).ToHaveCountAsync(0, PatienceOfCounts);

        await MendAsync("Change password: Parque eólico La Muela III", "Password", "1");
        await Expect(problems.Filter(new() { HasText = "La Muela" })).ToHaveCountAsync(0, PatienceOfCounts);

        await MendAsync("Change address: sim-8", "Link address", "3");
        await Expect(problems.Filter(new() { HasText = "sim-8" })).ToHaveCountAsync(0, PatienceOfCounts);

        await problems.Filter(new() { HasText = "sim-17" }).GetByRole(AriaRole.Link, new() { Name = "Set clock" }).ClickAsync();
        var set = page.GetByRole(AriaRole.Button, new() { Name = "Set the clock" });
        await Expect(set).ToBeDisabledAsync();
        await Expect(page.GetByText("is not known to be synchronised")).ToBeVisibleAsync();
        _isSynchronised = true;
        await viewer.GoAsync("/meters/sim-17/clock");
        await set.ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Yes", Exact = true }).ClickAsync();
        await Expect(page.GetByText("The clock was off by")).ToBeVisibleAsync(Patience);

        await viewer.GoAsync("/");
        await Expect(page.GetByText("Nothing needs you")).ToBeVisibleAsync(Patience);

        await viewer.GoAsync("/system");
        var changes = page.Locator("section[aria-labelledby=file] li");
        await Expect(changes.Filter(new() { HasText = "link-address = 3" })).ToContainTextAsync("anonymous: - ");
        var applied = changes.Filter(new() { HasText = "fleet file, Change applied: " });
        await Expect(applied.Filter(new() { HasText = "sim-8" })).ToHaveCountAsync(1);

        async Task MendAsync(string button, string field, string value)
        {
            await page.GetByRole(AriaRole.Button, new() { Name = button }).ClickAsync();
            await page.GetByRole(AriaRole.Dialog).GetByLabel(field).FillAsync(value);
            await page.GetByRole(AriaRole.Button, new() { Name = "Show the difference" }).ClickAsync();
            await Expect(page.Locator(".difference .added")).ToHaveCountAsync(1);
            if (field == "Password")
                await Expect(page.GetByText("gets the value that you have entered as password")).ToBeVisibleAsync();
            await page.GetByRole(AriaRole.Button, new() { Name = "Save into the fleet file" }).ClickAsync();
            await Expect(page.GetByText("the server applies it now").First).ToBeVisibleAsync();
            await Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        }
    }
}
