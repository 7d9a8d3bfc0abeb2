using Iec102.Page.Tests.Browsers;
using static Microsoft.Playwright.Assertions;

namespace Iec102.Page.Tests;

/// <summary>The first page, as an operator uses it.</summary>
[Collection(nameof(Pages))]
public sealed class FleetPageTests(PageFixture fixture)
{
    [BrowserFact]
    public async Task Eight_meters_that_are_not_read_are_four_problems()
    {
        await using var viewer = await fixture.OpenAsync();

        await viewer.GoAsync("/");

        var problems = viewer.Page.Locator("li.problem");
        await Expect(problems).ToHaveCountAsync(4);
        await Expect(problems.Filter(new() { HasText = "line-6" })).ToContainTextAsync("5 meters behind it");
        await Expect(problems.Filter(new() { HasText = "La Muela" })).ToContainTextAsync("Correct password in the fleet file");
        await Expect(problems.Filter(new() { HasText = "sim-8" })).ToContainTextAsync("Check link-address = 900 in the fleet file");
        await Expect(problems.Filter(new() { HasText = "sim-17" })).ToContainTextAsync("the clock is +40 min");
    }

    [BrowserFact]
    public async Task A_problem_is_tried_again_by_keyboard_alone()
    {
        await using var viewer = await fixture.OpenAsync();
        await viewer.GoAsync("/");

        await viewer.TabToAsync("Try now: sim-8");
        var answered = viewer.Page.GetByText("sim-8 is being tried now.");
        await viewer.Page.Keyboard.PressAsync("Enter");

        await Expect(answered.First).ToBeVisibleAsync();
    }
}
