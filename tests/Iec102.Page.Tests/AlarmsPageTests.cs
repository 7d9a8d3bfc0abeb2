using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Iec102.Page.Tests.Browsers;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Iec102.Page.Tests;

/// <summary>The alarms, as an operator uses them.</summary>
[Collection(nameof(Pages))]
public sealed partial class AlarmsPageTests(PageFixture fixture)
{
    [BrowserFact]
    public async Task An_alarm_is_acknowledged_by_keyboard_alone()
    {
        await using var viewer = await fixture.OpenAsync();
        await viewer.GoAsync("/alarms");
        var alarm = viewer.Page.Locator("li.problem").Filter(new() { HasText = "sim-17" });
        var button = alarm.GetByRole(AriaRole.Button, new() { NameRegex = Acknowledge() });
        var name = (await button.GetAttributeAsync("aria-label"))!;

        await viewer.TabToAsync(name);
        await viewer.Page.Keyboard.PressAsync("Enter");

        await Expect(alarm).ToContainTextAsync("Acknowledged by");
        await Expect(button).ToHaveCountAsync(0);
    }

    [BrowserFact]
    public async Task What_somebody_else_says_of_an_alarm_is_shown_without_being_asked_for()
    {
        const string alarm = "/api/alarms/meter.sim-8.no-answer/note";
        await using var viewer = await fixture.OpenAsync();
        await viewer.GoAsync("/alarms");
        var shown = viewer.Page.Locator("li.problem").Filter(new() { HasText = "sim-8" });
        await Expect(shown).ToBeVisibleAsync();

        using var noted = await fixture.Site.Server.Client.PostAsJsonAsync(alarm, new { text = "The fitter comes on Monday." });

        noted.EnsureSuccessStatusCode();
        await Expect(shown).ToContainTextAsync("Note: The fitter comes on Monday.");
        using var undone = await fixture.Site.Server.Client.PostAsJsonAsync(alarm, new { text = "" });
        await Expect(shown).Not.ToContainTextAsync("Note: ");
    }

    [GeneratedRegex("^Acknowledge ")]
    private static partial Regex Acknowledge();
}
