using Iec102.Acquisition;
using Iec102.Contract;
using Iec102.Server.Commands.Common;
using Iec102.Storage.Reading;
using NodaTime;

namespace Iec102.Server.Commands;

/// <summary>The current values that were kept as history, in the same form as in the REST API.</summary>
/// <param name="Store">The store to read from.</param>
/// <param name="Meters">The meters, each with what is wanted of it.</param>
/// <param name="Format">CSV or JSON.</param>
/// <param name="AsList">Whether to write a list even for a single meter; matters only for JSON.</param>
internal sealed record HistoryExport(
    ReadingsStore Store, IReadOnlyList<(StoredMeter Meter, HistoryQuery Query)> Meters, OutputFormat Format, bool AsList) : IExport
{
    /// <summary>The value of --what for this export.</summary>
    public const string What = "current";

    public string Title => "current values";

    /// <summary>The query that the options describe.</summary>
    /// <exception cref="CommandFailure">The signal or the step is not valid.</exception>
    public static HistoryQuery QueryOf(TimeRange range, string? signal, string? step) =>
        HistoryQuery.TryRead(range, signal, step, SystemClock.Instance.GetCurrentInstant(), out var query, out var problem)
        ? query
        : throw new CommandFailure(CommandFailure.WrongUsage, problem);

    public async Task WriteAsync(Stream output, Action<double>? done, CancellationToken ct)
    {
        var count = 0;
        var histories = Meters.Select(one =>
        {
            done?.Invoke((double)count++ / Meters.Count);
            return CurrentHistoryModel.Of(Store, one.Meter.Id, one.Query, one.Meter.Zone);
        });
        if (Format == OutputFormat.Csv)
            await HistoryWriter.WriteCsvAsync(output, histories, ct);
        else if (AsList)
            await HistoryWriter.WriteJsonAsync(output, histories, ct);
        else
            await HistoryWriter.WriteJsonAsync(output, histories.Single(), ct);
    }
}
