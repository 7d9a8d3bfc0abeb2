using System.Collections.Concurrent;
using System.Text.Json;
using Iec102.Acquisition.Profiles;
using Iec102.Cluster.Nodes;
using Iec102.Contract;
using Iec102.Fleet;

namespace Iec102.Server.Api;

/// <summary>A question how complete curves are, as it is passed on to other nodes.</summary>
/// <param name="From">The beginning of the range, as in a call.</param>
/// <param name="To">Its end.</param>
/// <param name="Curves">The names of the curves, with commas; empty for those that each meter records.</param>
/// <param name="Call">The call that asks, with its rights; null when the server itself does.</param>
internal sealed record CompletenessQuestion(string From, string To, string Curves, HttpContext? Call)
{
    /// <summary>The question of a call.</summary>
    public static CompletenessQuestion Of(HttpContext call) => new(
        $"{call.Request.Query["from"]}", $"{call.Request.Query["to"]}", $"{call.Request.Query["curves"]}", call);
}

/// <summary>
/// How complete curves are, over all nodes: each curve's actor is asked, on the node that runs it. A few are asked at a time, and what has
/// not answered in time is unknown, with the reason.
/// </summary>
/// <param name="node">This server.</param>
/// <param name="question">The question.</param>
internal sealed class Completeness(ServerNode node, CompletenessQuestion question)
{
    private const int CurvesAtOnce = 16;

    /// <summary>The address of a call stays below what a web server takes.</summary>
    private const int MetersPerCall = 50;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly CancellationToken _gone = question.Call?.RequestAborted ?? default;

    private readonly ConcurrentDictionary<(string Meter, string Curve), CompletenessModel> _answers = new();

    /// <summary>Why nothing is known of what is behind a port.</summary>
    private readonly ConcurrentDictionary<string, string> _failures = new(StringComparer.Ordinal);

    /// <summary>Asks for all; the answers are in the same order.</summary>
    /// <exception cref="OperationCanceledException">The client has gone.</exception>
    public async Task<IReadOnlyList<CompletenessModel>> OfAsync(IReadOnlyList<ChosenCurve> curves)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(_gone);
        patience.CancelAfter(Patience);
        var ports = node.Fleet.Ports.ToDictionary(port => port.Id, StringComparer.Ordinal);
        var own = curves.Where(one => node.Runs(one.Meter.Port)).ToList();
        var elsewhere = node.Others is null || (question.Call is { } call && NodeKey.IsPassedOn(call))
            ? []
            : curves.Except(own).GroupBy(one => node.Others.OwnerOf(ports[one.Meter.Port])).Where(group => group.Key is not null);
        try
        {
            await Task.WhenAll(elsewhere.Select(group => AskNodeAsync(group.Key!, [.. group], patience.Token))
                .Append(Parallel.ForEachAsync(
                    own, new ParallelOptions { MaxDegreeOfParallelism = CurvesAtOnce, CancellationToken = patience.Token }, AskOwnAsync)));
        }
        catch (OperationCanceledException) when (!_gone.IsCancellationRequested)
        {
            // Whatever is not answered by now is unknown.
        }

        return [.. curves.Select(one => _answers.GetValueOrDefault((one.Meter.Id, one.Curve)) ?? Unknown(one, ports[one.Meter.Port]))];
    }

    private async ValueTask AskOwnAsync(ChosenCurve one, CancellationToken ct)
    {
        var curve = CurveExtensions.Parse(one.Curve)!.Value;
        if (await node.AskProfile<CoverageReport>(one.Meter.Id, curve, new GetCoverage(one.Range), Patience).WaitAsync(ct) is { } report)
            _answers[(one.Meter.Id, one.Curve)] = CompletenessModel.Of(one.Meter.Id, one.Curve, report, one.Meter.TimeZone);
    }

    private async Task AskNodeAsync(SeenNode owner, IReadOnlyList<ChosenCurve> curves, CancellationToken ct)
    {
        foreach (var meters in curves.Select(one => one.Meter.Id).Distinct().Chunk(MetersPerCall))
        {
            try
            {
                foreach (var answer in await CallAsync(owner.Report.Url, meters, ct))
                    _answers[(answer.Meter, answer.Curve)] = answer;
            }
            catch (Exception e) when (e is HttpRequestException or IOException or JsonException)
            {
                foreach (var port in curves.Select(one => one.Meter.Port))
                    _failures[port] = $"Node {owner.Report.Id} does not answer: {e.Message.TrimEnd('.')}.";
                return;
            }
        }
    }

    private async Task<IReadOnlyList<CompletenessModel>> CallAsync(Uri url, IEnumerable<string> meters, CancellationToken ct)
    {
        var query = QueryString.Create(
        [
            KeyValuePair.Create("meters", (string?)string.Join(',', meters)),
            KeyValuePair.Create("from", (string?)question.From), KeyValuePair.Create("to", (string?)question.To),
            KeyValuePair.Create("curves", (string?)question.Curves),
        ]);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(url, $"/api/completeness{query}"));
        NodeKey.Add(request, node.Others!.View.Self, node.Fleet.Cluster.Key, question.Call);
        using var response = await node.Others.Client.SendAsync(request, ct);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync<IReadOnlyList<CompletenessModel>>(ContractJson.Options, ct) ?? [];
    }

    private CompletenessModel Unknown(ChosenCurve one, PortConfiguration port) => CompletenessModel.NotKnown(
        one.Meter.Id, one.Curve,
        !one.Meter.Enabled || !port.Enabled ? $"The meter '{one.Meter.Id}' or its port is disabled."
        : _failures.GetValueOrDefault(port.Id) is { } failure ? failure
        : node.Runs(port.Id) || node.Others?.OwnerOf(port) is not null ? "The curve has not answered in time; try again in a moment."
        : $"No node runs the port '{port.Id}' at present.");
}
