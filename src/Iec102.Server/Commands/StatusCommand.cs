using System.CommandLine;
using System.Text;
using System.Text.Json;
using Iec102.Contract;
using Iec102.Server.Commands.Common;

namespace Iec102.Server.Commands;

/// <summary>status: what is wrong with the fleet of a running server, and how many meters have which verdict.</summary>
internal static class StatusCommand
{
    private const string Description =
        "Shows what is wrong with the meters of a running server, since when, and what to do about it; then how many meters and ports have "
        + "which verdict. A port that is the cause is shown once, with the meters behind it. The exit status is 1 when something needs a "
        + "person, so that a script or a monitor can use it.";

    private const string Clear = "\e[H\e[2J\e[3J";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    public static Command Create(bool isTerminal)
    {
        var watch = new Option<bool>("--watch") { Description = "Show it again every 2 s until Ctrl+C, also after the server was away." };
        var server = new ServerCallOptions("read");
        var command = new CommandWithExamples("status", Description, "status", "status --watch --url http://192.0.2.5:8102")
        {
            watch, server.Url, server.Key,
        };
        command.SetAction(async (parsed, ct) =>
        {
            var (call, output) = (server.Of(parsed), parsed.InvocationConfiguration.Output);
            var (status, reasons) = await AskAsync(call, ct);
            if (!parsed.GetValue(watch))
            {
                await output.WriteAsync(Text(status, reasons));
                return NeedsAction(status) ? CommandFailure.Failed : 0;
            }

            using var timer = new PeriodicTimer(Every);
            var (shown, answers) = (Text(status, reasons), true);
            try
            {
                while (true)
                {
                    await output.WriteAsync(isTerminal ? $"{Clear}{shown}" : $"{shown}\n");
                    await timer.WaitForNextTickAsync(ct);
                    try
                    {
                        (status, reasons) = await AskAsync(call, ct);
                        (shown, answers) = (Text(status, reasons), true);
                    }
                    catch (CommandFailure failure)
                    {
                        // It may be back at the next call, and shows then how things are.
                        (shown, answers) = ($"{failure.Message}\n", false);
                    }
                }
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return !answers || NeedsAction(status) ? CommandFailure.Failed : 0;
            }
        });
        return command;
    }

    /// <summary>What is shown: the problems, each with its age, the next try and what to do, then the counts.</summary>
    /// <param name="status">The status.</param>
    /// <param name="reasons">Why the fleet file is not in force, a line for each reason.</param>
    public static string Text(StatusModel status, IReadOnlyList<string> reasons)
    {
        var text = new StringBuilder();
        var now = DateTimeOffset.Parse(status.At, null);
        if (status.Fleet is "rejected" or "failed")
        {
            text.Append("FLEET FILE  ")
                .Append(status.Fleet == "rejected" ? "the changed file is not applied\n" : "a part could not be started\n");
            foreach (var reason in reasons)
                text.Append($"  {reason}\n");
            text.Append('\n');
        }

        foreach (var problem in status.Problems)
            Add(text, problem, now);
        text.Append(status.Problems.Count switch
        {
            0 => NeedsAction(status) ? "Nothing else needs you." : "Nothing needs you.",
            1 => "1 problem.",
            var count => $"{count} problems.",
        });
        text.Append($"\nmeters  {Counts(status.Meters)}");
        if (status.Meters.GetValueOrDefault("catching-up") > 0 && status.CatchingUpSeconds is { } seconds)
            text.Append($" (caught up in about {DurationWords.Of(TimeSpan.FromSeconds(seconds))})");
        text.Append($"\nports   {Counts(status.Ports)}\n");
        // A server of an older version does not say it.
        if (status.Yesterday is { Of: > 0 } yesterday)
            text.Append($"curves  complete for yesterday: {yesterday.Complete} of {yesterday.Of} meters\n");
        return text.ToString();
    }

    private static bool NeedsAction(StatusModel status) => status.Problems.Count > 0 || status.Fleet is "rejected" or "failed";

    private static void Add(StringBuilder text, ProblemModel problem, DateTimeOffset now)
    {
        text.Append(problem.Verdict.ToUpperInvariant()).Append("  ")
            .Append(problem switch
            {
                { Meter: { } meter } => $"meter {meter}{CalledOf(problem)} on port {problem.Port}{OfNode(problem)}",
                { Port: { } port } => $"port {port}{OfNode(problem)}",
                _ => $"node {problem.Node}",
            })
            .Append(": ").Append(problem.Cause);
        if (problem.Since is { } since)
            text.Append($" for {DurationWords.Of(now - DateTimeOffset.Parse(since, null))}");
        if (problem.NextTry is { } next)
            text.Append($"; next try in {DurationWords.Of(DateTimeOffset.Parse(next, null) - now)}");
        text.Append('\n');
        if (problem.LastError is { Length: > 0 } error)
            text.Append($"  {Sentence(error)}\n");
        if (problem.Advice is { } advice)
            text.Append($"  {advice.En}\n");
        if (problem.Meter is null && problem.Meters.Count > 0)
        {
            var what = problem.Verdict == "unknown" ? "Not seen because of it" : "Not read because of it";
            text.Append($"  {what}: {string.Join(", ", problem.Meters)}\n");
        }

        text.Append('\n');
    }

    /// <summary>What people call the meter and where it is, such as <c> (Pump house, North)</c>.</summary>
    private static string CalledOf(ProblemModel problem)
    {
        var called = string.Join(", ", ((string?[])[problem.Name, problem.Site]).OfType<string>());
        return called.Length > 0 ? $" ({called})" : "";
    }

    private static string OfNode(ProblemModel problem) => problem.Node is { } node ? $" of node {node}" : "";

    /// <summary>An error as a sentence; the address with which it may begin is left as it is.</summary>
    private static string Sentence(string error) => error.Split(' ')[0].All(char.IsAsciiLetter)
        ? $"{char.ToUpperInvariant(error[0])}{error[1..].TrimEnd('.')}."
        : error;

    private static string Counts(IReadOnlyDictionary<string, int> counts) => $"{counts.Values.Sum()}: "
        + string.Join(", ", counts.Where(count => count.Value > 0).Select(count => $"{count.Value} {count.Key}"));

    private static IReadOnlyList<string> Reasons(FleetModel fleet) =>
    [
        .. (fleet.Rejected?.Problems ?? []).Select(problem => $"{problem}"),
        .. fleet.Failed.Select(failed => $"{string.Join(' ', failed.Part, failed.Id, failed.Curve).TrimEnd()}: {failed.Error}"),
    ];

    private static Task<(StatusModel Status, IReadOnlyList<string> Reasons)> AskAsync(ServerCall call, CancellationToken ct) =>
        call.GuardAsync(
        async () =>
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
            patience.CancelAfter(Patience);
            var status = await GetAsync<StatusModel>("/api/status");
            return (status, status.Fleet is "rejected" or "failed" ? Reasons(await GetAsync<FleetModel>("/api/fleet")) : []);

            async Task<T> GetAsync<T>(string path)
            {
                using var response = await call.SendAsync(HttpMethod.Get, path, null, patience.Token);
                return await response.Content.ReadFromJsonAsync<T>(ContractJson.Options, patience.Token) ?? throw new JsonException();
            }
        },
        Patience, ct);
}
