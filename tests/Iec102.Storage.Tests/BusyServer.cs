using Iec102.Acquisition.Profiles;
using Iec102.Storage.Writing;
using static Iec102.Storage.Tests.Batch;

namespace Iec102.Storage.Tests;

/// <summary>
/// Plays what a server does with its files all day: it journals answers, stores them a little later, and makes a snapshot when the writer
/// has everything.
/// </summary>
internal sealed class BusyServer(TestData data, TestJournal journal)
{
    public const int Meters = 3;

    private const int AnswerLength = 20;

    private int _rounds;

    public int Rounds => Volatile.Read(ref _rounds);

    /// <summary>How many intervals have been journaled so far.</summary>
    public long Intervals => (long)Rounds * Meters * AnswerLength;

    /// <summary>Runs on its own thread until it is stopped, and then leaves the last answers unstored, as a crash would.</summary>
    public Task RunUntil(CancellationToken stop) => Task.Factory.StartNew(
        () =>
        {
            using var writer = data.OpenWriter();
            while (!stop.IsCancellationRequested)
                Round(writer, stop);
        },
        CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private void Round(ReadingsWriter writer, CancellationToken stop)
    {
        var waiting = new List<StoreIntervals>();
        for (var meter = 0; meter < Meters; meter++)
            waiting.Add(journal.Append(Hours(1 + Rounds * AnswerLength, AnswerLength), $"m-{meter}"));
        var round = Interlocked.Increment(ref _rounds);
        if (stop.IsCancellationRequested)
            return;
        writer.Write(Of([.. waiting]));
        if (round % 5 == 0)
            waiting.ForEach(one => journal.Snapshot(one.PersistenceId));
    }
}
