using Iec102.Protocol.Application;
using Iec102.Protocol.Link;
using Iec102.Protocol.Time;
using Iec102.Simulator.Data;
using NodaTime;

namespace Iec102.Conformance.Tests;

/// <summary>The data of the worked examples in the protocol notes; 0 where they give none.</summary>
internal sealed class WorkedData : IMeterData
{
    private static readonly Instant Midnight = Instant.FromUtc(2024, 7, 14, 22, 0);

    private static readonly Dictionary<(Instant End, int Object), uint> Increments = new()
    {
        [(Midnight + Duration.FromHours(1), 1)] = 1234,
        [(Midnight + Duration.FromHours(1), 3)] = 56,
        [(Midnight + Duration.FromHours(1), 6)] = 7,
        [(Midnight + Duration.FromHours(2), 1)] = 1180,
        [(Midnight + Duration.FromHours(2), 3)] = 51,
        [(Midnight + Duration.FromHours(2), 6)] = 9,
    };

    public Reading Increment(Instant end, int quarters, int @object) =>
        @object > 6 ? new(0, Quality.Invalid) : new(Increments.GetValueOrDefault((end, @object)), Quality.None);

    public Reading Register(Instant at, int @object) => @object switch
    {
        1 => new(12345678, Quality.None),
        3 => new(234567, Quality.None),
        6 => new(3456, Quality.None),
        7 or 8 => new(0, Quality.Invalid),
        _ => new(0, Quality.None),
    };

    public InstantaneousValues InstantaneousAt(Instant at, TimeTagA tag) => new(
        new EnergyTotals(new(255842), new(0), new(45465), new(0), new(0), new(2822), tag),
        new Powers(new(120, 40, 949), new(41, 13, 953), new(40, 14, 944), new(39, 13, 949), tag),
        new CurrentsAndVoltages(new(25, 2310), new(24, 2305), new(23, 2321), tag));

    public IEnumerable<SimulatedEvent>? Events(byte record, Instant after, Instant until) => record != RecordAddress.StartEvents
        ? null
        : new SimulatedEvent[]
        {
            new(1, 2, false, Instant.FromUtc(2024, 7, 15, 6, 30, 12) + Duration.FromMilliseconds(500)),
            new(3, 2, true, Instant.FromUtc(2024, 7, 20, 11, 5, 7) + Duration.FromMilliseconds(40)),
        }.Where(one => one.At > after && one.At <= until);

    public IReadOnlyList<TariffFigures> Tariff(Contract contract, uint serialNumber, Instant from, Instant to, DateTimeZone zone) =>
        [new(20, new(100000, 5000), new(20000, 800), new(300, 12), 84, Instant.FromUtc(2024, 7, 18, 10, 0), 0)];
}

/// <summary>
/// Data for the calendar cases: object 1 of an interval is the UTC time of its end, hours times 100 plus minutes; everything else is 0.
/// </summary>
internal sealed class CalendarData : IMeterData
{
    public Reading Increment(Instant end, int quarters, int @object) => Value(end, @object);

    public Reading Register(Instant at, int @object) => Value(at, @object);

    public InstantaneousValues InstantaneousAt(Instant at, TimeTagA tag) => default;

    private static Reading Value(Instant end, int @object) =>
        new(@object == 1 ? (uint)(end.InUtc().Hour * 100 + end.InUtc().Minute) : 0, Quality.None);
}

/// <summary>
/// An application with scripted verdicts on the next requests, for behaviour that the simulated meter itself never shows.
/// </summary>
internal sealed class BusyApplication(params RequestVerdict[] verdicts) : ISlaveApplication
{
    private readonly Queue<RequestVerdict> _verdicts = new(verdicts);
    private byte[]? _answer;

    public void OnReset() => _answer = null;

    public RequestVerdict OnRequest(in Asdu request)
    {
        var verdict = _verdicts.Dequeue();
        var mirror = request.Octets.ToArray();
        mirror[2] = (byte)CauseOfTransmission.ActivationConfirmation;
        _answer = verdict == RequestVerdict.Reject ? null : mirror;
        return verdict;
    }

    public int NextAnswer(Span<byte> destination)
    {
        var answer = _answer ?? [];
        _answer = null;
        answer.CopyTo(destination);
        return answer.Length;
    }
}
