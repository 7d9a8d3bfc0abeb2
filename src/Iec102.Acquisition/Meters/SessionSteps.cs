using Iec102.Acquisition.Ports;
using Iec102.Acquisition.Tasks;
using Iec102.Protocol.Application;

namespace Iec102.Acquisition.Meters;

/// <summary>What an exchange is for.</summary>
internal enum StepKind
{
    /// <summary>The login, with the password that reads.</summary>
    Login,

    /// <summary>A request of a task.</summary>
    Task,

    /// <summary>The clock, asked to see whether the session is still there.</summary>
    Proof,

    /// <summary>The login with the password that sets the clock.</summary>
    WriteLogin,

    /// <summary>The command that sets the clock.</summary>
    ClockWriting,
}

/// <summary>An exchange of a dialogue, and the task it belongs to, if any.</summary>
internal sealed record Step(StepKind Kind, MeterTask? Task = null);

/// <summary>An exchange that has ended, with the end that counts.</summary>
/// <param name="Step">What it was for.</param>
/// <param name="Ended">Its end.</param>
/// <param name="IsDrop">The meter had dropped the session: the request counts as never sent.</param>
internal sealed record StepEnd(Step Step, ExchangeEnded Ended, bool IsDrop = false);

/// <summary>
/// The steps of a session one after the other: what a new session is asked first, which exchange is under way, and whether a refusal is to
/// be believed.
/// <para>Some meters drop a session by themselves and then refuse whatever is asked, with an unknown cause (protocol notes 7.4), so a
/// refusal is believed only when the meter still gives its clock. A meter that drops its session right after the login has given no clock
/// in it, so a refused clock is doubted as well; unless the clock has never been read and is refused again after the next login: then the
/// meter has none, and all its refusals are believed.</para>
/// </summary>
/// <param name="identifies">A new session begins by asking who answers.</param>
internal sealed class SessionSteps(bool identifies)
{
    private Opening _opening;
    private StepEnd? _doubted;
    private bool _hasClock;
    private bool _refusesClock;

    /// <summary>What a new session still has to ask before anything else.</summary>
    private enum Opening { None, Identity, Clock }

    /// <summary>The exchange that is under way; null when there is none.</summary>
    public Step? Running { get; private set; }

    /// <summary>A refusal waits for the proof that the session is still there.</summary>
    public bool IsDoubtful => _doubted is not null;

    /// <summary>Everything that a new session asks first has been asked.</summary>
    public bool IsOpened => _opening == Opening.None;

    /// <summary>Sessions that the meter dropped in a row, with nothing read in between.</summary>
    public int Drops { get; private set; }

    /// <summary>The step that comes before anything that is due; null when the session is ready for that.</summary>
    public Step? First(MeterAgenda agenda)
    {
        if (IsDoubtful)
            return new Step(StepKind.Proof);
        return _opening switch
        {
            Opening.Identity => new Step(StepKind.Task, agenda.Identification),
            Opening.Clock => new Step(StepKind.Task, agenda.Clock),
            _ => null,
        };
    }

    /// <summary>An exchange begins.</summary>
    public void Begin(Step step) => Running = step;

    /// <summary>A login was confirmed.</summary>
    /// <param name="isIdentityWanted">Somebody waits for the identification, which does not need the clock.</param>
    public void Opened(bool isIdentityWanted) => _opening = identifies || isIdentityWanted ? Opening.Identity : Opening.Clock;

    /// <summary>The session is lost, and with it what it still had to ask.</summary>
    public void Lost() => _opening = Opening.None;

    /// <summary>The meter has dropped the session.</summary>
    public void Dropped() => Drops++;

    /// <summary>A task was answered, or refused for good.</summary>
    public void Answered(MeterTask task, ExchangeEnded ended)
    {
        if (task is ClockTask)
            NoteClock(ended);
        else if (task is not IdentificationTask)
            Drops = 0;
        _opening = _opening == Opening.Identity ? Opening.Clock : Opening.None;
    }

    /// <summary>Takes the end of the exchange under way; null while it is in doubt.</summary>
    public StepEnd? Take(ExchangeEnded ended)
    {
        var step = Running!;
        Running = null;
        if (step.Kind == StepKind.Proof)
            return Decide(ended);
        if (!Doubts(step.Task, ended))
            return new StepEnd(step, ended);
        _doubted = new StepEnd(step, ended);
        return step.Task is ClockTask ? Decide(ended) : null;
    }

    /// <summary>The session of a doubted refusal is gone, so the refusal can no longer be verified.</summary>
    public StepEnd Undo(string why) => Undo(ExchangeEnd.SessionLost, why, isDrop: false);

    private bool Doubts(MeterTask? task, ExchangeEnded ended) =>
        ended.End == ExchangeEnd.Refused && !_refusesClock && task is not (null or IdentificationTask)
        && ended.Request.Pattern != ConversationPattern.Command;

    /// <summary>When the clock was read the refusal stands; otherwise the request counts as never sent.</summary>
    private StepEnd Decide(ExchangeEnded proof)
    {
        NoteClock(proof);
        if (proof.End == ExchangeEnd.Refused)
            return Undo(ExchangeEnd.SessionLost, "the meter had dropped the session", isDrop: true);
        if (!proof.IsCompleted)
            return Undo(proof.End, proof.Error, isDrop: false);
        var refusal = _doubted!;
        _doubted = null;
        return refusal;
    }

    private StepEnd Undo(ExchangeEnd end, string? error, bool isDrop)
    {
        var (step, refusal, _) = _doubted!;
        _doubted = null;
        return new StepEnd(step, refusal with { End = end, EndedAt = refusal.StartedAt, Error = error }, isDrop);
    }

    private void NoteClock(ExchangeEnded ended)
    {
        _hasClock |= ended.IsCompleted;
        _refusesClock = ended.End == ExchangeEnd.Refused && !_hasClock;
    }
}
