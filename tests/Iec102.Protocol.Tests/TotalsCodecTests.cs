using FsCheck;
using FsCheck.Xunit;
using Iec102.Protocol.Application;
using Iec102.Protocol.Description;
using Iec102.Protocol.Time;
using Iec102.Testing;
using NodaTime;

namespace Iec102.Protocol.Tests;

public class TotalsCodecTests
{
    private static readonly AsduHeader Totals = new(TypeIdentification.IncrementalTotals, 0, CauseOfTransmission.Request, 1, 11);
    private static readonly AsduHeader Blocks = Totals with { Type = TypeIdentification.IncrementalTotalBlocks };

    [Theory]
    [InlineData(9, 46, 5)]
    [InlineData(10, 36, 6)]
    [InlineData(11, 21, 11)]
    [InlineData(8, 0, 0)]
    [InlineData(12, 0, 0)]
    public void Blocks_have_the_sizes_of_the_notes(byte blockObject, int length, int perFrame)
    {
        TotalsCodec.BlockLength(blockObject).ShouldBe(length);
        TotalsCodec.MaxBlocksPerFrame(blockObject).ShouldBe(perFrame);
    }

    [Fact]
    public void Block_objects_hold_the_totals_of_the_notes()
    {
        TotalsCodec.BlockObjects(9).ToArray().ShouldBe(new byte[] { 1, 2, 3, 4, 5, 6, 7, 8 });
        TotalsCodec.BlockObjects(10).ToArray().ShouldBe(new byte[] { 1, 2, 3, 4, 5, 6 });
        TotalsCodec.BlockObjects(11).ToArray().ShouldBe(new byte[] { 1, 3, 6 });
        TotalsCodec.BlockObjects(1).IsEmpty.ShouldBeTrue();
    }

    [Property(MaxTest = 500)]
    public void Any_row_comes_back_as_it_was_written(DoNotSize<int> seed)
    {
        var row = RandomRow(new Random(seed.Item), objects: null);
        var asdu = new byte[Asdu.MaxLength];
        var length = TotalsCodec.WriteTotals(asdu, Totals, row);
        length.ShouldBe(AsduHeader.Length + 6 * row.Count + TimeTagA.Length);
        TotalsCodec.TryReadRow(Octets.Asdu(asdu.AsSpan(0, length)), 0, out var read).ShouldBeTrue();
        read.ShouldBe(row);
    }

    [Property(MaxTest = 500)]
    public void Any_full_frame_of_blocks_comes_back_as_it_was_written(DoNotSize<int> seed)
    {
        var random = new Random(seed.Item);
        var blockObject = (byte)random.Next(9, 12);
        var rows = Enumerable.Range(0, random.Next(TotalsCodec.MaxBlocksPerFrame(blockObject) + 1))
            .Select(_ => RandomRow(random, TotalsCodec.BlockObjects(blockObject).ToArray())).ToArray();
        var asdu = new byte[Asdu.MaxLength];
        var written = Octets.Asdu(asdu.AsSpan(0, TotalsCodec.WriteBlocks(asdu, Blocks, blockObject, rows)));
        TotalsCodec.CountRows(written).ShouldBe(rows.Length);
        for (var i = 0; i < rows.Length; i++)
        {
            TotalsCodec.TryReadRow(written, i, out var row).ShouldBeTrue();
            row.ShouldBe(rows[i]);
        }

        TotalsCodec.TryReadRow(written, rows.Length, out _).ShouldBeFalse();
        TotalsCodec.TryReadRow(written, -1, out _).ShouldBeFalse();
    }

    [Fact]
    public void Blocks_of_different_objects_may_share_a_frame()
    {
        var asdu = Octets.Asdu(Octets.Of(
            "8c 02 05 01 00 0b "
            + "0b 01 00 00 00 00 02 00 00 00 00 03 00 00 00 00 00 81 2f 07 18 "
            + "0a 01 00 00 00 00 02 00 00 00 00 03 00 00 00 00 04 00 00 00 00 05 00 00 00 00 06 00 00 00 00 00 82 2f 07 18"));
        TotalsCodec.CountRows(asdu).ShouldBe(2);
        TotalsCodec.TryReadRow(asdu, 0, out var three).ShouldBeTrue();
        three.Objects.ShouldBe((byte)0b0010_0101);
        (three.GetValue(1), three.GetValue(3), three.GetValue(6)).ShouldBe((1u, 2u, 3u));
        TotalsCodec.TryReadRow(asdu, 1, out var six).ShouldBeTrue();
        six.Objects.ShouldBe((byte)0b0011_1111);
        six.GetValue(6).ShouldBe(6u);
    }

