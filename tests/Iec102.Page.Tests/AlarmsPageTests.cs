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

    [GeneratedRegex("^Acknowledge ")]
    private static partial Regex Acknowledge();
}
