using System.Diagnostics;
using System.Globalization;
using Iec102.Faults.Tests.Sites;
using Iec102.Faults.Tests.Talkers;

namespace Iec102.Faults.Tests.Soaks;

/// <summary>Random faults, up to two at a time, on three nodes with a dozen lines whose history is being read.</summary>
/// <param name="lasts">How long faults begin.</param>
/// <param name="seed">The seed of chance.</param>
/// <param name="output">Where progress and verdict are written.</param>
internal sealed class Soak(TimeSpan lasts, int seed, TextWriter output)
{
    private const int DaysPerMinute = 20;
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);

    private readonly Random _random = new(seed);
    private readonly Stopwatch _time = new();
    private readonly List<(string Name, DateTimeOffset Began)> _faults = [];

    /// <summary>Runs it; returns whether everything held that must.</summary>
    public async Task<bool> RunAsync()
    {
        await using var site = await Site.StartAsync(new SitePlan
        {
            Lines =
            [
                ["a"], ["b"], ["c"], ["a", "b"], ["b", "c"], ["c", "a"], ["a", "b", "c"], ["b", "a", "c"], [], [], [], [],
            ],
            HistoryDays = (int)(DaysPerMinute * (lasts.TotalMinutes + 1)),
            Baud = 9600,
        });
        await Task.WhenAll(site.Nodes.Select(node => node.StartAsync(FakeTime.Missing is null)));
        await site.SettleAsync();
        _time.Start();
        while (_time.Elapsed < lasts)
        {
            await ShakeAsync(site);
            await Wait.ForAsync(LongestPause * _random.NextDouble());
            Say($"{_time.Elapsed:mm\\:ss}  {_faults[^1].Name,-60} {Sum(site.Record, site.Lines, _faults[0].Began, DateTimeOffset.UtcNow)}");
        }

        await site.SettleAsync();
        var settled = DateTimeOffset.UtcNow;
        await site.CompleteAsync(site.Nodes[0], lasts + lasts);
        await site.VerifyAsync();
        var curves = await site.CurvesAsync(site.Nodes[^1]);
        var record = site.Record;
        Report(record, site.Floating, settled);
        Say($"{_faults.Count} times, seed {seed}: {Sum(record, site.Lines, _faults[0].Began, settled)}; verify is clean; {curves}");
        foreach (var offence in record.Offences())
            Say($"{offence}");
        return record.Offences().Count == 0 && curves.AreExact;
    }

    /// <summary>One or two faults at a time.</summary>
    private async Task ShakeAsync(Site site)
    {
        var one = Fault.Choose(site, _random);
        var other = Fault.Choose(site, _random);
        Fault[] faults = one.Befalls != other.Befalls && _random.Next(3) == 0 ? [one, other] : [one];
        _faults.Add((string.Join(" and ", faults.Select(fault => fault.Name)), DateTimeOffset.UtcNow));
        await Task.WhenAll(faults.Select(async fault =>
        {
            await fault.Begin();
            await Wait.ForAsync(fault.Lasts);
            await fault.End();
        }));
    }

    /// <summary>What each kind of fault cost from its beginning to the next one's.</summary>
    private void Report(TalkRecord record, IReadOnlyList<string> floating, DateTimeOffset settled)
    {
        var ends = _faults.Skip(1).Select(fault => fault.Began).Append(settled);
        foreach (var kind in _faults.Zip(ends, (fault, end) => (fault.Name, fault.Began, End: end)).GroupBy(fault => fault.Name))
        {
            var silence = kind.Max(one => floating.Max(line => record.LongestSilence(line, one.Began, one.End)));
            Say($"{kind.Key,-60} {kind.Count()} times, a floating line silent for at most {silence.TotalSeconds:F1} s");
        }
    }

    private static string Sum(TalkRecord record, IReadOnlyList<string> lines, DateTimeOffset from, DateTimeOffset to) =>
        $"{lines.Sum(line => record.Moves(line, from, to))} moves, {record.Offences().Count} frames of a second talker";

    private void Say(FormattableString line) => output.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
