using Iec102.Protocol.Application;
using Iec102.Protocol.Link;
using Iec102.Protocol.Time;
using Iec102.Testing;
using NodaTime;

namespace Iec102.Protocol.Tests;

/// <summary>An answer that does not end is cut: it is bounded by what was asked for, and by the time that this can take.</summary>
public class SeriesSizeTests
{
    [Theory]
    [InlineData(11, 5 * 24, (120 * 12 + 24 + 2) * 8)]
    [InlineData(12, 24, (24 * 12 + 24 + 2) * 8)]
    [InlineData(21, 31 * 24, (62 + 2) * 8)]
    public void Totals_are_bounded_by_range_record_and_objects(byte record, int hours, int most)
    {
        SeriesSize.Of(Request.ReadIncrementalTotals(1, record, 1, 8, Tag(0), Tag(hours))).MostFrames.ShouldBe(most);
        SeriesSize.Of(Request.ReadIntegratedTotals(1, record, 2, 2, Tag(0), Tag(hours))).MostFrames.ShouldBe(most / 8);
        SeriesSize.Of(Request.ReadIncrementalTotalBlocks(1, record, 10, Tag(0), Tag(hours))).MostFrames.ShouldBe(most / 8);
    }

    [Fact]
    public void Time_is_bounded_by_the_usual_period()
    {
        SeriesSize.Of(Request.ReadIncrementalTotals(1, 11, 1, 8, Tag(0), Tag(120))).UsualOctets.ShouldBe((120 + 2 + 2) * 80);
        SeriesSize.Of(Request.ReadIncrementalTotals(1, 12, 1, 8, Tag(0), Tag(24))).UsualOctets.ShouldBe((24 * 4 + 8 + 2) * 80);
    }

    [Fact]
    public void A_range_that_is_no_range_is_bounded_too()
    {
        SeriesSize.Of(Request.ReadIncrementalTotals(1, 11, 1, 8, default, default)).MostFrames.ShouldBe((366 * 288 + 24 + 2) * 8);
        SeriesSize.Of(Request.ReadIncrementalTotals(1, 11, 8, 1, Tag(24), Tag(0))).MostFrames.ShouldBe((24 + 2) * 255);
    }

    [Fact]
    public void Lists_of_events_and_tariffs_are_bounded()
    {
        SeriesSize.Of(Request.ReadEventsInRange(1, 52, Tag(0), Tag(1))).MostFrames.ShouldBe(10_000);
        SeriesSize.Of(Request.ReadCurrentTariff(1, 134)).MostFrames.ShouldBe(30);
        SeriesSize.Of(Request.ReadStoredTariff(1, 134, Tag(0), Tag(30 * 24))).MostFrames.ShouldBe((30 + 2) * 10);
    }

    [Fact]
    public void One_frame_more_than_can_belong_to_it_ends_the_exchange_and_the_link()
    {
        var master = new MasterScript().LoggedIn();
        var tariff = Request.ReadCurrentTariff(1, 134);
        Begin(master, tariff);
        for (var frame = 0; frame < 30; frame++)
            master.Answer(Data(tariff, frame));
        master.Data.Count.ShouldBe(30);
        master.Master.IsBusy.ShouldBeTrue();

        master.Answer(Data(tariff, 30));

        master.Result.Outcome.ShouldBe(ExchangeOutcome.Excess);
        master.Data.Count.ShouldBe(30);
        master.Master.IsUp.ShouldBeFalse();
    }

    [Fact]
    public void Data_that_go_on_for_too_long_end_the_exchange_however_long_the_meter_took_to_begin()
    {
        var master = new MasterScript().LoggedIn();
        var tariff = Request.ReadCurrentTariff(1, 134);
        Begin(master, tariff, seriesTime: TimeSpan.FromSeconds(10));
        master.Now += TimeSpan.FromSeconds(60);
        var first = master.Now;
        for (var frame = 0; master.Master.IsBusy; frame++)
            master.Take(Data(tariff, frame), TimeSpan.FromSeconds(2));

        master.Result.Outcome.ShouldBe(ExchangeOutcome.Excess);
        (master.Now - first).ShouldBe(TimeSpan.FromSeconds(12));
        master.Data.Count.ShouldBe(5);
    }

    private static void Begin(MasterScript master, Request request, TimeSpan? seriesTime = null)
    {
        master.Begin(request, seriesTime: seriesTime);
        master.Answer(Worked.Ack, Frame([133, .. request.Asdu[1..2], 7, .. request.Asdu[3..]]));
    }

    private static string Data(Request request, int number) =>
        Frame([135, 1, 5, .. request.Asdu[3..6], (byte)number, .. new byte[65]]);

    private static string Frame(byte[] asdu)
    {
        var frame = new byte[Link.Frame.MaxLength];
        return Octets.Hex(frame.AsSpan(0, FrameWriter.WriteVariable(frame, ControlField.OfMeter(SecondaryFunction.UserData), 1, asdu)));
    }

    private static TimeTagA Tag(int hours) => new(new LocalDateTime(2024, 2, 1, 0, 0).PlusHours(hours), summerTime: false);
}
