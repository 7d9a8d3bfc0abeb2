using Iec102.Acquisition.Ports;
using Iec102.Acquisition.Tasks;
using Iec102.Protocol.Application;
using Iec102.Protocol.Time;
using NodaTime;

namespace Iec102.Server.Commands.Reads;

/// <summary>What an answer holds.</summary>
/// <param name="Value">The value.</param>
/// <param name="ReadAt">When it had arrived.</param>
internal sealed record Answer<T>(T Value, Instant ReadAt);

/// <summary>
/// What one read command asks a meter, and the account of what the meter did not give. A refusal of one thing does not keep the others from being asked; a
/// line or session that cannot be had again does, and what came before is kept.
/// </summary>
/// <param name="session">The session.</param>
/// <param name="meter">The meter.</param>
/// <param name="progress">Is told how far it is.</param>
/// <param name="ct">Stops it; what came before is kept.</param>
internal sealed class Inquiry(OneOffSession session, OneOffMeter meter, WorkProgress progress, CancellationToken ct)
{
    private readonly List<(string What, string Why)> _refused = [];

    /// <summary>The meter.</summary>
    public OneOffMeter Meter { get; } = meter;

    /// <summary>Is told how far it is.</summary>
    public WorkProgress Progress { get; } = progress;

    /// <summary>Something was answered.</summary>
    public bool HasAnswers { get; private set; }

    /// <summary>Why nothing more can be asked, as one sentence; null as long as something can.</summary>
    public string? Failure { get; private set; }

    /// <summary>What a series left out although it was not refused, without a full stop; null when nothing.</summary>
    public string? Gap { get; set; }

    /// <summary>What is missing and why, in one sentence; null when nothing is.</summary>
    public string? Shortfall
    {
        get
        {
            var refusals = _refused.GroupBy(refusal => refusal.Why).Select(same => $"{string.Join(", ", same.Select(refusal => refusal.What))} ({same.Key})");
            string?[] parts = [Gap, _refused.Count > 0 ? $"The meter refuses to give {string.Join(" and ", refusals)}" : null, Failure?.TrimEnd('.')];
            var said = parts.OfType<string>().ToList();
            return said.Count == 0 ? null : $"{string.Join("; ", said.Select((part, at) => at == 0 ? part : Lowered(part)))}.";
        }
    }

    /// <summary>
    /// Runs what a command reads in one session and writes what came; answers the exit status. A refusal beside answers is told, and no failure.
    /// </summary>
    /// <param name="meter">The meter.</param>
    /// <param name="title">What is read, for the progress bar.</param>
    /// <param name="format">How to write it.</param>
    /// <param name="read">Reads it; null when there is nothing to write.</param>
    /// <param name="output">Where it goes.</param>
    /// <param name="error">Where the account goes.</param>
    /// <param name="ct">Stops it.</param>
    /// <exception cref="CommandFailure">Nothing could be read.</exception>
    public static async Task<int> RunAsync(
        OneOffMeter meter, string title, OutputFormat format, Func<Inquiry, Task<IReadOutput?>> read, TextWriter output, TextWriter error, CancellationToken ct)
    {
        Inquiry? inquiry = null;
        IReadOutput? result = null;
        await ProgressBar.RunAsync(error, title, async progress =>
        {
            await using var port = new OneOffPort(meter.Line, meter.Port);
            inquiry = new Inquiry(await OneOffSession.OpenAsync(port, meter, progress.Say, ct), meter, progress, ct);
            result = await read(inquiry);
        });
        if (result is null || !inquiry!.HasAnswers)
            throw new CommandFailure(CommandFailure.Failed, inquiry!.Shortfall ?? "The meter gave nothing.");
        await result.WriteAsync(output, format);
        if (inquiry.Shortfall is { } shortfall)
            await error.WriteLineAsync(shortfall);
        return inquiry.Failure is null ? 0 : CommandFailure.Failed;
    }

    /// <summary>Asks one thing; null when nothing more can be asked.</summary>
    /// <param name="request">The request.</param>
    /// <param name="what">The same in words, such as "the events of record 52".</param>
    public async Task<ExchangeEnded?> AskAsync(Request request, string what)
    {
        if (await TryAskAsync(request, what) is not { } ended)
            return null;
        if (ended.End == ExchangeEnd.Refused)
            Refused(ended, what);
        return ended;
    }

    /// <summary>The same, of something that the meter may refuse without being asked for an account.</summary>
    public async Task<ExchangeEnded?> TryAskAsync(Request request, string what)
    {
        if (Failure is not null)
            return null;
        try
        {
            var ended = await session.AskAgainAsync(request, ct);
            HasAnswers |= ended.IsCompleted || ended.Answers.Count > 0;
            if (ended.End is not (ExchangeEnd.Completed or ExchangeEnd.Refused))
                Failure = OneOffSession.Explain(ended, what);
            return ended;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            Failure = "The reading was stopped.";
            return null;
        }
    }

    /// <summary>Takes a refusal into the account.</summary>
    public void Refused(ExchangeEnded ended, string what) => _refused.Add((what, OneOffSession.RefusalInWords(ended)));

    /// <summary>Asks what one answer holds; null when the meter does not give it.</summary>
    public async Task<Answer<T>?> ReadAsync<T>(Request request, string what, OneOffSession.AnswerReading<T> read)
    {
        if (await AskAsync(request, what) is not { } ended)
            return null;
        if (OneOffSession.TryRead(ended, read, out var value))
            return new Answer<T>(value, ended.EndedAt);
        if (ended.IsCompleted)
            _refused.Add((what, "its answer holds something else"));
        return null;
    }

    /// <summary>The clock, and from it how the meter labels summer time; a meter that does not give it is taken to label as the profile asks for.</summary>
    public async Task<(ClockReading? Clock, SummerTimeHabit Habit)> ReadClockAsync()
    {
        var answered = HasAnswers;
        var ended = await TryAskAsync(Request.ReadCurrentTime(Meter.PointAddress), "its clock");
        // What the command was asked for is something else.
        HasAnswers = answered;
        return ended is null ? (null, Meter.Habit ?? SummerTimeHabit.SuBit) : ValueRead.ClockOf(ended, Meter);
    }

    private static string Lowered(string sentence) => char.ToLowerInvariant(sentence[0]) + sentence[1..];
}
