using System.Globalization;
using Iec102.Testing;

namespace Iec102.Faults.Tests.Sites;

/// <summary>
/// One fault, from the moment it begins: what it costs while it lasts, and what must hold after it whatever it was.
/// </summary>
internal sealed class Trial
{
    private static readonly TimeSpan CompleteTimeout = TimeSpan.FromMinutes(1);

    private readonly Site _site;
    private readonly DateTimeOffset _began = DateTimeOffset.UtcNow;
    private DateTimeOffset _over;

    private Trial(Site site) => _site = site;

    /// <summary>Puts the nodes of a site to work; the fault begins when this returns.</summary>
    public static async Task<Trial> BeginAsync(Site site)
    {
        await site.RereadAsync();
        return new Trial(site);
    }

    /// <summary>Waits until a line has been read by another node than this one; returns how long it was silent.</summary>
    public async Task<TimeSpan> MovedAsync(string line, Node from, TimeSpan timeout)
    {
        await Wait.UntilAsync(
            () => Task.FromResult(
                _site.Record.Last(line) is { } last && last.At > _began && last.From.ToString() != from.Host.Address
                    ? null
                    : $"{line} has not moved.\n{_site.Logs()}"),
            timeout);
        return _site.Record.LongestSilence(line, _began, DateTimeOffset.UtcNow);
    }

    /// <summary>The fault is over: from here on everything returns to its place.</summary>
    public void Over() => _over = DateTimeOffset.UtcNow;

    /// <summary>
    /// Waits until every line is with its preferred node and every curve is complete, and checks what must hold: never two talkers at a
    /// line, nothing lost, altered or doubled, journal and tables agree.
    /// </summary>
    /// <param name="fault">The name of the fault, for the table of results.</param>
    public async Task<Outcome> EndAsync(string fault)
    {
        await _site.SettleAsync();
        var settled = DateTimeOffset.UtcNow;
        await _site.CompleteAsync(_site.Nodes[0], CompleteTimeout);
        // That another node reaches the database again says nothing of the one that is asked now.
        await _site.CompleteAsync(_site.Nodes[^1], CompleteTimeout);
        var curves = await _site.CurvesAsync(_site.Nodes[^1]);
        curves.AreExact.ShouldBeTrue(curves.ToString());
        curves.Intervals.ShouldBeGreaterThan(0);
        await _site.VerifyAsync();
        var record = _site.Record;
        record.Offences(_began).ShouldBeEmpty();

        TimeSpan Silence(IEnumerable<string> lines) => lines.Max(line => record.LongestSilence(line, _began, settled));
        int Moves(DateTimeOffset from, DateTimeOffset to) => _site.Lines.Sum(line => record.Moves(line, from, to));
        var outcome = new Outcome(
            Silence(_site.Floating), Silence(_site.Lines.Except(_site.Floating)), Moves(_began, _over), Moves(_over, settled));
        Promise.Report("R10", fault, $"{outcome}; never two talkers; {curves}");
        return outcome;
    }

    /// <summary>What a fault cost.</summary>
    /// <param name="FloatingSilence">The longest silence of a floating line until everything was in its place again.</param>
    /// <param name="PinnedSilence">The longest silence of a pinned line.</param>
    /// <param name="Moves">How often lines passed from one node to another while the fault lasted.</param>
    /// <param name="MovesBack">How often they did afterwards.</param>
    internal sealed record Outcome(TimeSpan FloatingSilence, TimeSpan PinnedSilence, int Moves, int MovesBack)
    {
        public override string ToString() => string.Create(
            CultureInfo.InvariantCulture,
            $"floating lines silent for at most {FloatingSilence.TotalSeconds:F1} s, pinned ones for {PinnedSilence.TotalSeconds:F1} s; "
            + $"{Moves} moves, {MovesBack} back");
    }
}
