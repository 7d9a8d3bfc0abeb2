using FsCheck;
using FsCheck.Xunit;
using Iec102.Protocol.Time;
using Iec102.Testing;
using NodaTime;

namespace Iec102.Protocol.Tests;

/// <summary>Time tags type a and b (protocol notes 3.1 and 3.2).</summary>
public class TimeTagTests
{
    [Theory]
    [InlineData("01 80 2f 07 18", 2024, 7, 15, 0, 1, true, 1)]
    [InlineData("00 82 2f 07 18", 2024, 7, 15, 2, 0, true, 1)]
    [InlineData("00 80 50 07 18", 2024, 7, 16, 0, 0, true, 2)]
    [InlineData("00 81 fb 0a 18", 2024, 10, 27, 1, 0, true, 7)]
    [InlineData("00 02 fb 0a 18", 2024, 10, 27, 2, 0, false, 7)]
    [InlineData("00 01 ff 03 18", 2024, 3, 31, 1, 0, false, 7)]
    public void Worked_tags_of_type_a(string octets, int year, int month, int day, int hour, int minute, bool summerTime, int dayOfWeek)
    {
        var local = new LocalDateTime(year, month, day, hour, minute);
        var tag = TimeTagA.Read(Octets.Of(octets));
        tag.ShouldBe(new TimeTagA(local, summerTime));
        tag.TryGetLocal(out var read).ShouldBeTrue();
        read.ShouldBe(local);
        tag.SummerTime.ShouldBe(summerTime);
        tag.DayOfWeek.ShouldBe(dayOfWeek);
        Written(tag).ShouldBe(octets);
    }

    [Theory]
    [InlineData("fa 78 0f 0a 7b 03 18", 2024, 3, 27, 10, 15, 30, 250, false)]
    public void Worked_tags_of_type_b(
        string octets, int year, int month, int day, int hour, int minute, int second, int millisecond, bool summerTime)
    {
        var local = new LocalDateTime(year, month, day, hour, minute, second, millisecond);
        var tag = TimeTagB.Read(Octets.Of(octets));
        tag.ShouldBe(new TimeTagB(local, summerTime));
        tag.TryGetLocal(out var read).ShouldBeTrue();
        read.ShouldBe(local);
        Written(tag).ShouldBe(octets);
    }

    [Theory]
    [InlineData("00 90", 36, 0)]
    [InlineData("0a 2a", 10, 522)]
    [InlineData("00 10", 4, 0)]
    public void Seconds_and_milliseconds_are_six_and_ten_bits(string word, int second, int millisecond)
    {
        var tag = TimeTagB.Read([.. Octets.Of(word), .. Octets.Of("0f 0a 7b 03 18")]);
        (tag.Second, tag.Millisecond).ShouldBe((second, millisecond));
    }

    [Theory]
    [InlineData("00 00 00 00 00")]
    [InlineData("00 00 20 03 11")]
    [InlineData("00 00 1f 04 11")]
    [InlineData("00 00 1d 02 11")]
    [InlineData("00 00 01 00 11")]
    [InlineData("00 00 01 0d 11")]
    [InlineData("3c 00 01 01 11")]
    [InlineData("00 18 01 01 11")]
    public void A_date_or_time_that_does_not_exist_is_read_but_has_no_local_time(string octets)
    {
        var tag = TimeTagA.Read(Octets.Of(octets));
        tag.TryGetLocal(out var local).ShouldBeFalse();
        local.ShouldBeNull();
        Written(tag).ShouldBe(octets);
        foreach (var habit in Enum.GetValues<SummerTimeHabit>())
            CivilTime.ToInstant(tag, DateTimeZone.Utc, habit).ShouldBeNull();
    }

    [Fact]
    public void The_29th_of_February_exists_in_leap_years_only()
    {
        TimeTagA.Read(Octets.Of("00 00 1d 02 18")).TryGetLocal(out var local).ShouldBeTrue();
        local.ShouldBe(new LocalDateTime(2024, 2, 29, 0, 0));
    }

    [Theory]
    [InlineData("00 f0")]
    [InlineData("e8 03")]
    public void Sixty_seconds_and_a_thousand_milliseconds_do_not_exist(string word) =>
        TimeTagB.Read([.. Octets.Of(word), .. Octets.Of("0f 0a 7b 03 18")]).TryGetLocal(out _).ShouldBeFalse();

    [Fact]
    public void All_zero_means_never()
    {
        var never = TimeTagA.Read(new byte[5]);
        never.IsEmpty.ShouldBeTrue();
        never.ToString().ShouldBe("never");
        TimeTagB.Read(new byte[7]).ToString().ShouldBe("never");
        TimeTagA.Read(Octets.Of("00 00 00 00 01")).IsEmpty.ShouldBeFalse();
    }

    [Fact]
    public void Flags_and_tariff_bits_do_not_disturb_the_label()
    {
        var bare = TimeTagA.Read(Octets.Of("0f 0a 1b 03 18"));
        var full = TimeTagA.Read(Octets.Of("cf ea fb f3 98"));
        full.IsSameLabel(bare).ShouldBeTrue();
        full.ShouldNotBe(bare);
        (full.IsInvalid, full.TariffInformation, full.SummerTime, full.DayOfWeek).ShouldBe((true, true, true, 7));
        (bare.IsInvalid, bare.TariffInformation, bare.SummerTime, bare.DayOfWeek).ShouldBe((false, false, false, 0));
        full.ToString().ShouldBe("2024-03-27 10:15 S?");
    }

    [Fact]
    public void Tags_are_written_for_people_in_one_way()
    {
        TimeTagA.Read(Octets.Of("01 80 2f 07 18")).ToString().ShouldBe("2024-07-15 00:01 S");
        TimeTagB.Read(Octets.Of("fa 78 0f 0a 7b 03 18")).ToString().ShouldBe("2024-03-27 10:15:30.250 W");
    }

    [Fact]
    public void Years_outside_the_tag_are_an_error_of_the_caller()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => new TimeTagA(new LocalDateTime(1999, 12, 31, 23, 59), false));
        Should.Throw<ArgumentOutOfRangeException>(() => new TimeTagA(new LocalDateTime(2100, 1, 1, 0, 0), false));
    }

    [Property(MaxTest = 2000)]
    public void Any_octets_are_written_as_they_were_read(DoNotSize<ulong> octets)
    {
        var tag = BitConverter.GetBytes(octets.Item)[..TimeTagB.Length];
        Written(TimeTagB.Read(tag)).ShouldBe(Octets.Hex(tag));
        Written(TimeTagA.Read(tag)).ShouldBe(Octets.Hex(tag.AsSpan(0, TimeTagA.Length)));
    }

    private static string Written(TimeTagA tag)
    {
        var octets = new byte[TimeTagA.Length];
        tag.Write(octets);
        return Octets.Hex(octets);
    }

    private static string Written(TimeTagB tag)
    {
        var octets = new byte[TimeTagB.Length];
        tag.Write(octets);
        return Octets.Hex(octets);
    }
}
