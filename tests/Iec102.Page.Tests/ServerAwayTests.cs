using Iec102.Page.Tests.Browsers;
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
}
