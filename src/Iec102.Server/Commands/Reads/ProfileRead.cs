using Iec102.Acquisition;
using Iec102.Acquisition.Tasks;
using Iec102.Fleet;
using Iec102.Protocol.Application;
using Iec102.Server.Commands.Common;
using Iec102.Server.OneOff;
using Iec102.Storage.Exports;
using Iec102.Storage.Schema;
using NodaTime;

namespace Iec102.Server.Commands.Reads;

/// <summary>Reads a range of a load profile and writes what was read, even if it is incomplete.</summary>
/// <param name="meter">The meter.</param>
/// <param name="curve">The curve.</param>
/// <param name="record">The record that holds it.</param>
/// <param name="range">The interval ends.</param>
/// <param name="format">How to write them.</param>
internal sealed class ProfileRead(OneOffMeter meter, Curve curve, byte record, TimeRange range, OutputFormat format)
{
    private readonly RangeTask _task = new(curve, record, range, meter.Zone);

    /// <summary>Reads the range and writes what was read. Returns the exit status.</summary>
    public async Task<int> RunAsync(TextWriter output, TextWriter error, CancellationToken ct)
    {
        string? failure = null;
        await ProgressBar.RunAsync(error, $"{curve.Name()} profile", async progress =>
        {
            await using var port = new OneOffPort(meter.Line, meter.Port);
            failure = await ReadAsync(new Inquiry(new OneOffSession(port, meter, progress), meter, progress, ct));
        });
        if (failure is not null && _task.Intervals.Count == 0)
            throw new CommandFailure(CommandFailure.Failed, failure);
        await WriteAsync(output);
        if (Shortfall(failure) is not { } sentence)
            return 0;
        await error.WriteLineAsync(sentence);
        return CommandFailure.Failed;
    }

    /// <summary>Reads chunk by chunk. Returns why the reading ended early; null when it did not.</summary>
    private async Task<string?> ReadAsync(Inquiry inquiry)
    {
        if (!_task.IsOver)
            await inquiry.TryAskAsync(_task);
        return inquiry.Failure ?? (_task.Refusal is { } refusal ? ExchangeWords.Refuses(refusal, _task.Name) : null);
    }

    private Task WriteAsync(TextWriter output)
    {
        // Not stored, but shaped as if it were: read and export write the same.
        var intervals = _task.Intervals.Select(interval => new StoredInterval(
            interval.End, interval.Row, _task.PeriodMinutesAt(interval.End), 0, 0, record, TypeIdentification.IncrementalTotals,
            interval.End));
        return new ProfileOutput(new ProfileSeries(meter.Id, curve, meter.Zone, intervals)).WriteAsync(output, format);
    }

    /// <summary>What is missing, in one sentence; null when nothing is.</summary>
    private string? Shortfall(string? failure)
    {
        if (_task.Expected == 0)
            return "No interval ends in the range.";
        var missing = _task.Missing.ToList();
        if (missing.Count == 0)
            return failure;
        var between = missing.Count == 1 ? Local(missing[0]) : $"from {Local(missing[0])} to {Local(missing[^1])}";
        var why = failure is null ? "the meter did not give them." : char.ToLowerInvariant(failure[0]) + failure[1..];
        return $"{missing.Count} of {_task.Expected} intervals are missing, {between}: {why}";
    }

    private string Local(Instant end) => ValueRead.Local(end, meter.Zone);
}
