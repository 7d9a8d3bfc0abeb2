using Iec102.Acquisition.Meters;
using Iec102.Acquisition.Ports;
using Iec102.Acquisition.Tasks;
using Iec102.Server.Commands.Common;
using Iec102.Server.OneOff;

namespace Iec102.Server.Commands.Reads;

/// <summary>
/// Asks a meter for everything that one read command wants, and notes what the meter did not give. After a refusal the other things are
/// still asked for. After a line or session is lost for good nothing more is asked, and what was read before is kept.
/// </summary>
/// <param name="session">The session.</param>
/// <param name="meter">The meter.</param>
/// <param name="progress">Shows the progress of the reading.</param>
/// <param name="ct">Stops the reading; what was read before is kept.</param>
internal sealed class Inquiry(OneOffSession session, OneOffMeter meter, WorkProgress progress, CancellationToken ct)
{
    private readonly List<(string What, string Why)> _refused = [];
    private readonly List<string> _unread = [];

    /// <summary>The meter.</summary>
    public OneOffMeter Meter { get; } = meter;

    /// <summary>The session with the meter.</summary>
    public OneOffSession Session { get; } = session;

    /// <summary>Shows the progress of the reading.</summary>
    public WorkProgress Progress { get; } = progress;

    /// <summary>Why nothing more can be asked, as one sentence; null as long as something can.</summary>
    public string? Failure { get; private set; }

    /// <summary>
    /// A sentence, without its full stop, about what is missing from a series that was not refused; null when nothing is.
    /// </summary>
    public string? Gap { get; set; }

    /// <summary>What is missing and why, in one sentence; null when nothing is.</summary>
    public string? Shortfall
    {
        get
        {
            var refusals = _refused.GroupBy(refusal => refusal.Why)
                .Select(same => $"{string.Join(", ", same.Select(refusal => refusal.What))} ({same.Key})");
            var refused = _refused.Count > 0 ? $"The meter refuses to give {string.Join(" and ", refusals)}" : null;
            // A gap names what is missing more exactly; without any answer everything is.
            var failure = Failure is null || Gap is not null || _unread.Count == 0 || !Session.HasAnswers
                ? Failure?.TrimEnd('.')
                : $"{Capital(Listed(_unread))} could not be read: {Lowered(Failure.TrimEnd('.'))}";
            var said = ((string?[])[Gap, refused, failure]).OfType<string>().ToList();
            return said.Count == 0 ? null : $"{string.Join("; ", said.Select((part, at) => at == 0 ? part : Lowered(part)))}.";
        }
    }

    /// <summary>
    /// Reads what a command asks for in one session and writes what was read. Returns the exit status; a refusal alongside answers is
    /// reported, but is not a failure.
    /// </summary>
    /// <param name="meter">The meter.</param>
    /// <param name="title">What is read, for the progress bar.</param>
    /// <param name="format">How to write it.</param>
    /// <param name="read">Reads it; null when there is nothing to write.</param>
    /// <param name="output">Where it goes.</param>
    /// <param name="error">Where the sentence about what is missing goes.</param>
    /// <param name="ct">Stops the reading.</param>
    /// <exception cref="CommandFailure">Nothing could be read.</exception>
    public static async Task<int> RunAsync(
        OneOffMeter meter, string title, OutputFormat format, Func<Inquiry, Task<IReadOutput?>> read, TextWriter output, TextWriter error,
        CancellationToken ct)
    {
        Inquiry? inquiry = null;
        IReadOutput? result = null;
        await ProgressBar.RunAsync(error, title, async progress =>
        {
            await using var port = new OneOffPort(meter.Line, meter.Port);
            inquiry = new Inquiry(new OneOffSession(port, meter, progress), meter, progress, ct);
            result = await read(inquiry);
        });
        if (result is null || !inquiry!.Session.HasAnswers)
            throw new CommandFailure(CommandFailure.Failed, inquiry!.Shortfall ?? "The meter gave no data.");
        await result.WriteAsync(output, format);
        if (inquiry.Shortfall is { } shortfall)
            await error.WriteLineAsync(shortfall);
        else if (result is ReadResult { Csv.Lines.Count: 0 })
            await error.WriteLineAsync("The meter has nothing to give for this.");
        // A profile with gaps has failed; of closings, the meter may not have kept the oldest.
        var isEnough = inquiry.Gap is null || result is ReadResult { Csv.Lines.Count: > 0 };
        return inquiry.Failure is null && isEnough ? 0 : CommandFailure.Failed;
    }

    /// <summary>Asks for several things, one after another.</summary>
    public async Task AskAllAsync(IReadOnlyList<FactTask> tasks)
    {
        for (var i = 0; i < tasks.Count; i++)
        {
            Progress.Report((double)i / tasks.Count);
            await AskAsync(tasks[i]);
        }
    }

    /// <summary>Asks for one thing and notes a refusal; null when the meter could not be asked.</summary>
    public async Task<ReadNowAnswer?> AskAsync(MeterTask task)
    {
        var answer = await TryAskAsync(task);
        if (answer is null)
        {
            _unread.Add(task.Name);
            return null;
        }

        if (task is FactTask fact)
            TakeRefusal(fact.Name, fact.Refusal);
        else if (answer is ReadNowAnswer.Refused && Session.Refusal is { } refusal)
            TakeRefusal(task.Name, refusal);
        else if (answer is ReadNowAnswer.Refused(var why))
            _refused.Add((task.Name, why?.TrimEnd('.') ?? "its answer contains something else"));
        return answer;
    }

    /// <summary>Asks for one thing without noting a refusal; null when the meter could not be asked.</summary>
    public async Task<ReadNowAnswer?> TryAskAsync(MeterTask task)
    {
        if (Failure is not null)
            return null;
        try
        {
            var answer = await Session.RunAsync(task, ct);
            Failure = Session.Failure;
            return answer;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            Failure = "The reading was stopped.";
            return null;
        }
    }

    private void TakeRefusal(string what, ExchangeEnded? refusal)
    {
        if (refusal is not null)
            _refused.Add((what, ExchangeWords.Cause(refusal)));
    }

    /// <summary>Such as <c>the events of record 54, 55</c>: names that differ only in their last word share the rest.</summary>
    private static string Listed(IEnumerable<string> names) => string.Join(
        ", ",
        names.GroupBy(name => name[..(name.LastIndexOf(' ') + 1)])
            .Select(alike => alike.Key + string.Join(", ", alike.Select(name => name[alike.Key.Length..]))));

    private static string Capital(string sentence) => char.ToUpperInvariant(sentence[0]) + sentence[1..];

    private static string Lowered(string sentence) => char.ToLowerInvariant(sentence[0]) + sentence[1..];
}
