using System.Text.Json;
using Iec102.Cluster.Nodes;
using Iec102.Contract;

namespace Iec102.Server.Api;

/// <summary>
/// Where several nodes read a fleet, each has a copy of the fleet file: what was changed at one is changed at all that are heard.
/// </summary>
internal static class FleetOfNodes
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Makes the same changes at the other nodes, each of which must have had the same file; says which of them have not got it.
    /// </summary>
    public static async Task<IReadOnlyList<NodeSavedModel>> SaveAsync(ServerNode node, FleetChangesModel changes, HttpContext context)
    {
        if (node.Others is not { } others || NodeKey.IsPassedOn(context))
            return [];
        return await Task.WhenAll(
            others.View.Nodes.Where(one => one.Report.Id != others.View.Self).OrderBy(one => one.Report.Id, StringComparer.Ordinal)
                .Select(one => SaveAsync(one, node, others, changes, context)));
    }

    private static async Task<NodeSavedModel> SaveAsync(
        SeenNode to, ServerNode node, OtherNodes others, FleetChangesModel changes, HttpContext context)
    {
        var id = to.Report.Id;
        if (to.IsSilent)
            return new NodeSavedModel(id, false, $"Node {id} is not heard: copy the file to it before it starts again.");
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(to.Report.Url, "/api/fleet/changes"))
            {
                Content = JsonContent.Create(changes, options: ContractJson.Options),
            };
            NodeKey.Add(request, others.View.Self, node.Fleet.Cluster.Key, context);
            using var limit = new CancellationTokenSource(Patience);
            using var response = await others.Client.SendAsync(request, limit.Token);
            var answer = await response.Content.ReadFromJsonAsync<JsonElement>(limit.Token);
            return response.IsSuccessStatusCode && answer.GetProperty("saved").GetBoolean()
                ? new NodeSavedModel(id, true, null)
                : new NodeSavedModel(id, false, $"Node {id}: {Why(answer)}");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException or JsonException)
        {
            return new NodeSavedModel(id, false, $"Node {id} does not answer at {to.Report.Url}: copy the file to it.");
        }
    }

    private static string? Why(JsonElement answer) => answer.TryGetProperty("detail", out var detail)
        ? detail.GetString()
        : answer.TryGetProperty("problems", out var problems) && problems.GetArrayLength() > 0
        ? problems[0].GetProperty("sentence").GetString()
        : "it has not saved the file.";
}
