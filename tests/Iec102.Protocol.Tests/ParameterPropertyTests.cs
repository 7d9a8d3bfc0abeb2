using FsCheck;
using FsCheck.Xunit;
using Iec102.Protocol.Application;
using Iec102.Protocol.Description;
using Iec102.Protocol.Time;
using Iec102.Testing;

namespace Iec102.Protocol.Tests;

/// <summary>Values that are written can be read back, and no octets at all cause an exception.</summary>
public class ParameterPropertyTests
{
    private static readonly AsduHeader Header = new(TypeIdentification.StoredTariff, 0, CauseOfTransmission.Request, 1, 134);

    private static readonly byte[] Types = [1, 102, 129, 131, 134, 135, 136, 142, 145, 148, 150, 151, 156, 157];

    [Property(MaxTest = 200)]
    public void Lists_come_back_as_they_were_written(DoNotSize<int> seed)
    {
        var random = new Random(seed.Item);
        var asdu = new byte[Asdu.MaxLength];
        var events = Many(random, MeterEvent.MaxPerFrame,
            () => new MeterEvent(
                (byte)random.Next(256), (byte)random.Next(128), random.Next(2) == 1, TimeTagB.Read(Some(random, TimeTagB.Length))));
        MeterEvent.TryReadAll(Octets.Asdu(asdu.AsSpan(0, MeterEvent.WriteAll(asdu, Header, events))), out var readEvents).ShouldBeTrue();
        readEvents.ShouldBe(events);

        var dates = Many(random, Holidays.MaxPerFrame, () => Tag(random));
        Holidays.TryRead(Octets.Asdu(asdu.AsSpan(0, Holidays.Write(asdu, Header, dates))), out var readDates).ShouldBeTrue();
        readDates.ShouldBe(dates);

        var powers =
            Many(random, ContractedPower.MaxPerFrame, () => new ContractedPower((byte)random.Next(256), (uint)random.NextInt64(1L << 32)));
        var time = Tag(random);
        var written = Octets.Asdu(asdu.AsSpan(0, ContractedPower.WriteAll(asdu, Header, powers, time)));
        ContractedPower.TryReadAll(written, out var readPowers, out var readTime).ShouldBeTrue();
        readPowers.ShouldBe(powers);
        readTime.ShouldBe(time);

        var tariffs = Many(random, TariffInformation.MaxPerFrame, () => new TariffInformation(
            (byte)random.Next(256), Energy(random), Energy(random), Energy(random), Value(random), Value(random),
            new TariffMaximum((uint)random.NextInt64(1L << 32), Tag(random), Quality(random)), Value(random), Tag(random), Tag(random)));
        TariffInformation.TryReadAll(Octets.Asdu(asdu.AsSpan(0, TariffInformation.WriteAll(asdu, Header, tariffs))), out var readTariffs)
            .ShouldBeTrue();
        readTariffs.ShouldBe(tariffs);
    }

    [Property(MaxTest = 200)]
    public void A_table_of_seasons_comes_back_as_it_was_written(DoNotSize<int> seed)
    {
        var random = new Random(seed.Item);
        var table = new SeasonTable((byte)random.Next(256), (byte)random.Next(256),
            Many(random, 12, () => new Season(Tag(random), (byte)random.Next(16), (byte)random.Next(16))),
            Many(random, 12, () => (IReadOnlyList<byte>)[.. Enumerable.Range(0, 24).Select(_ => (byte)random.Next(16))]), Tag(random));
        var asdu = new byte[Asdu.MaxLength];
        var length = new ContractObjects(table, null, null).Write(asdu, Header);
        ContractObjects.TryRead(Octets.Asdu(asdu.AsSpan(0, length)), out var objects).ShouldBeTrue();
        var read = objects.Seasons.ShouldNotBeNull();
        (read.Sense, read.Type, read.Time).ShouldBe((table.Sense, table.Type, table.Time));
        read.Seasons.ShouldBe(table.Seasons);
        read.DayTypes.SelectMany(day => day).ShouldBe(table.DayTypes.SelectMany(day => day));
    }

