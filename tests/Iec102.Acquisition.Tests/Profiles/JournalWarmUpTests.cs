using Iec102.Acquisition.Profiles;

namespace Iec102.Acquisition.Tests.Profiles;

/// <summary>A journal that fails or stalls while it is warmed up is reported, and holds nothing up.</summary>
public sealed class JournalWarmUpTests : ProfileBench
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task A_journal_and_a_snapshot_store_that_work_are_warmed_without_a_word() =>
        await EventFilter.Warning().ExpectAsync(0, () => JournalWarmUp.RunAsync(Sys, Long));

    [Theory]
    [InlineData(StoreMode.Fail, StoreMode.Work)]
    [InlineData(StoreMode.Reject, StoreMode.Work)]
    [InlineData(StoreMode.Work, StoreMode.Fail)]
    public async Task One_that_fails_is_left_at_once(StoreMode journal, StoreMode snapshots)
    {
        SetJournal(journal);
        SetSnapshots(snapshots);

        await EventFilter.Warning(start: "The journal failed when it was tested").ExpectOneAsync(() => JournalWarmUp.RunAsync(Sys, Long));
    }

    [Fact]
    public async Task One_that_stalls_is_left_after_the_limit()
    {
        SetJournal(StoreMode.Wait);

        await EventFilter.Warning(start: "The journal has not answered within 0.05 s").ExpectOneAsync(
            () => JournalWarmUp.RunAsync(Sys, Short));
    }
}
