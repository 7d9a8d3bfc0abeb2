using Iec102.Page.Tests.Browsers;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Iec102.Page.Tests;

/// <summary>The scheduled deliveries, as an operator uses them.</summary>
[Collection(nameof(Pages))]
public sealed class DeliveryTests(PageFixture fixture)
{
    [BrowserFact]
    public async Task A_delivery_is_shown_and_written_now()
    {
        await using var viewer = await fixture.OpenAsync();
        await viewer.GoAsync("/data");
        var row = viewer.Page.Locator(".deliveries tbody tr");
        await Expect(row).ToContainTextAsync("each day from 23:59: the day before");

        await row.GetByRole(AriaRole.Button, new() { Name = "Deliver now: daily" }).ClickAsync();

        await Expect(viewer.Page.Locator(".mud-snackbar")).ToContainTextAsync(".csv");
        await Expect(row).ToContainTextAsync("2 of 2");
        // The day before that was due when the server began.
        var file = new FileInfo(Directory.GetFiles(fixture.Deliveries, "daily_*.csv").Order(StringComparer.Ordinal).Last());
        await Expect(row).ToContainTextAsync(file.Name);
        // Two meters, 23 to 25 hours, and the heading.
        (await File.ReadAllLinesAsync(file.FullName)).Length.ShouldBeInRange(47, 51);
        viewer.Faults.ShouldBeEmpty();
    }
}
