using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Iec102.Contract;
using Iec102.Page.Components;
using Iec102.Page.Data;
using Iec102.Page.Pages;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.RenderTree;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Iec102.Page.Tests;

/// <summary>
/// What is drawn only when it has changed is drawn as it is now also where the browser is away for a while, and is sent then what was drawn
/// meanwhile.
/// </summary>
public sealed class DrawnWhenChangedTests
{
    [Fact]
    public async Task A_meter_that_recovers_while_the_browser_is_away_is_not_shown_as_it_was_in_between()
    {
        var meter = Read<MeterModel>("""{"id": "m-1", "profiles": {}}""");
        IDictionary<string, object?> Row(string verdict) => new Dictionary<string, object?>
        {
            [nameof(FleetRow.Meter)] = meter with { Verdict = verdict },
            [nameof(FleetRow.Power)] = new LastPower(1, true, default),
        };

        (await DrawnAsync<FleetRow>(Row("ok"), Row("down"), Row("ok"))).ShouldContain("verdict ok");
    }

    [Fact]
    public async Task A_port_that_recovers_while_the_browser_is_away_is_not_shown_as_it_was_in_between()
    {
        static IDictionary<string, object?> Strip(string verdict) => new Dictionary<string, object?>
        {
            [nameof(PortStrip.Ports)] = Read<PortModel[]>($$"""[{"id": "p", "address": "", "verdict": "{{verdict}}"}]"""),
        };

        (await DrawnAsync<PortStrip>(Strip("ok"), Strip("down"), Strip("ok"))).ShouldContain("chip ok");
    }

    [Fact]
    public async Task A_filter_has_the_choices_of_now_after_the_browser_was_away_and_its_own_in_any_case()
    {
        static IDictionary<string, object?> Filter(string value, params string[] values) => new Dictionary<string, object?>
        {
            [nameof(Choice.Values)] = values,
            [nameof(Choice.Value)] = value,
        };

        (await DrawnAsync<Choice>(Filter("", "a", "b"), Filter("", "a", "c"), Filter("", "a", "b"))).ShouldBe("a a b b");
        (await DrawnAsync<Choice>(Filter("b", "a", "b"), Filter("b", "a"))).ShouldContain("b b");
    }

    private static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, ContractJson.Options)!;

    /// <summary>What a component draws last, of whose drawings the browser shows only the first.</summary>
    private static async Task<string> DrawnAsync<T>(params IDictionary<string, object?>[] parameters) where T : IComponent
    {
        await using var services = new ServiceCollection()
            .AddLogging().AddLocalization().AddSingleton(TimeProvider.System).AddScoped<Ticker>().BuildServiceProvider();
        await using var browser = new BrowserThatGoesAway(services);
        return await browser.Dispatcher.InvokeAsync(() => browser.DrawAsync<T>(parameters));
    }

    [SuppressMessage("Usage", "BL0006", Justification = "No other way shows what a component draws while the browser is silent.")]
    private sealed class BrowserThatGoesAway(IServiceProvider services) : Renderer(services, services.GetRequiredService<ILoggerFactory>())
    {
        private Task _shown = Task.CompletedTask;

        public override Dispatcher Dispatcher { get; } = Dispatcher.CreateDefault();

        public async Task<string> DrawAsync<T>(IEnumerable<IDictionary<string, object?>> parameters) where T : IComponent
        {
            var root = AssignRootComponentId(InstantiateComponent(typeof(T)));
            foreach (var one in parameters)
            {
                await RenderRootComponentAsync(root, ParameterView.FromDictionary(one));
                _shown = new TaskCompletionSource().Task;
            }

            var frames = GetCurrentRenderTreeFrames(root);
            return string.Join(' ', frames.Array.Take(frames.Count).Select(frame => frame.FrameType switch
            {
                RenderTreeFrameType.Attribute => frame.AttributeValue as string,
                RenderTreeFrameType.Text => frame.TextContent.Trim(),
                _ => null,
            }).Where(text => !string.IsNullOrEmpty(text)));
        }

        protected override Task UpdateDisplayAsync(in RenderBatch renderBatch) => _shown;

        protected override void HandleException(Exception exception) =>
            throw new InvalidOperationException("A component fails.", exception);
    }
}
