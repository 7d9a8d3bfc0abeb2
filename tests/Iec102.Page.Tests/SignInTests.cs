using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Iec102.Page.Tests.Browsers;
using Iec102.Page.Tests.Sites;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Iec102.Page.Tests;

/// <summary>Who is let in, and what they may do.</summary>
public sealed partial class SignInTests(KeyFixture fixture) : IClassFixture<KeyFixture>
{
    /// <summary>As long as the server may take to look at its fleet file, and the page to see what that means for it.</summary>
    private const float Patience = 30_000;

    [BrowserTheory]
    [InlineData(EveryPageTests.English)]
    [InlineData(EveryPageTests.Spanish)]
    public Task The_page_fits_every_window_and_can_be_used_by_everybody(string locale) =>
        EveryPageTests.LookAsync(fixture, EveryPageTests.SignIn, locale);

    [BrowserFact]
    public async Task A_wrong_key_is_refused_with_a_sentence_and_the_right_one_leads_on()
    {
        await using var viewer = await fixture.OpenAsync();
        await viewer.GoAsync("/?kiosk");
        await SignInAsync(viewer, "no key at all");

        await Expect(viewer.Page.GetByRole(AriaRole.Alert).Filter(new() { HasText = "This key is not known" })).ToBeVisibleAsync();
        await Expect(viewer.Page.Locator("li.problem")).ToHaveCountAsync(0);

        await SignInAsync(viewer, KeyFixture.Operator);

        await viewer.Page.WaitForURLAsync("**/?kiosk");
        await Expect(viewer.Page.Locator("li.problem")).ToHaveCountAsync(4);
        (await RetryAsync(viewer)).ShouldBe(200);
    }

    [BrowserFact]
    public async Task Who_may_only_read_finds_nothing_to_press_and_the_API_refuses()
    {
        await using var viewer = await fixture.OpenAsync();
        await viewer.GoAsync("/");
        await SignInAsync(viewer, KeyFixture.Reader);
        await Expect(viewer.Page.Locator("li.problem")).ToHaveCountAsync(4);

        await Expect(viewer.Page.GetByRole(AriaRole.Button, new() { Name = "Try now: sim-8", Disabled = false })).ToHaveCountAsync(0);
        (await RetryAsync(viewer)).ShouldBe(403);
        await viewer.GoAsync("/meters/sim-1/curves");
        await Expect(viewer.Page.GetByRole(AriaRole.Button, new() { Name = "Next" })).ToBeVisibleAsync();
        await Expect(viewer.Page.GetByRole(AriaRole.Button, new() { NameRegex = Changing() })).ToHaveCountAsync(0);
        await viewer.GoAsync("/alarms");
        await Expect(viewer.Page.Locator("li.problem").Filter(new() { HasText = "sim-8" })).ToBeVisibleAsync();
        await Expect(viewer.Page.GetByRole(AriaRole.Button, new() { NameRegex = Changing() })).ToHaveCountAsync(0);
        await viewer.GoAsync("/add");
        await Expect(viewer.Page.GetByText("a key that has the role operate")).ToBeVisibleAsync();
        await Expect(viewer.Page.Locator("main form")).ToHaveCountAsync(0);
    }

    [BrowserFact]
    public async Task Who_has_signed_out_is_not_let_in_again()
    {
        await using var viewer = await fixture.OpenAsync();
        await viewer.GoAsync("/");
        await SignInAsync(viewer, KeyFixture.Operator);
        await viewer.Page.WaitForURLAsync(address => !address.Contains("/sign-in", StringComparison.Ordinal));
        // A page that becomes live closes what was opened before.
        await viewer.GoAsync("/");
        await viewer.Page.Locator("header summary").ClickAsync();
        await viewer.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out (turno)" }).ClickAsync();
        await viewer.Page.GetByLabel("API key").WaitForAsync();

        (await RetryAsync(viewer)).ShouldBe(401);
    }

    [BrowserFact]
    public async Task An_open_page_has_only_the_rights_that_its_key_has_now()
    {
        await using var viewer = await fixture.OpenAsync();
        var (page, problems) = (viewer.Page, viewer.Page.Locator("li.problem"));
        await viewer.GoAsync("/");
        await SignInAsync(viewer, KeyFixture.Leaver);
        var tryNow = page.GetByRole(AriaRole.Button, new() { Name = "Try now: sim-8", Disabled = false });
        await Expect(tryNow).ToBeVisibleAsync();

        await fixture.Site.ReplaceAsync("name = baja, role = operate", "name = baja, role = read");

        await Expect(tryNow).ToHaveCountAsync(0, new() { Timeout = Patience });
        await Expect(problems).ToHaveCountAsync(4, new() { Timeout = Patience });
        (await RetryAsync(viewer)).ShouldBe(403);

        // A browser that does not go to where one signs in is shown nothing either.
        var isSentAway = new TaskCompletionSource();
        await page.RouteAsync("**/sign-in?*", async route =>
        {
            isSentAway.TrySetResult();
            await route.AbortAsync("aborted");
        });
        await fixture.Site.ReplaceAsync(KeyFixture.Digest(KeyFixture.Leaver), KeyFixture.Digest("a key of somebody else"));

        await isSentAway.Task.WaitAsync(TimeSpan.FromMilliseconds(Patience));
        await Expect(problems).ToHaveCountAsync(0, new() { Timeout = Patience });
        (await RetryAsync(viewer)).ShouldBe(401);
    }

    [GeneratedRegex("Try now|replaced|Change|Read|Acknowledge|Shelve")]
    private static partial Regex Changing();

    private static async Task SignInAsync(Viewer viewer, string key)
    {
        await viewer.Page.GetByLabel("API key").FillAsync(key);
        await viewer.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
    }

    /// <summary>A call of a script on the page, with the cookie of the reader.</summary>
    private static Task<int> RetryAsync(Viewer viewer) => viewer.Page.EvaluateAsync<int>(
        """
        async () => (await fetch(
            '/api/meters/sim-8/retry', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{}' })).status
        """);
}

/// <summary>The same with keys, without which nobody is let in.</summary>
public sealed class KeyFixture : PageFixture
{
    /// <summary>May change things.</summary>
    internal const string Operator = "a key that opens everything here";

    /// <summary>May only read.</summary>
    internal const string Reader = "a key that only reads what is here";

    /// <summary>May change things, until a test takes that away.</summary>
    internal const string Leaver = "a key that is taken away";

    private protected override Task<Site> StartAsync() => Site.FaultyAsync(
        $$"""
        iec102.api.keys = [
          { name = turno, role = operate, sha256 = "{{Digest(Operator)}}" }
          { name = baja, role = operate, sha256 = "{{Digest(Leaver)}}" }
          { name = visita, role = read, sha256 = "{{Digest(Reader)}}" }
        ]
        """, Operator);

    internal static string Digest(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
}
