using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Iec102.Server.Tests.Alarms;
using Iec102.Testing;

namespace Iec102.Server.Tests.EndToEnd;

/// <summary>
/// What operators do at whichever of two real nodes holds at both, and outlives the one that kept it. One test, since a start of two nodes
/// takes long.
/// </summary>
public sealed class NodesAlarmTests
{
    private const string Refused = "meter.sim-3.password";
    private const string Lost = "node.a.node-lost";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    [Fact]
    public async Task Alarms_pauses_and_changes_of_the_fleet_file_hold_at_both_nodes_and_outlive_the_one_that_kept_them()
    {
        using var receiver = new Receiver();
        await using var two = await TwoNodes.StartAsync(historyDays: 2);
        await two.WriteAsync("meters.sim-3.password = 4711");
        await two.WriteAsync($"alarms {{ delay = 2s, webhook {{ url = \"{receiver.Url}\", secret = \"{Receiver.Secret}\" }} }}");
        var a = await two.ServeBothAsync();
        var b = two["b"];

        // Node a keeps the alarms; node b is asked.
        await UntilAsync(async () => (await AlarmAsync(b, Refused)) is not null);
        await PostAsync(b, $"/api/alarms/{Refused}/note", new { text = "The fitter has the new key." });
        await PostAsync(b, $"/api/alarms/{Refused}/shelve", new { hours = 1 });
        var acknowledged = await PostAsync(b, $"/api/alarms/{Refused}/acknowledge", new { });
        acknowledged["acknowledgedBy"]!.ToString().ShouldNotBeEmpty();
        (await AlarmAsync(a, Refused))!.ToJsonString().ShouldBe(acknowledged.ToJsonString());

        await FileIsChangedAtBothAsync(two);

        var paused = (await PauseAsync(30))["pause"]!.ToJsonString();
        await UntilAsync(async () => (await b.Client.GetFromJsonAsync<JsonNode>("/api/ports/line-1"))!["pause"]?.ToJsonString() == paused);
        var frames = two.Frames("line-1");

        await a.KillAsync();
        await two.RunsAsync("b", "line-1", "line-2");
        await UntilAsync(async () => receiver.Received.Any(posted => IdOf(posted) == Lost) && await AlarmAsync(b, Refused) is not null);
        (await AlarmAsync(b, Refused))!.ToJsonString().ShouldBe(acknowledged.ToJsonString());
        // There may be others meanwhile: node b was not there yet, and the files differed for some seconds.
        var posts = receiver.Received.Where(posted => IdOf(posted) is Refused or Lost);
        posts.Select(posted => $"{posted.Json["change"]} {IdOf(posted)}").ShouldBe(
            [$"raised {Refused}", $"noted {Refused}", $"shelved {Refused}", $"acknowledged {Refused}", $"raised {Lost}"], two.Output());
        receiver.Received.Select(posted => posted.Key).ShouldBeUnique();

        var port = (await b.Client.GetFromJsonAsync<JsonNode>("/api/ports/line-1"))!;
        (port["node"]!.ToString(), port["state"]!.ToString(), port["pause"]!.ToJsonString()).ShouldBe(("b", "paused", paused));
        two.Frames("line-1").ShouldBe(frames);
        var resumed = DateTimeOffset.UtcNow;
        await PauseAsync(0);
        await two.TalksAsync("line-1", since: resumed);

        // On a busy computer node b may not have heard for a moment who runs the port; it says to try again then.
        async Task<JsonNode> PauseAsync(int minutes)
        {
            JsonNode? paused = null;
            await UntilAsync(async () =>
            {
                using var answer = await b.Client.PostAsJsonAsync("/api/ports/line-1/pause", new { minutes });
                if (answer.StatusCode != HttpStatusCode.ServiceUnavailable)
                    paused = await ReadAsync(answer);
                return paused is not null;
            });
            return paused!;
        }

        Task UntilAsync(Func<Task<bool>> question) => Site.UntilAsync(question, Patience, two.Output);
    }

    private static async Task FileIsChangedAtBothAsync(TwoNodes two)
    {
        var basis = (await two["a"].Client.GetFromJsonAsync<JsonNode>("/api/fleet"))!["hash"]!.ToString();
        var change = await PostAsync(two["a"], "/api/fleet/changes", Naming("sim-4", "North", basis));
        change["nodes"]!.ToJsonString().ShouldBe("""[{"node":"b","saved":true,"problem":null}]""");
        (await File.ReadAllTextAsync(two.Fleet("b"))).ShouldBe(await File.ReadAllTextAsync(two.Fleet("a")));
        await Site.UntilAsync(
            async () => (await two["b"].Client.GetFromJsonAsync<JsonNode>("/api/meters/sim-4"))!["name"]?.ToString() == "North",
            Patience, two.Output);

        // Somebody has shown the file before this change.
        using var late = await two["b"].Client.PostAsJsonAsync("/api/fleet/changes", Naming("sim-4", "South", basis));
        late.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await late.Content.ReadAsStringAsync()).ShouldContain("changed by somebody else");

        // The file of node b alone was changed by hand.
        await File.AppendAllTextAsync(two.Fleet("b"), "# by hand\n");
        var half = await PostAsync(two["a"], "/api/fleet/changes", Naming("sim-4", "East", change["after"]!.ToString()));
        ((bool)half["saved"]!, (bool)half["nodes"]![0]!["saved"]!).ShouldBe((true, false));
        half["nodes"]![0]!["problem"]!.ToString().ShouldStartWith("Node b: The fleet file has been changed by somebody else");
        (await File.ReadAllTextAsync(two.Fleet("b"))).ShouldContain("North");
        File.Copy(two.Fleet("a"), two.Fleet("b"), overwrite: true);
    }

    private static object Naming(string meter, string name, string basis) =>
        new { set = new[] { new { meter, key = "name", value = name } }, basis, save = true };

    private static async Task<JsonNode?> AlarmAsync(ServerProcess node, string id)
    {
        using var answer = await node.Client.GetAsync("/api/alarms");
        // Nobody keeps the alarms while another node takes them over.
        return answer.StatusCode == HttpStatusCode.OK
            ? (await answer.Content.ReadFromJsonAsync<JsonNode>())!["alarms"]!.AsArray().FirstOrDefault(one => (string?)one!["id"] == id)
            : null;
    }

    private static string IdOf(Posted posted) => posted.Json["alarm"]!["id"]!.ToString();

    private static async Task<JsonNode> PostAsync(ServerProcess node, string path, object body)
    {
        using var answer = await node.Client.PostAsJsonAsync(path, body);
        return await ReadAsync(answer);
    }

    private static async Task<JsonNode> ReadAsync(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        return JsonNode.Parse(text)!;
    }
}
