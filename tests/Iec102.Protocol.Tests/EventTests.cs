using Iec102.Protocol.Application;
using Iec102.Protocol.Time;
using Iec102.Testing;
using NodaTime;

namespace Iec102.Protocol.Tests;

/// <summary>Events as octets and in words.</summary>
public class EventTests
{
    private static readonly AsduHeader Header = new(default, 0, CauseOfTransmission.Request, 1, RecordAddress.StartEvents);

    private static readonly MeterEvent[] Two =
    [
        new(1, 2, false, new TimeTagB(new LocalDateTime(2024, 7, 15, 8, 30, 12, 500), summerTime: true)),
        new(3, 2, true, new TimeTagB(new LocalDateTime(2024, 7, 20, 13, 5, 7, 40), summerTime: true)),
    ];

    [Fact]
    public void The_two_events_of_the_notes_are_read_and_written()
    {
        var asdu = Octets.AsduOf(Worked.Events);
        MeterEvent.TryReadAll(asdu, out var events).ShouldBeTrue();
        events.ShouldBe(Two);
        var written = new byte[Asdu.MaxLength];
        Octets.Hex(written.AsSpan(0, MeterEvent.WriteAll(written, Header, Two))).ShouldBe(Octets.Hex(asdu.Octets));
    }

    [Theory]
    [InlineData("07 2a", 7, 21, false)]
    [InlineData("0f 3b", 15, 29, true)]
    [InlineData("13 ff", 19, 127, true)]
    public void SPQ_has_seven_bits_above_SPI(string octets, byte spa, byte spq, bool spi)
    {
        var asdu = Octets.Of($"01 01 05 01 00 34 {octets} f4 31 1e 88 2f 07 18");
        MeterEvent.TryReadAll(Octets.Asdu(asdu), out var events).ShouldBeTrue();
        events.ShouldHaveSingleItem().ShouldBe(new MeterEvent(spa, spq, spi, Two[0].Time));
        var written = new byte[Asdu.MaxLength];
        Octets.Hex(written.AsSpan(0, MeterEvent.WriteAll(written, Header, events))).ShouldBe(Octets.Hex(asdu));
    }

    [Fact]
    public void A_full_frame_of_events_fits_and_one_more_does_not()
    {
        MeterEvent.MaxPerFrame.ShouldBe(27);
        var written = new byte[Asdu.MaxLength];
        var events = Enumerable.Repeat(Two[0], 27).ToArray();
        MeterEvent.TryReadAll(Octets.Asdu(written.AsSpan(0, MeterEvent.WriteAll(written, Header, events))), out var read).ShouldBeTrue();
        read.ShouldBe(events);
        Should.Throw<ArgumentException>(() => MeterEvent.WriteAll(written, Header, [.. events, Two[1]]));
        Should.Throw<ArgumentOutOfRangeException>(() => MeterEvent.WriteAll(written, Header, [Two[0] with { Spq = 128 }]));
    }

    [Theory]
    [InlineData("01 01 05 01 00 34 03 05 28 1c 05 8d d4 07")]
    [InlineData("01 02 05 01 00 34 03 05 28 1c 05 8d d4 07 18")]
    [InlineData("01 00 05 01 00 34 00")]
    [InlineData("02 01 05 01 00 34 03 05 28 1c 05 8d d4 07 18")]
    public void Events_of_another_type_or_length_are_not_read(string asdu) =>
        MeterEvent.TryReadAll(Octets.Asdu(Octets.Of(asdu)), out _).ShouldBeFalse();

    [Theory]
    [InlineData(1, 1, "restart, earlier data lost", "rearranque con pérdida de los datos anteriores")]
    [InlineData(7, 9, "clock changed: old time", "cambio de hora: hora anterior")]
    [InlineData(7, 21, "billing closed by command, contract I", "cierre de facturación por orden, contrato I")]
    [InlineData(15, 26, "contracted power (active or latent) of contract III changed by command",
        "cambio por orden de la potencia contratada (activa o latente) del contrato III")]
    [InlineData(15, 28, "holiday table of contract II changed by command", "cambio por orden de la tabla de festivos del contrato II")]
    [InlineData(18, 1, "intrusion", "intrusión")]
    [InlineData(18, 23, "communication for contract III", "comunicación para el contrato III")]
    [InlineData(19, 127, "internal error 127", "error interno 127")]
    public void Events_with_one_side_have_the_same_text_whatever_SPI_says(byte spa, byte spq, string english, string spanish)
    {
        foreach (var spi in (bool[])[false, true])
        {
            EventText.Of(spa, spq, spi, EventLanguage.English).ShouldBe(english);
            EventText.Of(spa, spq, spi, EventLanguage.Spanish).ShouldBe(spanish);
        }
    }

    [Theory]
    [InlineData(3, 2, true, "measuring voltage missing on phase II, begins", "falta de tensión de medida en la fase II, comienza")]
    [InlineData(3, 3, false, "measuring voltage missing on phase III, ends", "falta de tensión de medida en la fase III, termina")]
    [InlineData(18, 2, true, "communication with a concentrator, begins", "comunicación con un concentrador, comienza")]
    [InlineData(18, 4, true, "GPS link lost", "enlace GPS perdido")]
    [InlineData(18, 4, false, "GPS link recovered", "enlace GPS recuperado")]
    public void Events_with_two_sides_say_which(byte spa, byte spq, bool spi, string english, string spanish)
    {
        EventText.Of(spa, spq, spi, EventLanguage.English).ShouldBe(english);
        EventText.Of(spa, spq, spi, EventLanguage.Spanish).ShouldBe(spanish);
    }

    [Theory]
    [InlineData(18, 99, true, "event 18/99 (SPI 1)", "evento 18/99 (SPI 1)")]
    [InlineData(19, 0, false, "event 19/0 (SPI 0)", "evento 19/0 (SPI 0)")]
    public void Unknown_events_keep_their_numbers(byte spa, byte spq, bool spi, string english, string spanish)
    {
        EventText.Of(spa, spq, spi, EventLanguage.English).ShouldBe(english);
        EventText.Of(spa, spq, spi, EventLanguage.Spanish).ShouldBe(spanish);
    }

    [Fact]
    public void Exactly_the_events_of_the_notes_have_a_text_in_both_languages()
    {
        (int Spa, int[] Spq)[] table =
        [
            (1, [1, 2]), (3, [0, 1, 2, 3]), (7, [2, 9, 11, 21, 22, 23]), (15, [0, 1, 21, 22, 23, 24, 25, 26, 27, 28, 29]), (16, [0]),
            (18, [1, 2, 3, 4, 21, 22, 23]), (19, [.. Enumerable.Range(1, 127)]),
        ];
        var named = table.SelectMany(group => group.Spq.Select(spq => (group.Spa, spq))).ToHashSet();
        foreach (var language in Enum.GetValues<EventLanguage>())
        {
            var texts = new HashSet<string>();
            for (var spa = 0; spa < 256; spa++)
            {
                for (var spq = 0; spq < 128; spq++)
                {
                    var text = EventText.Of((byte)spa, (byte)spq, true, language);
                    text.EndsWith($" {spa}/{spq} (SPI 1)", StringComparison.Ordinal).ShouldBe(!named.Contains((spa, spq)), text);
                    texts.Add(text).ShouldBeTrue(text);
                }
            }
        }
    }
}
