using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Iec102.Server.Commands.Common;

namespace Iec102.Server.Commands;

/// <summary>why: goes through what has to work for a meter to be read, step by step, up to the one that fails.</summary>
internal static class WhyCommand
{
    private const string Description =
        "Says why a meter of a running server is not read, or what is wrong with it: the line, the login, the clock, the curves, each with "
        + "what shows that it works or fails, and the one thing to do. The exit status is 1 when something needs a person.";

    private const string Fails = "FAILS";

    /// <summary>The cause when no node is seen to run the port.</summary>
    private const string NotSeen = "node-lost";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static Command Create()
    {
        var meter = new Argument<string>("METER") { Description = "The meter's id." };
        var server = new ServerCallOptions("read");
        var command = new CommandWithExamples("why", Description, "why m-34572") { meter, server.Url, server.Key };
        command.SetAction(async (parsed, ct) =>
        {
            var call = server.Of(parsed);
            var (text, needsAction) = await call.GuardAsync(() => AskAsync(call, parsed.GetValue(meter)!, ct), Patience, ct);
            await parsed.InvocationConfiguration.Output.WriteAsync(text);
            return needsAction ? CommandFailure.Failed : 0;
        });
        return command;
    }

    /// <summary>The steps in words.</summary>
    /// <param name="meter">The meter as the API has it.</param>
    /// <param name="port">Its port as the API has it.</param>
    /// <param name="lastFrame">The last frame from or to the meter, in words; null when there is none.</param>
    /// <param name="now">The moment, by the server's clock.</param>
    /// <param name="behind">The problem of a node, the database or the port because of which the meter is not seen; null for none.</param>
    public static string Text(JsonNode meter, JsonNode port, string? lastFrame, DateTimeOffset now, JsonNode? behind = null)
    {
        var cause = Word(meter["cause"]);
        var text = new StringBuilder($"meter {meter["id"]} on port {port["id"]}: {meter["verdict"]}");
        if (cause is not null)
            text.Append($", {cause}");
        // Of what is catching up it is where the missing begins, which may be half a year before the server was installed.
        if (Word(meter["verdict"]) != "catching-up" && Word(meter["since"]) is { } since)
            text.Append($" for {Age(since, now)}");
        if (meter["remainingSeconds"] is { } left)
            text.Append($", done in about {DurationWords.Of(TimeSpan.FromSeconds((double)left))}");
        if (Word(meter["nextTry"]) is { } next)
            text.Append($"; next try in {DurationWords.Of(DateTimeOffset.Parse(next, null) - now)}");
        text.Append("\n\n");
        if (cause == NotSeen)
        {
            if (Word(meter["asOf"]) is not { } asOf)
                return text.Append(Word(meter["lastError"])).Append('\n').Append(Advised()).ToString();
            text.Append($"as node {meter["node"]} last told it {Age(asOf, now)} ago:\n");
        }

        var isLineDown = meter["blame"] is not null;
        var isUnread = !isLineDown && Word(meter["verdict"]) == "down";
        Step("line", isLineDown, Line(port, now), port);
        Step("login", isUnread, Login(meter, now), meter);
        Step("clock", cause == "clock", Clock(meter), null);
        foreach (var (curve, counts) in meter["profiles"]!.AsObject())
        {
            var fails = Word(counts!["state"]) == "unsupported" ? cause == "unsupported" : cause == "gaps";
            Step(curve, fails, Counts(counts), null);
        }

        if (cause == "stale")
            text.Append($"values   {Fails}  current values are not renewed\n");
        if (lastFrame is not null)
            text.Append($"\nlast frame   {lastFrame}\n");
        return text.Append(Advised()).ToString();

        string Advised() => (meter["advice"] ?? behind?["advice"])?["en"] is { } advice ? $"\n{advice}\n" : "";

        void Step(string name, bool fails, string shown, JsonNode? failing)
        {
            text.Append($"{name,-13}{(fails ? Fails : "     ")}  {shown}\n");
            if (fails && Word(failing?["lastError"]) is { } error)
                text.Append($"{"",-20}{error}{(Word(failing!["lastErrorAt"]) is { } at ? $" ({Age(at, now)} ago)" : "")}\n");
        }
    }

