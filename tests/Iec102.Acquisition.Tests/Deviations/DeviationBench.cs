using Iec102.Acquisition.Ports;
using Iec102.Acquisition.Profiles;
using Iec102.Acquisition.Tasks;
using Iec102.Acquisition.Tests.Ports;
using Iec102.Fleet;
using Iec102.Protocol.Application;
using Iec102.Protocol.Link;
using Iec102.Protocol.Time;
using Iec102.Simulator.Data;
using Iec102.Simulator.Lines;
using Iec102.Simulator.Meters;
using NodaTime;

namespace Iec102.Acquisition.Tests.Deviations;

/// <summary>
/// A port actor and, at the far end of its line, a simulated meter with unusual behaviour, all in virtual time. Everything that is read is
/// compared with the formula behind the meter's data, which knows nothing of frames.
/// </summary>
public abstract class DeviationBench : PortBench
{
    private const uint Serial = 48304838;
    private const int HistoryDays = 40;

    /// <summary>The longest, in seconds, that any good exchange takes with these meters. A single lost answer would cost 5 s.</summary>
    internal const double Brisk = 4.5;

    private readonly MeterData _data = new(seed: 1, Serial, point: 1);
    private WireTimer? _timer;

    internal static DateTimeZone Madrid { get; } = DateTimeZoneProviders.Tzdb["Europe/Madrid"];

    internal SimulatedMeter Simulated => Far.Simulated!.Meters[0];

    internal Instant WallClock => Instant.FromDateTimeOffset(Scheduler.Now);

    /// <summary>The 48 hours up to the last full hour.</summary>
    internal TimeRange TwoDays => Back(days: 2);

    /// <summary>Places the simulated meter on the line and starts the port in front of it.</summary>
    internal Client Connect(
        MeterBehaviour? meter = null, LineBehaviour? line = null, LinkTiming? timing = null, Duration clockOffset = default)
    {
        _timer = new WireTimer(Scheduler.Time);
        var options = new MeterOptions("m-1", Serial)
        {
            Key = 7,
            HistoryDays = HistoryDays,
            Behaviour = meter ?? new MeterBehaviour(),
            ClockOffset = clockOffset,
        };
        Far.Simulated = new SimulatedLine("line", [new SimulatedMeter(options, _ => _data, Scheduler.Time)], _timer, behaviour: line);
        Start(Tcp with { Timing = timing ?? new LinkTiming() });
        return Meter("m-1", 1);
    }

    /// <summary>As many days as given, up to the last full hour.</summary>
    internal TimeRange Back(int days)
    {
        var to = Instant.FromUnixTimeSeconds(WallClock.ToUnixTimeSeconds() / 3600 * 3600);
        return new TimeRange(to - Duration.FromDays(days), to);
    }

    /// <summary>
    /// Logs in and reads the clock, the instantaneous values and two days of hours; checks that all of it is right, that no frame was
    /// repeated and that the session was kept.
    /// </summary>
    internal async Task ShouldReadEverything(Client client, double within = Brisk)
    {
        var session = await client.LogIn();
        session.End.ShouldBe(ExchangeEnd.Completed, session.Error);
        (session.EndedAt - session.StartedAt).TotalSeconds.ShouldBeLessThan(within);

        var clock = await client.Get(client.ReadClock, session.Epoch);
        ReadOne<MeterClock>(clock, MeterClock.TryRead).Time.TryGetLocal(out var local).ShouldBeTrue();
        var shown = local!.Value.InZoneStrictly(Madrid).ToInstant();
        shown.ShouldBeInRange(clock.StartedAt, clock.EndedAt);

        var values = await client.Get(Request.ReadInstantaneousValues(1, [192, 193, 194]), session.Epoch);
        ReadOne<InstantaneousValues>(values, InstantaneousValues.TryRead).Totals!.Value.ActiveImport.Value.ShouldBe(
            _data.Register(values.EndedAt, 1).Value);

        var hours = TwoDays;
        ShouldBeTheTruth(await ReadRange(client, session.Epoch, hours), hours);
        await Advance(Seconds(2));
        Status.Counters.Repeats.ShouldBe(0);
        Simulated.Counters.Snapshot().Logins.ShouldBe(1);
    }