    [Fact]
    public void A_total_that_a_block_calls_for_and_a_row_lacks_is_invalid()
    {
        var row = new TotalsRow();
        row.Set(1, 5, Quality.None);
        var asdu = new byte[Asdu.MaxLength];
        TotalsCodec.TryReadRow(Octets.Asdu(asdu.AsSpan(0, TotalsCodec.WriteBlocks(asdu, Blocks, 11, [row]))), 0, out var read)
            .ShouldBeTrue();
        (read.GetValue(1), read.GetQuality(1)).ShouldBe((5u, Quality.None));
        (read.GetValue(3), read.GetQuality(3)).ShouldBe((0u, Quality.Invalid));
    }

    [Fact]
    public void Objects_outside_1_to_8_are_passed_over_and_of_two_equal_ones_the_later_wins()
    {
        var asdu = Octets.Asdu(
            Octets.Of("0b 04 05 01 00 0b 01 01 00 00 00 00 09 02 00 00 00 00 00 03 00 00 00 00 01 04 00 00 00 80 00 81 2f 07 18"));
        TotalsCodec.CountRows(asdu).ShouldBe(1);
        TotalsCodec.TryReadRow(asdu, 0, out var row).ShouldBeTrue();
        row.Objects.ShouldBe((byte)1);
        (row.GetValue(1), row.GetQuality(1)).ShouldBe((4u, Quality.Invalid));
    }

    [Theory]
    [InlineData(Worked.Hour1)]
    [InlineData(Worked.Blocks)]
    [InlineData(Worked.Instantaneous)]
    [InlineData(Worked.Identification)]
    [InlineData(Worked.Clock)]
    public void Data_of_any_other_length_or_count_is_malformed(string worked)
    {
        var good = Octets.Frame(worked).Asdu.ToArray();
        IsRead(good).ShouldBeTrue();
        for (var length = AsduHeader.Length; length < good.Length; length++)
            IsRead(good.AsSpan(0, length)).ShouldBeFalse($"{length} octets");
        IsRead([.. good, 0]).ShouldBeFalse();
        if (good[0] is (byte)TypeIdentification.DeviceIdentification or (byte)TypeIdentification.CurrentTime)
            return;
        for (var count = 0; count < 128; count++)
        {
            if (count == good[1])
                continue;
            var other = good.ToArray();
            other[1] = (byte)count;
            IsRead(other).ShouldBeFalse($"N = {count}");
        }
    }

    [Fact]
    public void Random_data_is_read_or_refused_and_never_throws()
    {
        var random = new Random(5);
        byte[] types = [8, 11, 139, 140, 71, 72, 163, 122, 123, 189, 190, 183, 181, 162, 1, 142, 129];
        byte[] starts = [9, 10, 11, 192, 193, 194];
        for (var i = 0; i < 200_000; i++)
        {
            var asdu = new byte[random.Next(AsduHeader.Length, Asdu.MaxLength + 1)];
            random.NextBytes(asdu);
            asdu[0] = types[random.Next(types.Length)];
            asdu[1] = (byte)random.Next(8);
            if (asdu.Length > AsduHeader.Length)
                asdu[AsduHeader.Length] = starts[random.Next(starts.Length)];
            IsRead(asdu);
            if (i % 20 == 0)
                AsduDescription.Explain(asdu).Count.ShouldBeGreaterThan(4);
        }
    }

    [Fact]
    public void Writing_what_does_not_fit_is_an_error_of_the_caller()
    {
        var asdu = new byte[Asdu.MaxLength];
        Should.Throw<ArgumentException>(() => TotalsCodec.WriteTotals(asdu, Blocks, default));
        Should.Throw<ArgumentException>(() => TotalsCodec.WriteBlocks(asdu, Totals, 9, []));
        Should.Throw<ArgumentException>(() => TotalsCodec.WriteBlocks(asdu, Blocks, 8, []));
        Should.Throw<ArgumentException>(() => TotalsCodec.WriteBlocks(asdu, Blocks, 9, new TotalsRow[6]));
        Should.Throw<ArgumentOutOfRangeException>(() => new TotalsRow().Set(9, 0, Quality.None));
        Should.Throw<ArgumentOutOfRangeException>(() => new TotalsRow().GetValue(0));
        Should.Throw<ArgumentOutOfRangeException>(() => new EnergyRegister(1 << 30).Write(asdu));
        Should.Throw<ArgumentOutOfRangeException>(() => new PowerGroup(1 << 24, 0, 0).Write(asdu));
        Should.Throw<ArgumentOutOfRangeException>(() => new PowerGroup(0, 0, -1).Write(asdu));
        Should.Throw<ArgumentOutOfRangeException>(() => new PhaseValues(0, 1 << 30).Write(asdu));
        Should.Throw<ArgumentOutOfRangeException>(() => new DeviceIdentification(2016, 1, 1, 1).Write(asdu, Totals));
    }