    private static string Line(JsonNode port, DateTimeOffset now)
    {
        var counters = port["counters"]!;
        // A line that opens and is lost again and again has its age from when that began.
        var state = Word(port["cause"]) == "line-down" ? "down" : Word(port["state"]);
        var shown = $"{port["address"]} has been {state} for {Age(Word(port["since"])!, now)}";
        var within = counters["roundTripP50Ms"] is { } half && counters["roundTripP99Ms"] is { } most
            ? $"; half of the answers come within {Number(half)} ms, 99 of 100 within {Number(most)} ms"
            : "";
        return $"{shown}, {Number(counters["busyRatio"]!, 100)} % in use{within}";
    }

    private static string Login(JsonNode meter, DateTimeOffset now) => Word(meter["lastSeen"]) is { } seen
        ? $"link {meter["linkAddress"]}, point {meter["pointAddress"]}: answered {Age(seen, now)} ago"
            + (meter["serialNumber"] is { } serial ? $", serial number {serial}" : "")
        : $"link {meter["linkAddress"]}, point {meter["pointAddress"]}: has not answered since the server was started";

    private static string Clock(JsonNode meter) => Word(meter["clockAlarm"])
        ?? (meter["clockOffsetSeconds"] is { } offset ? Offset((double)offset) : "not read yet");

    private static string Offset(double seconds) => Math.Abs(seconds) < 0.05
        ? "the same as this server's"
        : $"{Number(Math.Abs(seconds))} s {(seconds > 0 ? "ahead of" : "behind")} this server's";

    private static string Counts(JsonNode counts) => Word(counts["state"]) == "unsupported"
        ? "the meter refuses this curve"
        : $"{counts["recorded"]} of {counts["expected"]} recorded, {counts["missing"]} missing, {counts["absent"]} absent, "
            + $"{counts["lost"]} lost";

    /// <summary>The last line of a support file that shows a frame of a link; null when there is none.</summary>
    private static string? LastFrame(string support, int link) => support.Split('\n').LastOrDefault(
        line => (line.Contains(" -> ", StringComparison.Ordinal) || line.Contains(" <- ", StringComparison.Ordinal))
            && $"{line} ".Contains($" link {link} ", StringComparison.Ordinal))?.TrimEnd();

    private static string? Word(JsonNode? node) => node?.ToString();

    private static string Age(string at, DateTimeOffset now) => DurationWords.Of(now - DateTimeOffset.Parse(at, null));

    private static string Number(JsonNode node, double factor = 1) =>
        ((double)node * factor).ToString("0.#", CultureInfo.InvariantCulture);

    private static async Task<(string Text, bool NeedsAction)> AskAsync(ServerCall call, string id, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(Patience);
        var meter = await GetAsync($"/api/meters/{Uri.EscapeDataString(id)}");
        var port = await GetAsync($"/api/ports/{Uri.EscapeDataString(Word(meter["port"])!)}");
        var status = await GetAsync("/api/status");
        var behind = status["problems"]!.AsArray().FirstOrDefault(problem => problem!["meters"]!.AsArray().Any(one => Word(one) == id));
        var text = Text(meter, port, await FrameAsync(), DateTimeOffset.Parse(Word(status["at"])!, null), behind);
        return (text, Word(meter["verdict"]) is "down" or "attention" || Word(meter["cause"]) == NotSeen);

        async Task<string?> FrameAsync()
        {
            try
            {
                return LastFrame(await ReadAsync($"/api/support/{Uri.EscapeDataString(id)}"), (int)meter["linkAddress"]!);
            }
            catch (CommandFailure failure)
            {
                // Only the node that runs the port has its frames; the rest is known here too.
                return $"not known. {failure.Message}";
            }
        }

        async Task<JsonNode> GetAsync(string path) => JsonNode.Parse(await ReadAsync(path)) ?? throw new JsonException();

        async Task<string> ReadAsync(string path)
        {
            using var response = await call.SendAsync(HttpMethod.Get, path, null, patience.Token);
            return await response.Content.ReadAsStringAsync(patience.Token);
        }
    }
}
