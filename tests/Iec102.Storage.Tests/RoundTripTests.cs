using Iec102.Acquisition.Fleets;
using Iec102.Acquisition.Meters;
using Iec102.Acquisition.Profiles;
using Iec102.Fleet;
using Iec102.Protocol.Application;
using Iec102.Storage.Databases;
using Iec102.Storage.Writing;
using Iec102.Testing;
using static Iec102.Storage.Tests.Batch;
using static Iec102.Storage.Tests.Facts;

namespace Iec102.Storage.Tests;

/// <summary>A substation is 30 to 50 ms away from its database: what a batch costs there is the number of its round trips.</summary>
public sealed class RoundTripTests : IDisposable
{
    private readonly CountingProxy _proxy;
    private readonly PostgresDatabase _database;

    public RoundTripTests()
    {
        var server = PostgresServer.Shared.GetAwaiter().GetResult();
        _proxy = new CountingProxy(server.Port);
        var connection = Task.Run(server.NewDatabaseAsync).GetAwaiter().GetResult();
        _database = new PostgresDatabase(new SecretText($"{connection};Port={_proxy.Port};SSL Mode=Disable;GSS Encryption Mode=Disable"));
        _database.Migrate();
    }

    public void Dispose()
    {
        _database.Dispose();
        _proxy.Dispose();
    }

    [Theory]
    [InlineData(20)]
    [InlineData(200)]
    public void Intervals_take_three_round_trips_however_many_curves_there_are_and_one_more_for_new_meters(int curves)
    {
        using var writer = new ReadingsWriter(_database);

        Write(1).ShouldBe(4);
        Write(2).ShouldBe(3);
        Write(3).ShouldBe(3);

        int Write(int sequenceNr)
        {
            // Half of each answer was read before.
            var messages = Enumerable.Range(0, curves).Select(i => Store(sequenceNr, Hours(12 * sequenceNr, 24), $"m-{i}"));
            return _proxy.Of(() => writer.Write(Of([.. messages])).Progress.Count.ShouldBe(curves));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(40)]
    public void A_batch_of_everything_takes_six_round_trips_however_many_meters_there_are(int meters)
    {
        using var writer = new ReadingsWriter(_database);
        writer.Write(Everything(meters, 0));

        _proxy.Of(() => writer.Write(Everything(meters, 24))).ShouldBe(6);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(40)]
    public void What_curves_and_meters_ask_at_the_start_takes_six_round_trips_however_many_they_are(int meters)
    {
        using var writer = new ReadingsWriter(_database);
        writer.Write(Everything(meters, 0));
        var questions = Of(queue =>
        {
            foreach (var meter in Names(meters))
            {
                queue.Add(new GetIdentity(meter));
                queue.Add(new CompareCurve($"profile-{meter}-hourly", 1, 0, meter, Curve.Hourly, [(1, Hour(5)), (1, Hour(6))]));
            }
        });

        _proxy.Of(() => writer.Write(questions).Answers.Values.OfType<StoredCurve>().ShouldAllBe(one => one.Contents == null)).ShouldBe(6);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public void Old_rows_of_five_meters_are_deleted_in_the_round_trips_of_one(int meters)
    {
        using var writer = new ReadingsWriter(_database);
        writer.Write(Everything(meters, 0));
        var kept = TimeSpan.FromHours(1);

        _proxy.Of(() => writer.Sweep(new RetentionConfiguration { Events = kept, Profiles = kept, CurrentHistory = kept }, Hour(1000))
            .ShouldBeFalse()).ShouldBe(12);
    }

    private static IEnumerable<string> Names(int meters) => Enumerable.Range(0, meters).Select(i => $"m-{i}");

    private static WriteBatch Everything(int meters, int hour) => Of(queue =>
    {
        foreach (var meter in Names(meters))
        {
            queue.Add(Store(1 + hour, Hours(1 + hour, 24), meter));
            queue.Add(new StoreMeterZone(meter, "Europe/Madrid"));
            queue.Add(new StoreIdentity(meter, new DeviceIdentification(2005, 11, 7, Serial), Hour(hour)));
            queue.Add(new StoreCurrentValues(meter, [Value("voltage.l1", 230, Hour(hour)), Value("voltage.l2", 231, Hour(hour))], true));
            queue.Add(Events(hour, Told(Event(1, 2, Hour(hour))), Told(Event(3, 2, Hour(hour)))) with { Meter = meter });
            queue.Add(Closings(hour, derived: false, Closing(1, 100), Closing(2, 110 + (uint)hour)) with { Meter = meter });
            queue.Add(Tariff(closed: true, hour, Period(20, Hour(0), Hour(hour), 100)) with { Meter = meter });
            queue.Add(Powers(hour, 50) with { Meter = meter });
            queue.Add(Further(hour, new FurtherConfiguration { BatteryPercent = 90 }) with { Meter = meter });
        }
    });
}
