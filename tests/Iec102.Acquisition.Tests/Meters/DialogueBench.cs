using Iec102.Acquisition.Meters;
using Iec102.Acquisition.Ports;
using Iec102.Acquisition.Profiles;
using Iec102.Acquisition.Tasks;
using Iec102.Fleet;
using Iec102.Protocol.Application;
using Iec102.Protocol.Time;
using NodaTime;

namespace Iec102.Acquisition.Tests.Meters;

/// <summary>A dialogue with a meter, without actors: the test sets the time, answers the requests and collects the notices.</summary>
internal sealed class DialogueBench
{
    public const uint Serial = 48304838;

    /// <summary>How long somebody waits for a one-off read.</summary>
    public static readonly Duration Patience = Duration.FromSeconds(30);

    private readonly List<DialogueNotice> _told = [];
    private Instant _now = FactBench.Noon;
    private Duration _elapsed;
    private int _epoch;
    private int _jobs;

    /// <summary>Creates a dialogue that is ready to ask.</summary>
    /// <param name="configuration">The meter; null for <see cref="Silent"/>.</param>
    /// <param name="identifies">Whether each session begins by reading the device identification.</param>
    /// <param name="hostClock">What is known of our clock; null for nothing.</param>
    public DialogueBench(MeterConfiguration? configuration = null, bool identifies = true, IHostClock? hostClock = null)
    {
        Configuration = configuration ?? Silent;
        Dialogue = new MeterDialogue(Configuration, hostClock, identifies);
        var known = MeterAnswers.Everything("m-1", Serial, _now);
        Agenda = new MeterAgenda(Configuration, [Curve.Hourly], new FactAgenda(Configuration, known.Progress, known.Configuration, _now));
    }

    /// <summary>A meter from which only the hourly curve is read.</summary>
    public static MeterConfiguration Silent { get; } =
        FactBench.Meter with { CurrentValues = new CurrentValuesConfiguration { Enabled = false } };

    public MeterConfiguration Configuration { get; }

    public MeterDialogue Dialogue { get; }

    public MeterAgenda Agenda { get; }

    /// <summary>The exchange under way; null when there is none.</summary>
    public ExchangeToAsk? Asked { get; private set; }

    /// <summary>All notices so far.</summary>
    public IReadOnlyList<DialogueNotice> Told => _told;

    /// <summary>The link epoch of the newest session.</summary>
    public int Epoch => _epoch;

    public MeterState State => Dialogue.Status.State;

    public Moment Moment => new(_now, _elapsed.ToTimeSpan());

    /// <summary>The type of the request under way; null when there is none.</summary>
    public TypeIdentification? AskedType => Asked?.Request.Header.Type;

    public DialogueBench Begin(uint? known = null)
    {
        Dialogue.Begin(Agenda, MeterAnswers.Everything("m-1", known, _now), _now);
        return Proceed();
    }

    /// <summary>Does what the actor does after every message: asks for the next exchange and takes the notices.</summary>
    public DialogueBench Proceed()
    {
        if (Dialogue.Next(Moment) is { } next)
        {
            Asked.ShouldBeNull("It asks while an exchange is under way.");
            Asked = next;
        }

        _told.AddRange(Dialogue.TakeNotices());
        return this;
    }

    public DialogueBench Wait(Duration time)
    {
        _now += time;
        _elapsed += time;
        return Proceed();
    }

    /// <summary>Our clock is set forward or back.</summary>
    public DialogueBench SetsClock(Duration by)
    {
        _now += by;
        Dialogue.ClockStepped(by, _now);
        return Proceed();
    }

    /// <summary>Ends the exchange under way.</summary>
    public DialogueBench Ends(ExchangeEnd end, CauseOfTransmission cause = default, params byte[][] answers)
    {
        var asked = Asked.ShouldNotBeNull();
        Asked = null;
        if (asked.Request.Header.Type == TypeIdentification.Login && end == ExchangeEnd.Completed)
            _epoch++;
        var error = end == ExchangeEnd.Completed ? null : "failed";
        Dialogue.Take(
            new ExchangeEnded(
                default, asked.Request, end, cause, IsNegative: false, _epoch, answers, _now, _now, TimeSpan.Zero, error,
                new LineRate(900, OthersWait: false), asked.Request),
            Moment);
        return Proceed();
    }

    /// <summary>Answers the exchange under way as a healthy meter would.</summary>
    public DialogueBench Answers(uint serial = Serial) => AskedType switch
    {
        TypeIdentification.ReadDeviceIdentification => Ends(ExchangeEnd.Completed, default, MeterAnswers.Identification(serial)),
        TypeIdentification.ReadInstantaneousValues => Ends(ExchangeEnd.Completed, default, MeterAnswers.Instantaneous(default)),
        TypeIdentification.ReadCurrentTime => Ends(ExchangeEnd.Completed, default, MeterAnswers.Clock(_now, FactBench.Madrid)),
        _ => Ends(ExchangeEnd.Completed),
    };

    public DialogueBench Refuses(CauseOfTransmission cause = CauseOfTransmission.RecordNotKnown) => Ends(ExchangeEnd.Refused, cause);

    /// <summary>Answers the login, the identification and the clock.</summary>
    public DialogueBench LogsIn()
    {
        AskedType.ShouldBe(TypeIdentification.Login);
        return Answers().Answers().Answers();
    }

    /// <summary>Somebody requests a one-off read.</summary>
    public DialogueBench Wants(Readable what)
    {
        Dialogue.Do(new MeterJob(++_jobs, what, Moment.Elapsed + Patience.ToTimeSpan()));
        return Proceed();
    }

    /// <summary>Somebody wants the clock set.</summary>
    public DialogueBench WantsClockSet()
    {
        Dialogue.Do(new MeterJob(++_jobs, Readable.Clock, Moment.Elapsed + Patience.ToTimeSpan()) { SetsClock = true });
        return Proceed();
    }

    /// <summary>Answers the question for the clock with one that is off by this much.</summary>
    public DialogueBench ShowsClock(Duration offset)
    {
        AskedType.ShouldBe(TypeIdentification.ReadCurrentTime);
        return Ends(ExchangeEnd.Completed, default, MeterAnswers.Clock(_now + offset, FactBench.Madrid));
    }

    /// <summary>The answer to the latest one-off read; null until there is one.</summary>
    public ReadNowAnswer? Answer => _told.OfType<DialogueNotice.JobEnded>().FirstOrDefault(ended => ended.Job.Ticket == _jobs)?.Job.Answer;

    /// <summary>The profile actor of the hourly curve has a chunk to read.</summary>
    public DialogueBench HasChunk()
    {
        var tag = CivilTime.ToTagA(_now, FactBench.Madrid);
        var range = new TimeRange(_now - Duration.FromDays(1), _now);
        Dialogue.CurveOf(Curve.Hourly)?.MakeReady(
            new ReadChunk(Curve.Hourly, range, Request.ReadIncrementalTotalBlocks(1, 11, 9, tag, tag), 24));
        return Proceed();
    }

    /// <summary>The profile actor of the hourly curve has nothing to read for the given time.</summary>
    public DialogueBench HasNothing(Duration time)
    {
        Dialogue.CurveOf(Curve.Hourly)?.NothingBefore(_now + time);
        return Proceed();
    }

    /// <summary>The profile actor of the hourly curve has stored the chunk.</summary>
    public DialogueBench HasStored()
    {
        Dialogue.CurveOf(Curve.Hourly)?.Stored(_now);
        return Proceed();
    }
}
