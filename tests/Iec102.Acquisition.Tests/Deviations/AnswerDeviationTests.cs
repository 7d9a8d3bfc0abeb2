using Iec102.Acquisition.Ports;
using Iec102.Protocol.Application;
using Iec102.Protocol.Time;
using NodaTime;

namespace Iec102.Acquisition.Tests.Deviations;

/// <summary>Single answers that differ from what the protocol notes lead one to expect (protocol notes 3.3, 4.2, 4.3 and 8).</summary>
public sealed class AnswerDeviationTests : DeviationBench
{
    [Fact]
    public async Task Confirmation_of_181_without_the_time_tag()
    {
        var client = Connect(new() { ConfirmsClockWithoutTime = true });
        var session = await client.LogIn();

        var set = await client.Get(Request.SetClock(1, CivilTime.ToTagB(WallClock + Duration.FromMinutes(3), Madrid)), session.Epoch);

        set.End.ShouldBe(ExchangeEnd.Completed, set.Error);
        Simulated.Counters.Snapshot().ClockWrites.Count.ShouldBe(1);
        (await client.Get(client.ReadClock, session.Epoch)).End.ShouldBe(ExchangeEnd.Completed);
    }

    [Fact]
    public async Task All_zero_tags_are_no_time_and_spoil_nothing_beside_them()
    {
        var client = Connect(new() { HasEmptyTags = true });
        var session = await client.LogIn();

        var stored = await client.Get(Request.ReadStoredTariff(1, 134, Label("2024-02-01"), Label("2024-03-01")), session.Epoch);
        var closings = await client.Get(Request.ReadIntegratedTotals(1, 21, 1, 8, Label("2024-03-25"), Label("2024-03-27")), session.Epoch);

        var periods = stored.Answers.SelectMany(Periods).ToList();
        periods.Select(period => InstantOf(period.To)).ShouldBe([null, .. Enumerable.Repeat<Instant?>(Midnight("2024-03-01"), 4)]);
        periods.ShouldAllBe(period => InstantOf(period.MaximumDemand.Time) == null);
        closings.Answers.Select(answer => InstantOf(RowOf(answer).Time)).ShouldBe(
            [null, Midnight("2024-03-25"), Midnight("2024-03-26"), Midnight("2024-03-27")]);
    }

    [Fact]
    public async Task Wrong_day_of_the_week_in_every_tag() => await ShouldReadEverything(Connect(new() { HasWrongDayOfWeek = true }));

    [Fact]
    public async Task P_N_set_in_refusals_leaves_their_cause_as_it_is()
    {
        var client = Connect(new() { RefusesNegatively = true, HasBlocks = false });
        var session = await client.LogIn();

        var refused = await client.Get(Request.ReadContractedPowers(1, 136), session.Epoch);

        (refused.End, refused.Cause, refused.IsNegative).ShouldBe((ExchangeEnd.Refused, CauseOfTransmission.RecordNotAvailable, true));
        var hours = TwoDays;
        ShouldBeTheTruth(await ReadRange(client, session.Epoch, hours), hours);
    }

    [Fact]
    public async Task P_N_set_in_the_mirror_of_a_command_is_a_refusal_and_not_its_confirmation()
    {
        var client = Connect(new() { WriteKey = 9 });
        var session = await client.LogIn();

        var set = await client.Get(Request.SetClock(1, CivilTime.ToTagB(WallClock, Madrid)), session.Epoch);

        (set.End, set.Cause, set.IsNegative).ShouldBe((ExchangeEnd.Refused, CauseOfTransmission.ActivationConfirmation, true));
        Simulated.Counters.Snapshot().ClockWrites.ShouldBeEmpty();
    }

    private static Instant Midnight(string date) => Madrid.AtStartOfDay(NodaTime.Text.LocalDatePattern.Iso.Parse(date).Value).ToInstant();

    private static TimeTagA Label(string date) => CivilTime.ToTagA(Midnight(date), Madrid);

    private static Instant? InstantOf(TimeTagA tag) => CivilTime.ToInstant(tag, Madrid, SummerTimeHabit.SuBit);

    private static TariffInformation[] Periods(byte[] answer)
    {
        Asdu.TryRead(answer, out var asdu).ShouldBeTrue();
        TariffInformation.TryReadAll(asdu, out var periods).ShouldBeTrue();
        return periods;
    }

    private static TotalsRow RowOf(byte[] answer)
    {
        Asdu.TryRead(answer, out var asdu).ShouldBeTrue();
        TotalsCodec.TryReadRow(asdu, 0, out var row).ShouldBeTrue();
        return row;
    }
}