    [Property(MaxTest = 500)]
    public void Any_instantaneous_values_come_back_as_they_were_written(DoNotSize<int> seed)
    {
        var random = new Random(seed.Item);
        var values = new InstantaneousValues(
            random.Next(2) == 0
                ? null
                : new EnergyTotals(Register(), Register(), Register(), Register(), Register(), Register(), Tag(random)),
            random.Next(2) == 0 ? null : new Powers(Group(), Group(), Group(), Group(), Tag(random)),
            random.Next(2) == 0 ? null : new CurrentsAndVoltages(Phase(), Phase(), Phase(), Tag(random)));
        var asdu = new byte[Asdu.MaxLength];
        var length = values.Write(asdu, Totals);
        InstantaneousValues.TryRead(Octets.Asdu(asdu.AsSpan(0, length)), out var read).ShouldBeTrue();
        read.ShouldBe(values);

        EnergyRegister Register() => new((uint)random.Next(1 << 30), random.Next(2) == 0);
        PowerGroup Group() => new(random.Next(1 << 24), random.Next(1 << 24), random.Next(1 << 10), Coin(), Coin(), Coin());
        PhaseValues Phase() => new(random.Next(1 << 24), random.Next(1 << 30), Coin());
        bool Coin() => random.Next(2) == 0;
    }

    [Fact]
    public void Objects_of_163_may_come_in_any_order_and_any_subset()
    {
        var asdu = Octets.Asdu(
            Octets.Of("a3 02 05 01 00 00 c2 19 00 00 06 09 00 00 18 00 00 01 09 00 00 17 00 00 11 09 00 00 0f 8a 2f 07 18 "
                + "c0 62 e7 03 00 00 00 00 00 99 b1 00 00 00 00 00 00 00 00 00 00 06 0b 00 00 0f 8a 2f 07 18"));
        InstantaneousValues.TryRead(asdu, out var values).ShouldBeTrue();
        values.Totals.ShouldNotBeNull().ActiveImport.Value.ShouldBe(255842u);
        values.Powers.ShouldBeNull();
        values.CurrentsAndVoltages.ShouldNotBeNull().Phase3.VoltageTenths.ShouldBe(2321);
    }

    [Fact]
    public void Rows_are_equal_when_everything_in_them_is()
    {
        var random = new Random(3);
        var row = RandomRow(random, objects: null);
        var same = row;
        (same == row).ShouldBeTrue();
        same.GetHashCode().ShouldBe(row.GetHashCode());
        for (var address = 1; address <= 8; address++)
        {
            var other = row;
            other.Set(address, row.GetValue(address) + 1, row.GetQuality(address));
            (other != row).ShouldBeTrue();
            other = row;
            other.Set(address, row.GetValue(address), row.GetQuality(address) ^ Quality.Overflow);
            other.Equals((object)row).ShouldBeFalse();
        }

        (row with { Time = Tag(random) }).ShouldNotBe(row);
        row.Has(0).ShouldBeFalse();
        row.Has(9).ShouldBeFalse();
    }

    [Fact]
    public void Nothing_is_allocated_for_reading_or_writing()
    {
        var asdu = Octets.Frame(Worked.Hour1).Asdu.ToArray();
        var blocks = Octets.Frame(Worked.Blocks).Asdu.ToArray();
        var values = Octets.Frame(Worked.Instantaneous).Asdu.ToArray();
        var buffer = new byte[Asdu.MaxLength];
        Work(100);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Work(10_000);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);

        void Work(int times)
        {
            for (var i = 0; i < times; i++)
            {
                Asdu.TryRead(asdu, out var one);
                TotalsCodec.TryReadRow(one, 0, out var row);
                TotalsCodec.WriteTotals(buffer, one.Header, row);
                Asdu.TryRead(blocks, out var two);
                TotalsCodec.TryReadRow(two, 1, out row);
                TotalsCodec.WriteBlocks(buffer, two.Header, 10, new ReadOnlySpan<TotalsRow>(in row));
                Asdu.TryRead(values, out var three);
                InstantaneousValues.TryRead(three, out var read);
                read.Write(buffer, three.Header);
            }
        }
    }

    private static bool IsRead(ReadOnlySpan<byte> octets)
    {
        var asdu = Octets.Asdu(octets);
        var rows = TotalsCodec.CountRows(asdu);
        for (var i = 0; i < rows; i++)
            TotalsCodec.TryReadRow(asdu, i, out _).ShouldBeTrue();
        return rows > 0 || InstantaneousValues.TryRead(asdu, out _) || DeviceIdentification.TryRead(asdu, out _)
            || MeterClock.TryRead(asdu, out _)
            || TotalsRequest.TryRead(asdu, out _) || AccessKey.TryRead(asdu, out _);
    }

    private static TotalsRow RandomRow(Random random, byte[]? objects)
    {
        var row = new TotalsRow { Time = Tag(random) };
        foreach (var address in objects ?? [.. Enumerable.Range(1, 8).Where(_ => random.Next(3) > 0).Select(address => (byte)address)])
            row.Set(address, (uint)random.NextInt64(1L << 32), (Quality)random.Next(256));
        return row;
    }

    private static TimeTagA Tag(Random random) =>
        new(new LocalDateTime(random.Next(2000, 2100), 1, 1, 0, 0).PlusMinutes(random.Next(525_600)), random.Next(2) == 0);
}
