using Iec102.Protocol.Application;
using Iec102.Protocol.Link;
using Iec102.Protocol.Time;
using Iec102.Testing;
using NodaTime;

namespace Iec102.Protocol.Tests;

/// <summary>The requests in the protocol notes are made from values and read back.</summary>
public class WorkedRequestTests
{
    private static readonly TimeTagA From = new(new LocalDateTime(2024, 7, 15, 0, 1), summerTime: true);
    private static readonly TimeTagA To = new(new LocalDateTime(2024, 7, 15, 2, 0), summerTime: true);

    private static readonly TimeTagA July = new(new LocalDateTime(2024, 7, 1, 0, 0), summerTime: true);
    private static readonly TimeTagA August = new(new LocalDateTime(2024, 8, 1, 0, 0), summerTime: true);

    public static readonly TheoryData<string, Func<Request>> Requests = new()
    {
        { Worked.Login, () => Request.Login(1, 1) },
        { Worked.ReadClock, () => Request.ReadCurrentTime(1) },
        { Worked.ReadIncrements, () => Request.ReadIncrementalTotals(1, RecordAddress.LoadCurve1, 1, 8, From, To) },
        { Worked.ReadBlocks, () => Request.ReadIncrementalTotalBlocks(1, RecordAddress.LoadCurve1, ObjectAddress.BlockOf6, From, To) },
        { Worked.EndSession, () => Request.EndSession(1) },
        { Worked.SetClock, () => Request.SetClock(1, new TimeTagB(new LocalDateTime(2024, 3, 27, 10, 15, 30, 250), summerTime: false)) },
        { Worked.ReadIdentification, () => Request.ReadDeviceIdentification(1) },
        { Worked.ReadInstantaneous, () => Request.ReadInstantaneousValues(1, [192, 193, 194]) },
        { Worked.ReadInstantaneousTotals, () => Request.ReadInstantaneousValues(1, [192]) },
        { Worked.ReadEvents, () => Request.ReadEventsInRange(1, RecordAddress.StartEvents, July, August) },
        { Worked.ReadCurrentTariff, () => Request.ReadCurrentTariff(1, RecordAddress.Contract1) },
        { Worked.ReadStoredTariff, () => Request.ReadStoredTariff(1, RecordAddress.Contract1, July, August) },
        { Worked.ReadFurtherConfiguration, () => Request.ReadFurtherConfiguration(1, [195, 196]) },
        { Worked.ReadContractObject, () => Request.ReadContractObjects(1, RecordAddress.Contract1, [197]) },
    };

    [Theory]
    [MemberData(nameof(Requests))]
    public void A_request_made_from_values_has_the_worked_octets(string worked, Func<Request> make)
    {
        var frame = new byte[Frame.MaxLength];
        var count = Octets.Of(worked)[4] == 0x73;
        var length = FrameWriter.WriteVariable(frame, ControlField.OfMaster(PrimaryFunction.UserData, count), 1, make().Asdu);
        Octets.Hex(frame.AsSpan(0, length)).ShouldBe(worked);
    }

    [Theory]
    [MemberData(nameof(Requests))]
    public void A_request_given_as_octets_is_the_same_request(string worked, Func<Request> make)
    {
        var request = Request.FromAsdu(Octets.Frame(worked).Asdu).ShouldNotBeNull();
        request.Asdu.ToArray().ShouldBe(make().Asdu.ToArray());
        request.Pattern.ShouldBe(make().Pattern);
        request.AnswerType.ShouldBe(make().AnswerType);
        request.Header.ShouldBe(make().Header);
    }

    [Fact]
    public void Absolute_totals_are_asked_for_in_the_same_layout()
    {
        var totals = Request.ReadIntegratedTotals(1, RecordAddress.DailyTotals1, 1, 6, From, To);
        Octets.Hex(totals.Asdu).ShouldBe("7a 01 06 01 00 15 01 06 01 80 2f 07 18 00 82 2f 07 18");
        totals.AnswerType.ShouldBe(TypeIdentification.IntegratedTotals);
        var blocks = Request.ReadIntegratedTotalBlocks(1, RecordAddress.DailyTotals1, ObjectAddress.BlockOf8, From, To);
        Octets.Hex(blocks.Asdu).ShouldBe("bd 01 06 01 00 15 09 01 80 2f 07 18 00 82 2f 07 18");
        blocks.AnswerType.ShouldBe(TypeIdentification.IntegratedTotalBlocks);
    }

