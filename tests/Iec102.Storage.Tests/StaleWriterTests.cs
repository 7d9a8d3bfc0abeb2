using Iec102.Acquisition.Meters;
using Iec102.Fleet;
using Iec102.Protocol.Application;
using Iec102.Storage.Writing;
using static Iec102.Storage.Tests.Batch;
using static Iec102.Storage.Tests.Facts;

namespace Iec102.Storage.Tests;

/// <summary>
/// A server that was stopped for a while writes what it had been waiting to write when another one has long taken over its meters.
/// </summary>
public sealed class StaleWriterTests : IDisposable
{
    private readonly PostgresData _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public void What_is_older_than_what_is_stored_takes_nothing_away()
    {
        var (newer, older) = (BatchAt(2, 20), BatchAt(1, 10));
        _data.Write(newer);

        _data.Write(older);

        _data.Store.CurrentValues()["m-1"].ShouldBe([Value("voltage.l1", 20, Hour(2))]);
        _data.Store.Meter("m-1")!.Identification!.Value.SerialNumber.ShouldBe(20u);
        _data.Store.CurrentTariff("m-1", 134).ShouldHaveSingleItem().Period.Information.Active.Absolute.ShouldBe(20u);
        _data.Store.ClosedTariff("m-1", 134, Ever).ShouldHaveSingleItem().Period.Information.Active.Absolute.ShouldBe(20u);
        _data.Store.CurrentHistory("m-1", "voltage.l1", Ever).Select(one => one.Value).ShouldBe([10.0, 20.0]);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(0)]
    public async Task Two_writers_with_the_same_things_to_store_at_once_store_each_once_and_neither_fails(int intervals)
    {
        const int meters = 20, rounds = 25;

        await Task.WhenAll(Writer(meter => meter), Writer(meter => meters - 1 - meter));

        _data.Store.Meters().Count.ShouldBe(meters);
        for (var meter = 0; meter < meters; meter++)
        {
            _data.Store.Intervals($"m-{meter}", Curve.Hourly, Ever, allRevisions: true)
                .Select(one => (one.End, one.Revision)).ShouldBe(Enumerable.Range(1, intervals * rounds).Select(hour => (Hour(hour), 0)));
            _data.Store.CurrentHistory($"m-{meter}", "a", Ever).Count().ShouldBe(rounds);
        }

        // Each has everything to write that can be written, in an order of its own.
        Task Writer(Func<int, int> order) => Task.Run(() =>
        {
            using var writer = _data.OpenWriter();
            for (var round = 0; round < rounds; round++)
            {
                var number = round;
                writer.Write(Of(queue =>
                {
                    foreach (var meter in Enumerable.Range(0, meters).OrderBy(order))
                    {
                        if (intervals > 0)
                            queue.Add(Store(1 + number, Hours(1 + intervals * number, intervals), $"m-{meter}"));
                        queue.Add(new StoreCurrentValues($"m-{meter}", [Value("b", 1, Hour(number)), Value("a", 1, Hour(number))], true));
                        queue.Add(new StoreIdentity($"m-{meter}", new DeviceIdentification(2005, 11, 7, 1), Hour(number)));
                        queue.Add(Events(number, Told(Event(1, 2, Hour(number)))) with { Meter = $"m-{meter}" });
                        queue.Add(Powers(number, (uint)number) with { Meter = $"m-{meter}" });
                    }
                }));
            }
        });
    }

    private static WriteBatch BatchAt(int hour, uint value) => Of(queue =>
    {
        queue.Add(new StoreCurrentValues("m-1", [Value("voltage.l1", value, Hour(hour))], KeepHistory: true));
        queue.Add(new StoreIdentity("m-1", new DeviceIdentification(2005, 11, 7, value), Hour(hour)));
        queue.Add(Tariff(closed: false, hour, Period(20, Hour(0), Hour(5), value)));
        queue.Add(Tariff(closed: true, hour, Period(20, Hour(0), Hour(5), value)));
    });
}
