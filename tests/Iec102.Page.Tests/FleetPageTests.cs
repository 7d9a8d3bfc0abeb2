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

    [BrowserFact]
    public async Task A_problem_is_acknowledged_and_shelved_by_keyboard_alone_and_says_so()
    {
        await using var viewer = await fixture.OpenAsync();
        await viewer.GoAsync("/");
        var problem = viewer.Page.Locator("li.problem").Filter(new() { HasText = "La Muela" });

        await viewer.TabToAsync("Acknowledge meter.sim-2.password");
        await viewer.Page.Keyboard.PressAsync("Enter");
        await Expect(problem).ToContainTextAsync("Acknowledged by");
        await problem.GetByText("Shelve", new() { Exact = true }).FocusAsync();
        await viewer.Page.Keyboard.PressAsync("Enter");
        await viewer.TabToAsync("Shelve meter.sim-2.password for 8 h");
        await viewer.Page.Keyboard.PressAsync("Enter");
        await Expect(problem).ToContainTextAsync("Nothing is sent of it; again in");
        await viewer.TabToAsync("Do not shelve meter.sim-2.password");
        await viewer.Page.Keyboard.PressAsync("Enter");
        await Expect(problem).Not.ToContainTextAsync("Nothing is sent of it");
        await Expect(problem).ToContainTextAsync("Acknowledged by");
        viewer.Faults.ShouldBeEmpty();
    }

    [BrowserFact]
    public async Task A_problem_is_shown_as_it_is_when_somebody_else_takes_back_what_was_said_of_it()
    {
        await using var viewer = await fixture.OpenAsync();
        await viewer.GoAsync("/");
        var problem = viewer.Page.Locator("li.problem").Filter(new() { HasText = "sim-8" });
        await problem.GetByText("Shelve", new() { Exact = true }).ClickAsync();
        await viewer.Page.GetByLabel("Shelve meter.sim-8.no-answer for 8 h").ClickAsync();
        await Expect(problem).ToContainTextAsync("Nothing is sent of it; again in");
        // All who look are told at the same time.
        await using var other = await fixture.OpenAsync();
        await other.GoAsync("/");
        await Expect(other.Page.Locator("li.problem").Filter(new() { HasText = "sim-8" })).ToContainTextAsync("Nothing is sent of it");

        await other.Page.GetByLabel("Do not shelve meter.sim-8.no-answer").ClickAsync();

        await Expect(problem).Not.ToContainTextAsync("Nothing is sent of it");
    }
}