    /// <summary>Reads a range the way a one-off read does.</summary>
    internal async Task<IReadOnlyCollection<RecordedInterval>> ReadRange(Client client, int epoch, TimeRange range)
    {
        var task = new RangeTask(Curve.Hourly, RecordAddress.LoadCurve1, range, Madrid);
        var habit = Simulated.Behaviour.SummerTime;
        for (var requests = 0; !task.IsOver; requests++)
        {
            requests.ShouldBeLessThan(100);
            var context = new TaskContext("m-1", Serial, client.Point, Madrid, habit, Duration.Zero, MaxOctets: 27_000, WallClock);
            task.Take(await client.Get(task.Next(context), epoch), WallClock);
        }

        return task.Intervals;
    }

    /// <summary>Reads a curve the way its profile actor does.</summary>
    internal async Task<CurveHistory> ReadHistory(Client client, int epoch, TimeRange range)
    {
        var history = new CurveHistory(WallClock, range.From, Madrid, Simulated.Behaviour.SummerTime);
        for (var requests = 0; history.Next(WallClock) is { } chunk; requests++)
        {
            requests.ShouldBeLessThan(100);
            history.Take(chunk, await client.Get(chunk.Request, epoch), WallClock);
        }

        return history;
    }

    /// <summary>Checks that every hour of the range is there exactly once, with the meter's own values.</summary>
    internal void ShouldBeTheTruth(IReadOnlyCollection<RecordedInterval> read, TimeRange range, int objects = 8)
    {
        var hours = (int)(range.To - range.From).TotalHours;
        read.Select(interval => interval.End).ShouldBe(Enumerable.Range(1, hours).Select(hour => range.From + Duration.FromHours(hour)));
        foreach (var interval in read)
        {
            interval.Row.Count.ShouldBe(objects);
            for (var address = 1; address <= objects; address++)
            {
                var truth = _data.Increment(interval.End, 4, address);
                (interval.Row.GetValue(address), interval.Row.GetQuality(address)).ShouldBe((truth.Value, truth.Quality));
            }
        }
    }

    internal delegate bool TryRead<T>(in Asdu asdu, out T value);

    /// <summary>Decodes the only answer of an exchange.</summary>
    internal static T ReadOne<T>(ExchangeEnded ended, TryRead<T> tryRead)
    {
        ended.End.ShouldBe(ExchangeEnd.Completed, ended.Error);
        Asdu.TryRead(ended.Answers.ShouldHaveSingleItem(), out var asdu).ShouldBeTrue();
        tryRead(asdu, out var value).ShouldBeTrue();
        return value;
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        _timer?.Dispose();
    }
}

/// <summary>Planner, judge and state of an hourly curve: what its profile actor does, but without a journal.</summary>
internal sealed class CurveHistory
{
    private const int MaxOctets = 28_800;

    private readonly ProfileSettings _settings;
    private readonly MeterSession _session;
    private readonly List<RecordedInterval> _recorded = [];
    private ProfileState _state = ProfileState.Empty;
    private ChunkMemory _memory = ChunkMemory.Empty;

    public CurveHistory(Instant now, Instant from, DateTimeZone zone, SummerTimeHabit habit)
    {
        _settings = new ProfileSettings("m-1", Curve.Hourly, PointAddress: 1, zone, from, Duration.FromDays(180), Duration.FromMinutes(2));
        _session = new MeterSession(48304838, habit, Duration.Zero);
        Apply(new StartSet(from, 60, 0));
        Apply(new MeterSeen(_session.SerialNumber));
        Expected = _state.Expected(_settings.ExpectedEnd(now, Duration.Zero));
    }

    public TimeRange Expected { get; }

    /// <summary>All journaled intervals in ascending order; an interval that was journaled twice appears twice.</summary>
    public IReadOnlyList<RecordedInterval> Recorded => [.. _recorded.OrderBy(interval => interval.End)];

    public CoverageReport Report(Instant now) => _state.Coverage.Report(Expected, _state.LostTo(now, _settings), _state.Grid);

    public ReadChunk? Next(Instant now)
    {
        (var chunk, _memory) = new ChunkPlanner(_settings).Next(_state, _memory, _session, MaxOctets, now);
        return chunk;
    }

    public void Take(ReadChunk chunk, ExchangeEnded ended, Instant now)
    {
        (var events, _memory) = new AnswerJudge(_settings).Judge(_state, _memory, new ChunkAnswered(chunk, ended, _session), now);
        foreach (var one in events)
            Apply(one);
    }

    private void Apply(IProfileEvent one)
    {
        _state = _state.Apply(one);
        _recorded.AddRange((one as IntervalsRecorded)?.Intervals ?? []);
    }
}