    [Property(MaxTest = 300)]
    public void The_full_data_of_points_and_registrars_reads_the_same_after_writing(DoNotSize<int> seed)
    {
        var random = new Random(seed.Item);
        var written = new byte[Asdu.MaxLength];
        var octets = Some(random, Asdu.MaxLength);
        octets[0] = 142;
        RegistrarConfiguration.TryRead(Octets.Asdu(octets), out var registrar).ShouldBeTrue();
        RegistrarConfiguration.TryRead(Octets.Asdu(written.AsSpan(0, registrar.Write(written, Header))), out var again).ShouldBeTrue();
        again.ShouldBe(registrar);
        octets[0] = 129;
        PointParameters.TryRead(Octets.Asdu(octets), out var point).ShouldBeTrue();
        PointParameters.TryRead(Octets.Asdu(written.AsSpan(0, point.Write(written, Header))), out var same).ShouldBeTrue();
        same.ShouldBe(point);
    }

    [Property(MaxTest = 3000)]
    public void Random_data_is_read_or_refused_and_explained_to_the_last_octet(DoNotSize<int> seed)
    {
        var random = new Random(seed.Item);
        var octets = Some(random, AsduHeader.Length + random.Next(Asdu.MaxLength - AsduHeader.Length + 1));
        octets[0] = Types[random.Next(Types.Length)];
        octets[1] = (byte)random.Next(6);
        if (octets.Length > AsduHeader.Length)
            octets[AsduHeader.Length] = (byte)random.Next(190, 204);
        MustExplain(octets);
    }

    [Property(MaxTest = 1000)]
    public void Good_data_that_was_damaged_is_read_or_refused_and_explained_to_the_last_octet(DoNotSize<int> seed)
    {
        var random = new Random(seed.Item);
        var frames = Worked.All.Where(frame => frame.Length > 15).Select(frame => frame[7..^2]).ToList();
        frames.Add(Octets.Of($"97 01 05 01 00 86 {ParameterTests.Seasons}"));
        frames.Add(Octets.Of($"9d 0a 05 01 00 86 {ParameterTests.FurtherObjects}"));
        frames.Add(ParameterTests.Full(142, ParameterTests.Configuration));
        var octets = frames[random.Next(frames.Count)].ToArray();
        octets[random.Next(1, octets.Length)] = (byte)random.Next(256);
        MustExplain(random.Next(2) == 0 ? octets : octets[..random.Next(AsduHeader.Length, octets.Length)]);
    }

    private static void MustExplain(byte[] octets)
    {
        var asdu = Octets.Asdu(octets);
        MeterEvent.TryReadAll(asdu, out _);
        TimeRangeRequest.TryRead(asdu, out _);
        TariffInformation.TryReadAll(asdu, out _);
        ContractedPower.TryReadAll(asdu, out _, out _);
        Holidays.TryRead(asdu, out _);
        ClockChangeDates.TryRead(asdu, out _);
        PointParameters.TryRead(asdu, out _);
        RegistrarConfiguration.TryRead(asdu, out _);
        ContractObjects.TryRead(asdu, out _);
        FurtherConfiguration.TryRead(asdu, out _);
        var shown = AsduDescription.Explain(octets, showSecrets: true).Select(field => field.Octets).Where(hex => hex.Length > 0);
        string.Join(' ', shown).ShouldBe(Octets.Hex(octets));
        AsduDescription.Summarize(octets).ShouldNotBeEmpty();
    }

    private static T[] Many<T>(Random random, int most, Func<T> make) =>
        [.. Enumerable.Range(0, random.Next(most + 1)).Select(_ => make())];

    private static byte[] Some(Random random, int length)
    {
        var octets = new byte[length];
        random.NextBytes(octets);
        return octets;
    }

    private static TimeTagA Tag(Random random) => TimeTagA.Read(Some(random, TimeTagA.Length));

    private static Quality Quality(Random random) => (Quality)random.Next(256);

    private static TariffEnergy Energy(Random random) =>
        new((uint)random.NextInt64(1L << 32), (uint)random.NextInt64(1L << 32), Quality(random));

    private static TariffValue Value(Random random) => new((uint)random.NextInt64(1L << 32), Quality(random));
}
