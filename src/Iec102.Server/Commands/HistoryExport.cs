using Iec102.Acquisition;
using Iec102.Server.Commands.Common;
using Iec102.Server.Contract;
using Iec102.Storage.Reading;
using NodaTime;

namespace Iec102.Server.Commands;

/// <summary>The current values that were kept as history, in the shapes of the REST API.</summary>
/// <param name="Store">Where from.</param>
/// <param name="Meters">Which meters, and what of each.</param>
/// <param name="Format">CSV or JSON.</param>
/// <param name="AsList">As a list even of one meter; matters for JSON only.</param>
internal sealed record HistoryExport(
    ReadingsStore Store, IReadOnlyList<(StoredMeter Meter, HistoryQuery Query)> Meters, OutputFormat Format, bool AsList) : IExport
{
    /// <summary>The name that --what has for it.</summary>
    public const string What = "current";

    public string Title => "current values";

    /// <summary>What is wanted of a meter.</summary>
    /// <exception cref="CommandFailure">There is no such signal or step.</exception>
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
