using Iec102.Page.Tests.Browsers;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Iec102.Page.Tests;

/// <summary>A Spanish reader reads what the server says in Spanish.</summary>
/// <param name="fixture">A site with four faults.</param>
[Collection(nameof(Pages))]
public sealed class SpanishTests(PageFixture fixture)
{
    private static readonly View Spanish = new(1024, ColorScheme.Light, EveryPageTests.Spanish);

    [BrowserTheory]
    [InlineData("/", "rechaza la conexión; revise el puerto TCP")]
    [InlineData("/ports/line-6", "rechaza la conexión; revise el puerto TCP")]
    [InlineData("/meters/sim-2", "El contador rechaza el inicio de sesión")]
    [InlineData("/alarms", "revise la clave y el punto de medida")]
    public async Task What_is_wrong_is_said_in_Spanish(string address, string said)
    {
        await using var viewer = await fixture.OpenAsync(Spanish);
        await viewer.GoAsync(address);

        await Expect(viewer.Page.GetByText(said).First).ToBeVisibleAsync();
        (await viewer.ForeignTextsAsync()).ShouldBe(["English"]);
    }

    [BrowserFact]
    public async Task Why_an_interval_is_missing_is_said_in_Spanish()
    {
        await using var viewer = await fixture.OpenAsync(Spanish);
        await viewer.GoAsync("/meters/sim-2/coverage");

        await viewer.Page.Locator("a.cell").Last.ClickAsync();

        await Expect(viewer.Page.GetByText("aún no se ha leído").First).ToBeVisibleAsync();
    }

    [BrowserFact]
    public async Task A_refused_call_and_its_line_in_the_audit_log_are_in_Spanish()
    {
        await using var viewer = await fixture.OpenAsync(Spanish);
        var page = viewer.Page;
        await viewer.GoAsync("/add");

        await page.GetByPlaceholder("192.0.2.10:4001").FillAsync("nowhere");
        await page.Locator("form.steps button[type=submit]").ClickAsync();
        await Expect(page.GetByText("'nowhere' no es un host y un puerto TCP como 192.0.2.10:4001.")).ToBeVisibleAsync();
        await viewer.GoAsync("/system");

        await Expect(page.GetByRole(AriaRole.Cell, new() { Name = "Probar un contador en una línea nueva" }).First)
            .ToBeVisibleAsync(new() { Timeout = 60_000 });
        (await viewer.ForeignTextsAsync()).ShouldBe(["English"]);
    }
}