    [Fact]
    public void Configuration_and_contracts_are_asked_for_without_data()
    {
        Octets.Hex(Request.ReadConfiguration(1).Asdu).ShouldBe("8d 00 05 01 00 00");
        Octets.Hex(Request.ReadContractedPowers(1, 135).Asdu).ShouldBe("90 00 05 01 00 87");
        Octets.Hex(Request.ReadHolidays(1, 136).Asdu).ShouldBe("93 00 05 01 00 88");
        Octets.Hex(Request.ReadPointParameters(1).Asdu).ShouldBe("b6 00 05 01 00 00");
        Octets.Hex(Request.ReadClockChangeDates(1).Asdu).ShouldBe("b9 00 05 01 00 00");
    }

    [Theory]
    [InlineData(Worked.ReadEvents)]
    [InlineData(Worked.EventsConfirmed)]
    [InlineData(Worked.EventsEnded)]
    [InlineData(Worked.ReadStoredTariff)]
    [InlineData(Worked.StoredTariffConfirmed)]
    [InlineData(Worked.StoredTariffEnded)]
    public void A_slave_reads_the_range_of_a_request_and_a_master_that_of_its_mirror(string worked)
    {
        TimeRangeRequest.TryRead(Octets.AsduOf(worked), out var range).ShouldBeTrue();
        range.ShouldBe(new TimeRangeRequest(July, August));
    }

    [Fact]
    public void Addresses_above_255_are_sent_low_octet_first() =>
        Octets.Hex(Request.Login(0x1234, 12345678).Asdu).ShouldBe("b7 01 06 34 12 00 4e 61 bc 00");

    [Fact]
    public void A_slave_reads_what_is_asked_in_totals_requests()
    {
        TotalsRequest.TryRead(Octets.AsduOf(Worked.ReadIncrements), out var totals).ShouldBeTrue();
        totals.ShouldBe(new TotalsRequest(1, 8, 0, From, To));
        TotalsRequest.TryRead(Octets.AsduOf(Worked.ReadBlocks), out var blocks).ShouldBeTrue();
        blocks.ShouldBe(new TotalsRequest(0, 0, 10, From, To));
    }

    [Fact]
    public void A_slave_reads_the_key_and_the_new_time()
    {
        AccessKey.TryRead(Octets.AsduOf(Worked.Login), out var key).ShouldBeTrue();
        key.ShouldBe(1u);
        AccessKey.TryRead(Octets.Asdu(Request.Login(1, 3735928559).Asdu), out key).ShouldBeTrue();
        key.ShouldBe(3735928559u);
        MeterClock.TryRead(Octets.AsduOf(Worked.SetClock), out var clock).ShouldBeTrue();
        clock.Time.ToString().ShouldBe("2024-03-27 10:15:30.250 W");
    }

    [Theory]
    [InlineData("7b 01 06 01 00 0b 01 08 01 80 2f 07 18 00 82 2f 07")]
    [InlineData("7b 01 06 01 00 0b 01 08 01 80 2f 07 18 00 82 2f 07 18 00")]
    [InlineData("be 01 06 01 00 0b 01 08 01 80 2f 07 18 00 82 2f 07 18")]
    [InlineData("66 01 06 01 00 0b 01 80 2f 07 18 00 82 2f 07")]
    [InlineData("b7 01 06 01 00 00")]
    public void Requests_of_another_type_or_length_are_not_read(string asdu)
    {
        TotalsRequest.TryRead(Octets.Asdu(Octets.Of(asdu)), out _).ShouldBeFalse();
        TimeRangeRequest.TryRead(Octets.Asdu(Octets.Of(asdu)), out _).ShouldBeFalse();
        AccessKey.TryRead(Octets.Asdu(Octets.Of(asdu)), out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData("7b 01 06 01 00")]
    [InlineData("08 01 05 01 00 00")]
    [InlineData("8f 01 06 01 00 00")]
    public void Octets_that_open_no_known_conversation_are_no_request(string asdu) => Request.FromAsdu(Octets.Of(asdu)).ShouldBeNull();

    [Fact]
    public void A_request_never_shows_its_data() => Request.Login(1, 3735928559).ToString().ShouldBe("183 point 1 record 0");
}
