using Iec102.Acquisition.Ports;
using Iec102.Acquisition.Tasks;
using Iec102.Fleet;
using Iec102.Protocol.Application;
using Iec102.Protocol.Time;
using NodaTime;

namespace Iec102.Acquisition.Tests.Meters;

/// <summary>A task and a meter that answers it by a rule, without actors, at noon of a fixed day.</summary>
internal sealed class FactBench
{
    public static readonly DateTimeZone Madrid = DateTimeZoneProviders.Tzdb["Europe/Madrid"];
    public static readonly Instant Noon = Instant.FromUtc(2024, 7, 15, 10, 0);

    public static MeterConfiguration Meter { get; } = new()
    {
        Id = "m-1",
        Port = "p-1",
        LinkAddress = 1,
        PointAddress = 1,
        Password = new Secret(7),
        TimeZone = Madrid,
    };

    public Instant Now { get; set; } = Noon;

    public Duration? ClockOffset { get; set; } = Duration.Zero;

    public int MaxOctets { get; set; } = 27_000;

    /// <summary>All requests so far.</summary>
    public List<Request> Asked { get; } = [];

    private TaskContext Context => new("m-1", 48304838, 1, Madrid, SummerTimeHabit.SuBit, ClockOffset, MaxOctets, Now);

    /// <summary>The midnight at which a day of July 2024 begins.</summary>
    public static Instant Midnight(int day) => Madrid.AtStartOfDay(new LocalDate(2024, 7, day)).ToInstant();

    /// <summary>Runs exchanges until the task has nothing more to ask at this moment.</summary>
    /// <param name="task">The task.</param>
    /// <param name="meter">What the meter answers to a request: octets, or the cause with which it refuses.</param>
    public IReadOnlyList<MeterFact> Run(FactTask task, Func<Request, (IReadOnlyList<byte[]> Answers, CauseOfTransmission? Cause)> meter)
    {
        var facts = new List<MeterFact>();
        for (var exchanges = 0; task.Due <= Now; exchanges++)
        {
            exchanges.ShouldBeLessThan(500, "The task asks for ever.");
            var request = task.Next(Context);
            Asked.Add(request);
            var (answers, cause) = meter(request);
            facts.AddRange(
                task.Take(Ended(request, cause is null ? ExchangeEnd.Completed : ExchangeEnd.Refused, answers, cause ?? default), Context));
        }

        return facts;
    }

    public IReadOnlyList<MeterFact> Run(FactTask task, Func<Request, IReadOnlyList<byte[]>> meter) =>
        Run(task, request => (meter(request), null));

    public IReadOnlyList<MeterFact> Refused(FactTask task, CauseOfTransmission cause) => Run(task, _ => ([], cause));

    /// <summary>Runs one exchange, which ends as the meter decides.</summary>
    public IReadOnlyList<MeterFact> One(FactTask task, Func<Request, (ExchangeEnd End, IReadOnlyList<byte[]> Answers)> meter)
    {
        var request = task.Next(Context);
        Asked.Add(request);
        var (end, answers) = meter(request);
        if (end == ExchangeEnd.Completed)
            return task.Take(Ended(request, end, answers, default), Context);
        task.TakeFailure(Ended(request, end, answers, default), Now);
        return [];
    }

    /// <summary>Runs one exchange that is cut off before the end of its answer.</summary>
    public void Cut(FactTask task, IReadOnlyList<byte[]> answers, ExchangeEnd end = ExchangeEnd.Expired)
    {
        var request = task.Next(Context);
        Asked.Add(request);
        task.TakeFailure(Ended(request, end, answers, default), Now);
    }

    /// <summary>What a one-off read gets from an exchange that was cut off after these answers.</summary>
    public MeterFact? PartOf(FactTask task, IReadOnlyList<byte[]> answers) =>
        task.PartOf(Ended(task.Next(Context), ExchangeEnd.Expired, answers, default), Context);

    /// <summary>The first or second time tag in the data of a request.</summary>
    public static TimeTagA Tag(Request request, int number) =>
        TimeTagA.Read(request.Asdu[(request.Asdu.Length - (2 - number) * TimeTagA.Length)..]);

    /// <summary>The instant of the first or second time tag in the data of a request.</summary>
    public static Instant Time(Request request, int number) =>
        CivilTime.ToInstant(Tag(request, number), Madrid, SummerTimeHabit.SuBit)!.Value;

    private ExchangeEnded Ended(Request request, ExchangeEnd end, IReadOnlyList<byte[]> answers, CauseOfTransmission cause) => new(
        default, request, end, cause, false, 1, answers, Now, Now, TimeSpan.Zero, end == ExchangeEnd.Completed
            ? null
            : $"cause {(int)cause}",
        new LineRate(900, OthersWait: false), request);
}
