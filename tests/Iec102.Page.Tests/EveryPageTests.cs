using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Iec102.Page.Tests.Browsers;
using Microsoft.Playwright;

namespace Iec102.Page.Tests;

/// <summary>
/// What holds for every page, however it is looked at: it fits the window, breaks no rule of accessibility, reports no error, asks no other
/// host for anything and speaks one language. A picture of each is written to artifacts/pages, to be looked at.
/// </summary>
[Collection(nameof(Pages))]
public sealed class EveryPageTests(PageFixture fixture)
{
    private static readonly int[] Widths = [390, 1024, 1920];
    private static readonly ColorScheme[] Schemes = [ColorScheme.Light, ColorScheme.Dark];

    /// <summary>The pages by the names of their pictures.</summary>
    private static readonly Dictionary<string, string> Paths = new()
    {
        ["fleet"] = "/",
        ["fleet-kiosk"] = "/?kiosk",
        ["meter-now"] = "/meters/sim-1",
        ["meter-curves"] = "/meters/sim-1/curves",
        ["meter-coverage"] = "/meters/sim-1/coverage",
        ["meter-events"] = "/meters/sim-1/events",
        ["meter-tariff"] = "/meters/sim-1/tariff",
        ["meter-closings"] = "/meters/sim-1/closings",
        ["meter-configuration"] = "/meters/sim-1/configuration",
        ["meter-clock"] = "/meters/sim-1/clock",
    };

    private static readonly AxeRunOptions Rules = new()
    {
        RunOnly = new RunOnlyOptions { Type = "tag", Values = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] },
    };

    public static TheoryData<string, string> PagesAndLocales()
    {
        var data = new TheoryData<string, string>();
        foreach (var page in Paths.Keys)
        {
            data.Add(page, "en-GB");
            data.Add(page, "es-ES");
        }

        return data;
    }

    [BrowserTheory]
    [MemberData(nameof(PagesAndLocales))]
    public async Task A_page_fits_every_window_and_can_be_used_by_everybody(string page, string locale)
    {
        var faults = new List<(View View, string Fault)>();
        foreach (var width in Widths)
        {
            foreach (var scheme in Schemes)
            {
                var view = new View(width, scheme, locale);
                faults.AddRange((await FaultsAsync(page, view)).Select(fault => (view, fault)));
            }
        }

        faults.GroupBy(each => each.Fault, each => each.View)
            .Select(views => $"{views.Key} ({string.Join(", ", views.Distinct())})")
            .ShouldBeEmpty();
    }

    private async Task<IReadOnlyList<string>> FaultsAsync(string page, View view)
    {
        await using var viewer = await fixture.OpenAsync(view);
        await viewer.GoAsync(Paths[page]);
        await viewer.PictureAsync($"{page}-{view}");
        var faults = new List<string>();
        if (await viewer.IsTooWideAsync())
            faults.Add("the page is wider than the window");
        faults.AddRange(from violation in (await viewer.Page.RunAxe(Rules)).Violations
                        from node in violation.Nodes
                        select $"{violation.Id}: {violation.Help}: {node.Html}");
        if (view.Locale == "es-ES")
            faults.AddRange((await viewer.TextsAsync()).Where(Texts.IsEnglish).Select(text => $"English: {text}"));
        return [.. faults, .. viewer.Faults];
    }
}
