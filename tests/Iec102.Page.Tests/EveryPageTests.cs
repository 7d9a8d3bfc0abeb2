using System.Text.RegularExpressions;
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
public sealed partial class EveryPageTests(PageFixture fixture)
{
    internal const string English = "en-GB";
    internal const string Spanish = "es-ES";

    private const string OtherLanguage = "English";

    /// <summary>A page that is only shown where keys are needed.</summary>
    internal const string SignIn = "/sign-in";

    /// <summary>The page for the wall, and those of a line that is down and of a meter that was never read.</summary>
    private static readonly string[] More = ["/?kiosk", "/ports/line-6", "/meters/sim-8"];

    private static readonly string[] Tabs = ["curves", "coverage", "events", "tariff", "closings", "configuration", "clock"];

    private static readonly int[] Widths = [390, 1024, 1920];

    private static readonly AxeRunOptions Rules = new()
    {
        RunOnly = new RunOnlyOptions { Type = "tag", Values = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] },
    };

    /// <summary>The address of every page that the sources have, and some more, in both languages.</summary>
    public static TheoryData<string, string> PagesAndLocales()
    {
        var data = new TheoryData<string, string>();
        var addresses = Directory.EnumerateFiles(Texts.Source, "*.razor", SearchOption.AllDirectories)
            .SelectMany(file => Route().Matches(File.ReadAllText(file)).Select(route => route.Groups["path"].Value))
            .Where(path => path is not ("/not-found" or SignIn))
            .Select(path => path.Replace("/ports/{Id}", "/ports/line-1", StringComparison.Ordinal)
                .Replace("/meters/{Id}", "/meters/sim-1", StringComparison.Ordinal))
            .SelectMany(path => path.Contains("{Tab}", StringComparison.Ordinal)
                ? Tabs.Select(tab => path.Replace("{Tab}", tab, StringComparison.Ordinal))
                : [path])
            .Concat(More).Distinct().Order(StringComparer.Ordinal);
        foreach (var address in addresses)
        {
            data.Add(address, English);
            data.Add(address, Spanish);
        }

        return data;
    }

    [BrowserTheory]
    [MemberData(nameof(PagesAndLocales))]
    public Task A_page_fits_every_window_and_can_be_used_by_everybody(string address, string locale) =>
        LookAsync(fixture, address, locale);

    internal static async Task LookAsync(PageFixture fixture, string address, string locale)
    {
        address.ShouldNotContain("{", Case.Sensitive, "Say here with which value this page is to be looked at.");
        var faults = new List<(string View, string Fault)>();
        // In one language from light to dark, in the other back.
        ColorScheme[] schemes = locale == English ? [ColorScheme.Light, ColorScheme.Dark] : [ColorScheme.Dark, ColorScheme.Light];
        await using var viewer = await fixture.OpenAsync(new View(Widths[0], schemes[0], locale));
        await viewer.GoAsync(address);
        // The window and the colours change while the page is open, as when a tablet is turned, and at nightfall.
        foreach (var width in Widths)
        {
            await viewer.ResizeAsync(width);
            foreach (var scheme in schemes)
            {
                var view = new View(width, scheme, locale);
                await viewer.Page.EmulateMediaAsync(new() { ColorScheme = scheme });
                faults.AddRange((await FaultsAsync(viewer, address, view)).Select(fault => (view.ToString(), fault)));
            }
        }

        faults.AddRange(viewer.Faults.Select(fault => ("at any time", fault)));
        faults.GroupBy(each => each.Fault, each => each.View)
            .Select(views => $"{views.Key} ({string.Join(", ", views.Distinct())})")
            .ShouldBeEmpty();
    }

    private static async Task<IReadOnlyList<string>> FaultsAsync(Viewer viewer, string address, View view)
    {
        var faults = new List<string>();
        var name = address is "/" or ['/', '?', ..] ? $"fleet{address[1..]}" : address[1..];
        await viewer.PictureAsync($"{NoName().Replace(name, "-")}-{view}");
        if (await viewer.IsTooWideAsync())
            faults.Add("the page is wider than the window");
        // The rules do not depend on the language, nor on a width between the others, and take longest. That a page is marked to be in
        // another language somewhere is no excuse, except for the link to it.
        if (view.Locale == Spanish)
        {
            faults.AddRange((await viewer.TextsAsync()).Where(Texts.IsEnglish).Select(text => $"English: {text}"));
            faults.AddRange(
                (await viewer.ForeignTextsAsync()).Where(text => text != OtherLanguage).Select(text => $"not translated: {text}"));
        }
        else if (view.Width != 1024)
            faults.AddRange(from violation in (await viewer.Page.RunAxe(Rules)).Violations
                            from node in violation.Nodes
                            select $"{violation.Id}: {violation.Help}: {node.Html}");
        return faults;
    }

    [GeneratedRegex("""^@page "(?<path>[^"]+)""", RegexOptions.Multiline)]
    private static partial Regex Route();

    [GeneratedRegex("[^a-z0-9-]+")]
    private static partial Regex NoName();
}
