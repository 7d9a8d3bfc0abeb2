using Iec102.Acquisition;
using Iec102.Fleet;
using Iec102.Storage;
using Iec102.Storage.Databases;
using Iec102.Storage.Reading;
using NodaTime;

namespace Iec102.Server.Tests.Hosting;

/// <summary>A thousand meters of which nothing has been read yet begin at the same time.</summary>
public sealed class ThousandMetersTests : IDisposable
{
    private const int Meters = 1000;

    private static readonly Instant Now = Instant.FromUtc(2026, 6, 1, 10, 30);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("iec102-thousand-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task The_first_chunk_of_every_curve_is_stored_and_nothing_is_complained_of()
    {
        var data = DataDirectory.Create(_folder.FullName);
        await using var room = await ProfileRoom.StartAsync(data, Now);

        var recorded = await Task.WhenAll(Enumerable.Range(0, Meters).Select(index =>
            new ProfileClient(
                room.Profile(ProfileClient.Settings($"m-{index}", Duration.FromDays(20))), 1000u + (uint)index,
                chunkOctets: 28_800).ReadChunkAsync(Now)));

        recorded.ShouldAllBe(intervals => intervals == 24);
        room.Complaints.ShouldBeEmpty();
        // Acknowledged intervals are in the journal; the tables get them a little later.
        var store = new ReadingsStore(new SqliteDatabase(data));
        await EndToEnd.Site.UntilAsync(
            () => Task.FromResult(store.Curves().Count == Meters), TimeSpan.FromMinutes(1),
            () => $"Only {store.Curves().Count} curves are in the tables.");
        var range = new TimeRange(Now - Duration.FromDays(20), Now);
        Enumerable.Range(0, Meters).ShouldAllBe(index => store.Count($"m-{index}", Curve.Hourly, range) == 24);
    }
}
