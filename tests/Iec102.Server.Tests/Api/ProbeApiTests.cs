using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace Iec102.Server.Tests.Api;

/// <summary>Meters that are to be added are asked who they are by several people at once, who may lose patience.</summary>
public sealed class ProbeApiTests(RunningServer server) : IClassFixture<RunningServer>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>No meter has it.</summary>
    private const int NoLink = 4711;

    [Fact]
    public async Task Of_several_who_ask_on_a_new_line_one_does_and_when_it_gives_up_the_line_is_closed_and_free()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var asked = new { tcp = silent.LocalEndpoint.ToString(), linkAddress = NoLink, password = "1" };
        using var impatience = new CancellationTokenSource();
        Task<HttpResponseMessage>[] both = [.. Enumerable.Range(0, 2).Select(_ => PostAsync("/api/probe", asked, impatience.Token))];
        using var line = await silent.AcceptTcpClientAsync().WaitAsync(Patience);

        await RefusedAsync(await await Task.WhenAny(both).WaitAsync(Patience), $"tcp://{asked.tcp}");
        // It is the same line, whatever is spoken there.
        var otherwise = asked with { tcp = $"telnet://{asked.tcp}" };
        using (var third = await PostAsync("/api/probe", otherwise, CancellationToken.None).WaitAsync(Patience))
            await RefusedAsync(third, otherwise.tcp);
        both.Count(one => one.IsCompleted).ShouldBe(1);
        var frame = await ReadAsync(line);

        await impatience.CancelAsync();

        // The frame that was due next may still be sent.
        (await ReadToEndAsync(line)).ShouldBeLessThanOrEqualTo(frame, "The meter is asked on although nobody waits for it.");
        using var again = new CancellationTokenSource();
        Task<HttpResponseMessage>? next = null;
        await EndToEnd.Site.UntilAsync(
            () =>
            {
                if (next is null or { IsCompleted: true })
                    next = PostAsync("/api/probe", asked, again.Token);
                return Task.FromResult(silent.Pending());
            },
            Patience, () => "The line is not opened again.");
        using var second = await silent.AcceptTcpClientAsync();
        await again.CancelAsync();
        await ReadToEndAsync(second);
    }

    [Fact]
    public async Task When_a_probe_on_a_port_is_given_up_its_meters_are_read_on_and_the_next_one_is_answered()
    {
        using var impatience = new CancellationTokenSource();
        var silent = new { linkAddress = NoLink, password = "1" };
        Task<HttpResponseMessage>[] both =
            [.. Enumerable.Range(0, 2).Select(_ => PostAsync("/api/ports/line-1/probe", silent, impatience.Token))];
        (await await Task.WhenAny(both).WaitAsync(Patience)).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        both.Count(one => one.IsCompleted).ShouldBe(1);

        await impatience.CancelAsync();

        var link = (int)(await server.Client.GetFromJsonAsync<JsonNode>("/api/meters/sim-2"))!["linkAddress"]!;
        JsonNode? found = null;
        await EndToEnd.Site.UntilAsync(
            async () =>
            {
                using var answer = await PostAsync("/api/ports/line-1/probe", new { linkAddress = link, password = "1" }, default);
                if (answer.StatusCode != HttpStatusCode.Conflict)
                    found = await answer.Content.ReadFromJsonAsync<JsonNode>();
                return found is not null;
            },
            Patience, () => "The port is not free.");
        ((bool)found!["answers"]!).ShouldBeTrue(found.ToJsonString());
        using var read = await server.Client.PostAsJsonAsync("/api/meters/sim-1/read", new { what = "clock" });
        read.StatusCode.ShouldBe(HttpStatusCode.OK, await read.Content.ReadAsStringAsync());

    }

    private Task<HttpResponseMessage> PostAsync(string path, object body, CancellationToken ct) =>
        server.Client.PostAsJsonAsync(path, body, ct);

    private static async Task RefusedAsync(HttpResponseMessage answer, string line)
    {
        answer.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await answer.Content.ReadFromJsonAsync<JsonNode>())!["detail"]!.ToString()
            .ShouldBe($"A meter on {line} is being asked already: wait until that has ended.");
    }

    private static async Task<int> ReadAsync(TcpClient line) =>
        await line.GetStream().ReadAsync(new byte[1024]).AsTask().WaitAsync(Patience);

    /// <summary>Waits until the other side closes a connection; returns how many octets came before.</summary>
    private static async Task<int> ReadToEndAsync(TcpClient line)
    {
        var all = 0;
        while (await ReadAsync(line) is > 0 and var octets)
            all += octets;
        return all;
    }
}
