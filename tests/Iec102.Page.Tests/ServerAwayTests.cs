using Iec102.Page.Tests.Browsers;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Iec102.Page.Tests;

/// <summary>A page that stays open while the server goes away and comes back, as on a wall display.</summary>
public sealed class ServerAwayTests(PageFixture fixture) : IClassFixture<PageFixture>
{
    /// <summary>As long as a browser may take to see that the connection is gone, and the page to come back.</summary>
    private const float Patience = 60_000;

    [BrowserFact]
    public async Task Values_of_a_server_that_is_away_are_grey_and_have_an_age_and_live_again_when_it_is_back()
    {
        await using var viewer = await fixture.OpenAsync();
        await viewer.GoAsync("/?kiosk");
        var page = viewer.Page;
        var away = page.GetByText("The server cannot be reached.");
        await Expect(away).ToBeHiddenAsync();

        await fixture.Site.Server.KillAsync();

        await Expect(away).ToBeVisibleAsync(new() { Timeout = Patience });
        await Expect(page.GetByText("The values are as they were")).ToBeVisibleAsync();
        await Expect(page.Locator("main")).ToHaveCSSAsync("filter", "grayscale(1)");
        await Expect(page.Locator("#components-reconnect-modal")).ToHaveCSSAsync("background-color", "rgb(179, 38, 30)");
        await Expect(page.Locator("li.problem")).ToHaveCountAsync(4);

        await fixture.Site.StartAgainAsync();

        await Expect(away).ToBeHiddenAsync(new() { Timeout = Patience });
        await Expect(page.Locator("main")).ToHaveCSSAsync("filter", "none", new() { Timeout = Patience });
        await Expect(page.Locator("li.problem")).ToHaveCountAsync(4, new() { Timeout = Patience });
    }

    [BrowserTheory]
    [InlineData("table => table.dataset.kept = 'somebody else'")]
    [InlineData("() => Storage.prototype.setItem = () => { throw new DOMException('', 'QuotaExceededError'); }")]
    public async Task The_page_is_there_again_without_a_table_that_was_somebody_elses_or_for_which_the_browser_has_no_room(string cause)
    {
        await using var viewer = await fixture.OpenAsync();
        await viewer.GoAsync("/add/table");
        var (page, table) = (viewer.Page, viewer.Page.GetByLabel("Table", new() { Exact = true }));
        await table.FillAsync("id;port;link;password\nm-99;line-1;99;4711");
        await page.EvaluateAsync("() => window.isOld = true");
        await table.EvaluateAsync(cause);

        await page.Locator("#components-reconnect-modal").EvaluateAsync("modal => modal.classList.add('components-reconnect-rejected')");

        await page.WaitForFunctionAsync("() => !window.isOld", null, new() { Timeout = Patience });
        await page.GetByRole(AriaRole.Button, new() { Name = "Read the table" }).ClickAsync();
        await page.WaitForFunctionAsync("() => sessionStorage.length === 0", null, new() { Timeout = Patience });
        await Expect(table).ToHaveValueAsync("");
    }

    [BrowserFact]
    public async Task A_table_that_was_not_read_yet_is_there_again_after_a_restart_and_nowhere_else()
    {
        await using var viewer = await fixture.OpenAsync();
        await viewer.GoAsync("/add/table");
        var (page, table) = (viewer.Page, viewer.Page.GetByLabel("Table", new() { Exact = true }));
        await table.FillAsync("id;port;link;password\n");
        await page.EvaluateAsync("() => window.isOld = true");

        await fixture.Site.Server.KillAsync();
        await Expect(page.GetByText("The server cannot be reached.")).ToBeVisibleAsync(new() { Timeout = Patience });
        await table.PressSequentiallyAsync("m-99;line-1;99;4711");
        await fixture.Site.StartAgainAsync();

        await page.WaitForFunctionAsync("() => !window.isOld", null, new() { Timeout = Patience });
        await Expect(table).ToHaveValueAsync("id;port;link;password\nm-99;line-1;99;4711", new() { Timeout = Patience });
        (await page.EvaluateAsync<int>("() => sessionStorage.length")).ShouldBe(0, "Passwords do not stay in the browser.");
        await page.GetByRole(AriaRole.Button, new() { Name = "Read the table" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "1 meters, 0 new ports" })).ToBeVisibleAsync();
    }
}
