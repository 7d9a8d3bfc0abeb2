using System.Text.Json;
using Iec102.Cluster.Nodes;
using Iec102.Fleet;

namespace Iec102.Server.Api;

/// <summary>News of another node, as its stream has it.</summary>
/// <param name="Name">The name of the event.</param>
/// <param name="Data">Its data.</param>
internal sealed record NewsOfNode(string Name, JsonElement Data);

/// <summary>Follows the streams of all other nodes for one client of this one, and tells it which of them are not heard.</summary>
/// <param name="others">The other nodes.</param>
/// <param name="key">The key of the nodes.</param>
/// <param name="call">The client's call, with its parameters and rights.</param>
internal sealed class NodeStreams(OtherNodes others, SecretText? key, HttpContext call)
{
    private static readonly TimeSpan AgainAfter = TimeSpan.FromSeconds(2);

    /// <summary>Longer than the pause between two heartbeats.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(40);

    private readonly string _path = $"/api/stream{call.Request.QueryString}";

    /// <summary>Puts the news into the client's queue until it is cancelled.</summary>
    public async Task FollowAsync(StreamQueue queue, CancellationToken ct)
    {
        var followed = new Dictionary<string, Task>(StringComparer.Ordinal);
        try
        {
            while (true)
            {
                foreach (var id in others.View.Nodes.Select(node => node.Report.Id).Where(id => id != others.View.Self))
                {
                    if (!followed.ContainsKey(id))
                        followed[id] = FollowAsync(id, queue, ct);
                }

                await Task.Delay(NodeDirectoryActor.Every, ct);
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(followed.Values);
        }
    }

    private async Task FollowAsync(string id, StreamQueue queue, CancellationToken ct)
    {
        var isHeard = true;
        while (!ct.IsCancellationRequested)
        {
            try
            {
                // A node may come back at another address.
                if (others.View.Node(id) is { IsSilent: false } node)
                    await ReadAsync(node.Report.Url, queue, () => Tell(true), ct);
                Tell(false);
            }
            catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException or JsonException)
            {
                if (!ct.IsCancellationRequested)
                    Tell(false);
            }

            await Task.Delay(AgainAfter, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        void Tell(bool isHeardNow)
        {
            if (isHeard != isHeardNow)
                queue.Add(new NewsOfNode("node", JsonSerializer.SerializeToElement(new { id, state = isHeardNow ? "heard" : "lost" })));
            isHeard = isHeardNow;
        }
    }

    private async Task ReadAsync(Uri url, StreamQueue queue, Action onHeard, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(url, _path));
        NodeKey.Add(request, others.View.Self, key, call);
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(ct);
        silence.CancelAfter(Silence);
        using var response = await others.Client.SendAsync(request, silence.Token);
        response.EnsureSuccessStatusCode();
        onHeard();
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(silence.Token));
        var name = "";
        while (await lines.ReadLineAsync(silence.Token) is { } line)
        {
            silence.CancelAfter(Silence);
            if (line.StartsWith("event: ", StringComparison.Ordinal))
                name = line["event: ".Length..];
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
                queue.Add(new NewsOfNode(name, JsonSerializer.Deserialize<JsonElement>(line["data: ".Length..])));
        }
    }
}
