using Iec102.Acquisition.Tasks;
using Iec102.Protocol.Application;
using NodaTime;

namespace Iec102.Acquisition.Tests.Meters;

public class ConfigurationTaskTests
{
    private static readonly Instant Noon = FactBench.Noon;
    private readonly FactBench _bench = new();

    [Fact]
    public void An_answer_is_told_with_its_secrets_zeroed_and_read_again_the_next_day()
    {
        var task = Due(
            new ConfigurationTask("m-1", "configuration", TypeIdentification.ReadConfiguration, null, Request.ReadConfiguration));
        var answer = MeterAnswers.Registrar();
        var fact = _bench.Run(task, _ => [answer]).ShouldHaveSingleItem().ShouldBeOfType<ConfigurationRead>();

        fact.SerialNumber.ShouldBe(48304838u);
        Registrar(fact.Asdu).Firmware.ShouldBe((byte)77);
        Registrar(fact.Asdu).Modem.Reveal().ShouldBeEmpty();
        Registrar(answer).Modem.Reveal().ShouldNotBeEmpty();
        task.Due.ShouldBeInRange(Noon + Duration.Epsilon, Noon + Duration.FromDays(1));
    }

    [Fact]
    public void The_key_among_the_point_parameters_is_zeroed()
    {
        var task = Due(
            new ConfigurationTask("m-1", "point parameters", TypeIdentification.ReadPointParameters, null, Request.ReadPointParameters));
        var fact = (ConfigurationRead)_bench.Run(task, _ => [MeterAnswers.PointParameters(0xA1B2C3D4)]).Single();
        Asdu.TryRead(fact.Asdu, out var asdu);
        PointParameters.TryRead(asdu, out var parameters).ShouldBeTrue();
        parameters.ShouldNotBeNull().Key.Reveal().ShouldBe(0u);
    }

    [Fact]
    public void Objects_are_asked_for_together() => Objects(Whole, asked => asked).ShouldBe(Whole);

    [Fact]
    public void A_meter_that_answers_one_object_at_a_time_is_asked_for_each()
    {
        var read = Objects(Whole, asked => asked.Length > 1 ? asked[..1] : asked);
        read.ShouldBe(Whole);
        _bench.Asked.Count.ShouldBe(1 + 10);
    }

    [Fact]
    public void A_meter_that_refuses_them_together_is_asked_for_each_and_what_it_has_is_put_together()
    {
        byte[] has = [ObjectAddress.CurvePeriods, ObjectAddress.Ratios];
        var read = Objects(Whole, asked => asked.All(has.Contains) ? asked : null);
        read.ShouldBe(new FurtherConfiguration { CurvePeriods = Whole.CurvePeriods, Ratios = Whole.Ratios });
    }

    [Fact]
    public void What_it_refuses_is_named_until_it_gives_everything()
    {
        byte[] lacks = [ObjectAddress.ClockReference, ObjectAddress.Program];
        var task = Due(Further());
        Run(task, Whole, asked => asked.Any(lacks.Contains) ? null : asked);
        (task.Name, task.Refusal!.Cause).ShouldBe(("objects 199, 200 of further configuration", CauseOfTransmission.ObjectNotAvailable));

        task.Hasten(_bench.Now);
        Run(task, Whole, asked => asked);
        (task.Name, task.Refusal).ShouldBe(("further configuration", null));
    }

    [Fact]
    public void A_meter_that_lacks_the_type_is_asked_once_a_day()
    {
        var task = Due(Further());
        _bench.Refused(task, CauseOfTransmission.TypeNotAvailable).ShouldBeEmpty();
        _bench.Asked.Count.ShouldBe(1);
        task.Due.ShouldBe(Noon + Duration.FromDays(1));
    }

    [Fact]
    public void A_meter_that_refuses_every_object_is_asked_again_the_next_day()
    {
        var task = Due(Further());
        _bench.Refused(task, CauseOfTransmission.ObjectNotAvailable).ShouldBeEmpty();
        task.Due.ShouldBe(Noon + Duration.FromDays(1));
        task.Refusal.ShouldNotBeNull();
        task.Name.ShouldBe("further configuration");
    }

    private static readonly FurtherConfiguration Whole = new()
    {
        BatteryPercent = 91,
        AutomaticClockChange = OnOff.On,
        MinutesBetweenClosings = 5,
        Alarms = new AlarmSwitches(OnOff.On, OnOff.Off),
        VoltageFaults = new VoltageFaults(OnOff.Off, OnOff.Off, OnOff.On),
        CurvePeriods = new CurvePeriods(60, 15),
        Ratios = new TransformerRatios(660_000, 1_100, 2_000, 50),
        ClockReference = ClockReference.Quartz,
        Program = "P",
        ClosingByButton = OnOff.Off,
    };

    private static ObjectsTask Further() => new(
        "m-1", "further configuration", TypeIdentification.ReadFurtherConfiguration, null,
        [.. Enumerable.Range(192, 10).Select(address => (byte)address)]);

    /// <summary>
    /// Reads the further configuration of a meter. For each request, the rule picks the requested objects that the meter gives; null makes
    /// it refuse the request.
    /// </summary>
    private FurtherConfiguration Objects(FurtherConfiguration meter, Func<byte[], byte[]?> gives)
    {
        var fact = Run(Due(Further()), meter, gives).ShouldHaveSingleItem().ShouldBeOfType<ConfigurationRead>();
        Asdu.TryRead(fact.Asdu, out var asdu).ShouldBeTrue();
        FurtherConfiguration.TryRead(asdu, out var read).ShouldBeTrue();
        return read!;
    }

    private IReadOnlyList<MeterFact> Run(FactTask task, FurtherConfiguration meter, Func<byte[], byte[]?> gives) =>
        _bench.Run(task, request => gives(request.Asdu[AsduHeader.Length..].ToArray()) is { } given
            ? ([MeterAnswers.Further(Part(meter, given))], (CauseOfTransmission?)null)
            : ([], CauseOfTransmission.ObjectNotAvailable));

    private static FurtherConfiguration Part(FurtherConfiguration whole, byte[] objects) => new()
    {
        BatteryPercent = objects.Contains(ObjectAddress.Battery) ? whole.BatteryPercent : null,
        AutomaticClockChange = objects.Contains(ObjectAddress.AutomaticClockChange) ? whole.AutomaticClockChange : null,
        MinutesBetweenClosings = objects.Contains(ObjectAddress.MinutesBetweenClosings) ? whole.MinutesBetweenClosings : null,
        Alarms = objects.Contains(ObjectAddress.Alarms) ? whole.Alarms : null,
        VoltageFaults = objects.Contains(ObjectAddress.VoltageFaults) ? whole.VoltageFaults : null,
        CurvePeriods = objects.Contains(ObjectAddress.CurvePeriods) ? whole.CurvePeriods : null,
        Ratios = objects.Contains(ObjectAddress.Ratios) ? whole.Ratios : null,
        ClockReference = objects.Contains(ObjectAddress.ClockReference) ? whole.ClockReference : null,
        Program = objects.Contains(ObjectAddress.Program) ? whole.Program : null,
        ClosingByButton = objects.Contains(ObjectAddress.ClosingByButton) ? whole.ClosingByButton : null,
    };

    private static RegistrarConfiguration Registrar(byte[] octets)
    {
        Asdu.TryRead(octets, out var asdu).ShouldBeTrue();
        RegistrarConfiguration.TryRead(asdu, out var registrar).ShouldBeTrue();
        return registrar;
    }

    private static FactTask Due(FactTask task)
    {
        task.Hasten(Noon);
        return task;
    }
}
