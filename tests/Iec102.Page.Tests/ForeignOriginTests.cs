using Iec102.Page.Tests.Browsers;
using Iec102.Page.Tests.Sites;

namespace Iec102.Page.Tests;

/// <summary>A page of another origin, in the browser of somebody who may change things here, changes nothing.</summary>
[Collection(nameof(Pages))]
public sealed class ForeignOriginTests(PageFixture fixture)
{
    /// <summary>What the server logs when the call has its effect.</summary>
    private const string Effect = "meter sim-30: an operator has declared that another meter stands here now";

    private string Target => $"{fixture.Site.Server.Url}/api/meters/sim-30/replaced";

    /// <summary>Without this the other tests would prove nothing.</summary>
    [BrowserFact]
    public async Task A_script_of_the_server_itself_may()
    {
        await using var viewer = await fixture.OpenAsync();
        await viewer.Page.GotoAsync("/");

        var status = await viewer.Page.EvaluateAsync<int>(
            """
            async target => (await fetch(target, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{}' })).status
            """, Target.Replace("sim-30", "sim-29", StringComparison.Ordinal));

        status.ShouldBe(200);
        await fixture.Site.SaysAsync(Effect.Replace("sim-30", "sim-29", StringComparison.Ordinal));
    }

    [BrowserTheory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    public async Task A_form_on_another_origin_changes_nothing(string host)
    {
        await using var viewer = await fixture.OpenAsync();
        await using var foreign = new ForeignSite(host);
        foreach (var type in (string[])["application/x-www-form-urlencoded", "multipart/form-data", "text/plain"])
        {
            await viewer.Page.GotoAsync(foreign.Url);
            var answer = await viewer.Page.RunAndWaitForResponseAsync(
                () => viewer.Page.EvaluateAsync(
                    """
                    ([target, type]) => {
                        const form = document.createElement('form');
                        [form.action, form.method, form.enctype] = [target, 'post', type];
                        const field = document.createElement('input');
                        [field.name, field.value] = ['{"a":"', '"}'];
                        form.append(field);
                        document.body.append(form);
                        form.submit();
                    }
                    """, new[] { Target, type }),
                Target);

            await viewer.Page.WaitForURLAsync(Target);
            answer.Status.ShouldBeOneOf(403, 415);
        }

        fixture.Site.Server.Output.ShouldNotContain(Effect);
    }

    [BrowserTheory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    public async Task A_script_on_another_origin_changes_nothing_and_reads_nothing(string host)
    {
        await using var viewer = await fixture.OpenAsync();
        await using var foreign = new ForeignSite(host);
        await viewer.Page.GotoAsync(foreign.Url);

        var outcomes = await viewer.Page.EvaluateAsync<string[]>(
            """
            async ([target, server]) => {
                const attempt = async call => { try { return `answered: ${(await call()).type}`; } catch { return 'refused'; } };
                const json = { 'Content-Type': 'application/json' };
                const socket = new WebSocket(`${server.replace('http', 'ws')}/_blazor`);
                const connected = new Promise(done => [socket.onopen, socket.onclose] = [() => done('opened'), () => done('refused')]);
                return [
                    await attempt(() => fetch(target, { method: 'POST', headers: json, body: '{}', credentials: 'include' })),
                    await attempt(() => fetch(target, { method: 'POST', body: '{}', mode: 'no-cors', credentials: 'include' })),
                    await attempt(() => fetch(`${server}/api/meters`, { credentials: 'include' })),
                    await attempt(() => fetch(`${server}/_blazor/negotiate?negotiateVersion=1`, { method: 'POST' })),
                    await connected,
                ];
            }
            """, new[] { Target, fixture.Site.Server.Url });

        outcomes.ShouldAllBe(outcome => outcome == "refused");
        fixture.Site.Server.Output.ShouldNotContain(Effect);
    }
}
