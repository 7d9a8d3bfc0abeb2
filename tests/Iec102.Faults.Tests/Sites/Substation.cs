using System.Diagnostics;
using System.Globalization;
using Iec102.Testing;

namespace Iec102.Faults.Tests.Sites;

/// <summary>
/// A node in a substation with a line of its own, and a client at its gateway, is cut off from the database and the other node while the
/// history of its meter is being read.
/// </summary>
/// <param name="LineSilence">The longest silence of its line.</param>
/// <param name="OldestValue">How old the current values at most were that its API showed meanwhile.</param>
/// <param name="ClientWait">The longest time between two answers to the client of its gateway.</param>
/// <param name="ClientAnswers">How many answers the client got.</param>
/// <param name="ClientFailures">What the client did not get.</param>
/// <param name="Missing">How many intervals were missing at the heal.</param>
/// <param name="CompleteAfter">How long after the heal none was.</param>
internal sealed record Substation(
    TimeSpan LineSilence, TimeSpan OldestValue, TimeSpan ClientWait, int ClientAnswers, IReadOnlyList<string> ClientFailures, int Missing,
    TimeSpan CompleteAfter)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    /// <summary>Cuts it off.</summary>
    /// <param name="lasts">For how long.</param>
    public static async Task<Substation> CutOffAsync(TimeSpan lasts)
    {
        await using var site = await Site.StartAsync(
            new SitePlan { Nodes = ["a", "b"], Lines = [["a"], ["b"]], HistoryDays = 40, Baud = 19200 });
        var (a, b) = (site["a"], site["b"]);
        await Task.WhenAll(a.StartAsync(), b.StartAsync());
        await site.SettleAsync();
        await using var client = await GatewayClient.ConnectAsync(a);
        // It is cut off in the midst of the download.
        await Wait.UntilAsync(async () => await site.CurvesAsync(b) is { } so && so.Missing < so.Intervals ? null : site.Logs(), Patience);

        var began = DateTimeOffset.UtcNow;
        var cuts = new[] { await site.Network.CutAsync(a.Host, site.DatabaseHost), await site.Network.CutAsync(a.Host, b.Host) };
        var oldest = await WatchAsync(a, lasts);
        foreach (var cut in cuts)
            await cut.HealAsync();
        var healed = Stopwatch.StartNew();
        var (over, missing) = (DateTimeOffset.UtcNow, (await site.CurvesAsync(b)).Missing);
        await site.CompleteAsync(b, Patience);
        var result = new Substation(
            site.Record.LongestSilence("line-1", began, over), oldest, client.LongestWait, client.Answers, client.Failures, missing,
            healed.Elapsed);
        await site.VerifyAsync();
        site.Record.Offences().ShouldBeEmpty();
        Promise.Report("R10", $"a substation cut off for {lasts.TotalSeconds:F0} s", $"{result}");
        return result;
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"its line silent for at most {LineSilence.TotalSeconds:F1} s, its current values at most {OldestValue.TotalSeconds:F1} s old, "
        + $"{ClientAnswers} answers to the client of its gateway, {ClientFailures.Count} failures, at most {ClientWait.TotalSeconds:F1} s "
        + $"between two; {Missing} intervals missing at the heal, none after {CompleteAfter.TotalSeconds:F1} s");

    /// <summary>Looks at the current values again and again; returns how old they were at most.</summary>
    private static async Task<TimeSpan> WatchAsync(Node node, TimeSpan lasts)
    {
        var time = Stopwatch.StartNew();
        var oldest = TimeSpan.Zero;
        using var timer = new PeriodicTimer(Look);
        while (time.Elapsed < lasts && await timer.WaitForNextTickAsync())
        {
            var values = await node.GetAsync("/api/meters/sim-1/current");
            var age = DateTimeOffset.UtcNow - values["signals"]!.AsArray().Max(value => value!["readAt"]!.GetValue<DateTimeOffset>());
            oldest = age > oldest ? age : oldest;
        }

        return oldest;
    }
}
