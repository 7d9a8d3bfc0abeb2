using System.Text.RegularExpressions;
using Iec102.Testing;
using Microsoft.Playwright;

namespace Iec102.Page.Tests.Browsers;

/// <summary>How somebody looks at the page.</summary>
/// <param name="Width">The width of the window in pixels.</param>
/// <param name="Scheme">The colours that the browser asks for.</param>
/// <param name="Locale">The language of the browser, such as es-ES.</param>
internal sealed record View(int Width, ColorScheme Scheme, string Locale)
{
    /// <summary>A desk in the daytime.</summary>
    public static View Desk { get; } = new(1024, ColorScheme.Light, "en-GB");

    public override string ToString() => $"{Width}-{Scheme.ToString().ToLowerInvariant()}-{Locale[..2]}";
}

/// <summary>One reader with cookies of their own; keeps what a page may not do.</summary>
internal sealed partial class Viewer : IAsyncDisposable
{
    // What the browser tells the server when it has shown a change of the page.
    private static readonly byte[] Shown = "OnRenderCompleted"u8.ToArray();

    private const int Height = 900;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly IBrowserContext _context;
    private readonly List<string> _faults = [];
    private TaskCompletionSource _live = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Viewer(IBrowserContext context, IPage page)
    {
        _context = context;
        Page = page;
    }

    /// <summary>The page that is looked at.</summary>
    public IPage Page { get; }

    /// <summary>Errors on the console, failed requests, and requests to another host than the server.</summary>
    public IReadOnlyList<string> Faults
    {
        get
        {
            lock (_faults)
                return [.. _faults];
        }
    }

    /// <summary>Opens a window.</summary>
    /// <param name="browser">The browser.</param>
    /// <param name="server">The address of the server.</param>
    /// <param name="view">How it is looked at.</param>
    public static async Task<Viewer> OpenAsync(IBrowser browser, string server, View? view = null)
    {
        view ??= View.Desk;
        var context = await browser.NewContextAsync(new()
        {
            BaseURL = server,
            ViewportSize = new() { Width = view.Width, Height = Height },
            ColorScheme = view.Scheme,
            Locale = view.Locale,
            // The browser is elsewhere than the meters, whose times the page has to show.
            TimezoneId = "America/New_York",
            ReducedMotion = ReducedMotion.Reduce,
        });
        var viewer = new Viewer(context, await context.NewPageAsync());
        viewer.Watch(new Uri(server).Authority);
        return viewer;
    }

    /// <summary>Goes to a page and waits until it is live, if it is one that becomes so.</summary>
    public async Task GoAsync(string path)
    {
        _live = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var answer = await Page.GotoAsync(path);
        if ((await answer!.TextAsync()).Contains("<!--Blazor:{\"type\":\"server\"", StringComparison.Ordinal))
            await _live.Task.WaitAsync(Patience);
        // After that comes what the page asks the server for; then charts are drawn.
        var patience = (float)Patience.TotalMilliseconds;
        await Assertions.Expect(Page.Locator("main > :not(h1)").First).ToBeAttachedAsync(new() { Timeout = patience });
        await Assertions.Expect(Page.Locator("main").GetByText(Asking())).ToHaveCountAsync(0, new() { Timeout = patience });
        await Assertions.Expect(Page.Locator(".plot:not(:has(svg))")).ToHaveCountAsync(0, new() { Timeout = patience });
    }

    /// <summary>Makes the window as wide, and waits until that is shown.</summary>
    public async Task ResizeAsync(int width)
    {
        await Page.SetViewportSizeAsync(width, Height);
        await Page.EvaluateAsync("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
    }

    /// <summary>Writes a picture of the whole page to artifacts/pages, which is not committed.</summary>
    public Task PictureAsync(string name) => Page.ScreenshotAsync(new()
    {
        Path = Path.Combine(Repository.Root, "artifacts", "pages", $"{name}.png"),
        FullPage = true,
        Animations = ScreenshotAnimations.Disabled,
    });

    /// <summary>Presses Tab until the element with a name has the focus; it has to be seen that it has.</summary>
    public async Task TabToAsync(string name)
    {
        for (var presses = 0; presses < 200; presses++)
        {
            await Page.Keyboard.PressAsync("Tab");
            var focus = Page.Locator("*:focus");
            if (await focus.CountAsync() == 0 || await NameOfAsync(focus) != name)
                continue;
            (await focus.EvaluateAsync<double>("focus => parseFloat(getComputedStyle(focus).outlineWidth)"))
                .ShouldBeGreaterThanOrEqualTo(2, $"It cannot be seen that '{name}' has the focus.");
            return;
        }

        throw new InvalidOperationException($"'{name}' cannot be reached with the keyboard.");
    }

    /// <summary>Whether the page is wider than the window, so that it has to be pushed to and fro to be read.</summary>
    public async Task<bool> IsTooWideAsync() =>
        await Page.EvaluateAsync<bool>("document.documentElement.scrollWidth > document.documentElement.clientWidth");

    /// <summary>All text that a reader sees or hears, without what is marked as being in another language than the page.</summary>
    public async Task<IReadOnlyList<string>> TextsAsync() => await Page.EvaluateAsync<string[]>(
        """
        () => {
            const foreign = `[lang]:not(html):not([lang="${document.documentElement.lang}"])`;
            const texts = [document.title];
            const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
            while (walker.nextNode()) {
                const parent = walker.currentNode.parentElement;
                if (!parent.closest(`${foreign}, script, style`))
                    texts.push(walker.currentNode.data);
            }
            for (const element of document.querySelectorAll('[aria-label], [title], [placeholder], [alt]'))
                if (!element.closest(foreign))
                    for (const name of ['aria-label', 'title', 'placeholder', 'alt'])
                        texts.push(element.getAttribute(name) ?? '');
            return texts.map(text => text.trim().replace(/\s+/g, ' ')).filter(text => text);
        }
        """);

    /// <summary>The texts that are marked as being in another language than the page.</summary>
    public async Task<IReadOnlyList<string>> ForeignTextsAsync() => await Page.EvaluateAsync<string[]>(
        """
        () => [...document.querySelectorAll(`[lang]:not(html):not([lang="${document.documentElement.lang}"])`)]
            .map(element => element.textContent.trim()).filter(text => text)
        """);

    [GeneratedRegex("^(Loading|Cargando|The curves are being asked…|Preguntando a las curvas…)$")]
    private static partial Regex Asking();

    private static Task<string> NameOfAsync(ILocator element) =>
        element.EvaluateAsync<string>("element => element.getAttribute('aria-label') ?? element.textContent.trim()");

    public ValueTask DisposeAsync() => _context.DisposeAsync();

    private void Watch(string authority)
    {
        Page.Console += (_, message) =>
        {
            if (message.Type == "error")
                Add($"console: {message.Text}");
        };
        Page.PageError += (_, error) => Add($"script: {error}");
        Page.WebSocket += (_, socket) => socket.FrameSent += (_, frame) =>
        {
            if (frame.Binary.AsSpan().IndexOf(Shown) >= 0)
                _live.TrySetResult();
        };
        _context.Request += (_, request) =>
        {
            if (new Uri(request.Url) is { Scheme: "http" or "https" or "ws" or "wss" } to && to.Authority != authority)
                Add($"request to another host: {request.Url}");
        };
        _context.Response += (_, response) =>
        {
            if (response.Status >= 400)
                Add($"{response.Status}: {response.Url}");
        };
    }

    private void Add(string fault)
    {
        lock (_faults)
            _faults.Add(fault);
    }
}
