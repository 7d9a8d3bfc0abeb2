using Iec102.Acquisition;
using Iec102.Acquisition.Ports;
using Iec102.Acquisition.Profiles;
using Iec102.Fleet;
using Iec102.Protocol.Application;
using Iec102.Storage.Exports;
using Iec102.Storage.Schema;
using NodaTime;

namespace Iec102.Server.Commands.Reads;

/// <summary>Reads a range of a load profile and writes what came, whole or not.</summary>
/// <param name="meter">The meter.</param>
/// <param name="curve">The curve.</param>
/// <param name="record">The record that holds it.</param>
/// <param name="range">The interval ends.</param>
/// <param name="format">How to write them.</param>
internal sealed class ProfileRead(OneOffMeter meter, Curve curve, byte record, TimeRange range, OutputFormat format)
{
    /// <summary>Reads and writes; answers the exit status.</summary>
    public async Task<int> RunAsync(TextWriter output, TextWriter error, CancellationToken ct)
    {
        RangeReader? reader = null;
        string? failure = null;
        await ProgressBar.RunAsync(error, $"{curve.Name()} profile", async progress =>
        {
            await using var port = new OneOffPort(meter.Line, meter.Port);
            var session = await OneOffSession.OpenAsync(port, meter, progress.Say, ct);
            var (_, habit) = await new Inquiry(session, meter, progress, ct).ReadClockAsync();
            reader = new RangeReader(curve, record, meter.PointAddress, range, meter.Zone, habit);
            failure = await ReadAsync(session, reader, progress, ct);
        });
        if (failure is not null && reader!.Intervals.Count == 0)
            throw new CommandFailure(CommandFailure.Failed, failure);
        await WriteAsync(reader!, output);
        if (Shortfall(reader!, failure) is not { } sentence)
            return 0;
        await error.WriteLineAsync(sentence);
        return CommandFailure.Failed;
    }

    /// <summary>Reads chunk by chunk; answers why it ended before its time, or null.</summary>
    private async Task<string?> ReadAsync(OneOffSession session, RangeReader reader, WorkProgress progress, CancellationToken ct)
    {
        try
        {
            while (reader.Next() is { } chunk)
            {
                var before = reader.Intervals.Count;
                var ended = await session.AskAsync(chunk.Request, ct);
                reader.Take(chunk, ended);
                progress.Report((double)reader.Passed / reader.Expected);
                var hasProgressed = reader.Intervals.Count > before || ended.End is ExchangeEnd.Completed or ExchangeEnd.Refused;
                if (await session.ContinueAsync(ended, hasProgressed, ct) is { } error)
                    return error;
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return "The reading was stopped.";
        }

        return reader.Refusal is { } refusal ? OneOffSession.Explain(refusal, $"its {curve.Name()} profile, record {record}") : null;
    }

    private Task WriteAsync(RangeReader reader, TextWriter output)
    {
        // Not stored, but shaped as if it were: read and export write the same.
        var intervals = reader.Intervals.Select(interval => new StoredInterval(
            interval.End, interval.Row, reader.PeriodMinutesAt(interval.End), 0, 0, record, TypeIdentification.IncrementalTotals, interval.End));
        return new ProfileOutput(new ProfileSeries(meter.Meter, curve, meter.Zone, intervals)).WriteAsync(output, format);
    }

    /// <summary>What is missing, in one sentence; null when all is there.</summary>
    private string? Shortfall(RangeReader reader, string? failure)
    {
        var missing = reader.Missing.ToList();
        if (missing.Count == 0)
            return failure;
        var between = missing.Count == 1 ? Local(missing[0]) : $"from {Local(missing[0])} to {Local(missing[^1])}";
        var why = failure is null ? "the meter did not give them." : char.ToLowerInvariant(failure[0]) + failure[1..];
        return $"{missing.Count} of {reader.Expected} intervals are missing, {between}: {why}";
    }

    private string Local(Instant end) => ValueRead.Local(end, meter.Zone);
}
