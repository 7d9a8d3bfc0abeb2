using Iec102.Acquisition.Ports;
using Iec102.Fleet;
using Iec102.Lines;
using Iec102.Protocol.Application;
using Iec102.Protocol.Description;
using Iec102.Protocol.Time;
using NodaTime;

namespace Iec102.Server.Commands;

/// <summary>One meter on one line, as the options of a command name it.</summary>
/// <param name="Line">Opens the line.</param>
/// <param name="Port">How the line is used.</param>
/// <param name="LinkAddress">The link address.</param>
/// <param name="PointAddress">The measurement point.</param>
/// <param name="Password">The key of the login.</param>
/// <param name="Meter">The id to show it under.</param>
/// <param name="Zone">The zone of its civil time.</param>
/// <param name="Habit">How it labels summer time; null to tell it from its clock.</param>
internal sealed record OneOffMeter(
    ILineFactory Line, PortSettings Port, ushort LinkAddress, ushort PointAddress, Secret Password, string Meter, DateTimeZone Zone, SummerTimeHabit? Habit);

/// <summary>A session with one meter on a line of a command.</summary>
/// <param name="port">The line.</param>
/// <param name="meter">The meter.</param>
/// <param name="say">Is told in a sentence when a lost line or session is opened anew.</param>
internal sealed class OneOffSession(OneOffPort port, OneOffMeter meter, Action<string> say)
{
    /// <summary>Reads a value from an answer.</summary>
    public delegate bool AnswerReading<T>(in Asdu asdu, out T value);

    /// <summary>How often in a row, without anything new, a lost line or session is opened anew.</summary>
    private const int MostLosses = 3;

    private int _epoch;
    private int _losses;

    /// <summary>Opens the line and logs in.</summary>
    /// <exception cref="CommandFailure">There is no line, no answer or no permission.</exception>
    public static async Task<OneOffSession> OpenAsync(OneOffPort port, OneOffMeter meter, Action<string> say, CancellationToken ct)
    {
        var session = new OneOffSession(port, meter, say);
        var login = await session.LogInAsync(meter.Password, ct);
        return login.IsCompleted ? session : throw new CommandFailure(CommandFailure.Failed, ExplainLogin(login));
    }

    /// <summary>Logs in, also anew.</summary>
    public async Task<ExchangeEnded> LogInAsync(Secret password, CancellationToken ct)
    {
        var ended = await ExchangeAsync(Request.Login(meter.PointAddress, password.Reveal()), ct);
        _epoch = ended.Epoch;
        return ended;
    }

    /// <summary>
    /// One exchange; it always ends, within the budgets of the link. Some meters drop a session by themselves and then refuse whatever is asked: one that refuses
    /// its clock too gets a new login, and is asked once more.
    /// </summary>
    public async Task<ExchangeEnded> AskAsync(Request request, CancellationToken ct)
    {
        var ended = await ExchangeAsync(request, ct);
        var isToBeBelieved = ended.End != ExchangeEnd.Refused || request.Pattern == ConversationPattern.Command
            || (await ExchangeAsync(Request.ReadCurrentTime(meter.PointAddress), ct)).End != ExchangeEnd.Refused;
        if (isToBeBelieved || !(await LogInAsync(meter.Password, ct)).IsCompleted)
            return ended;
        say("The meter had ended the session: it was opened anew.");
        return await ExchangeAsync(request, ct);
    }

    /// <summary>The same, asked once more when line or session were lost and could be had again.</summary>
    public async Task<ExchangeEnded> AskAgainAsync(Request request, CancellationToken ct)
    {
        while (true)
        {
            var ended = await AskAsync(request, ct);
            var isDone = ended.End is ExchangeEnd.Completed or ExchangeEnd.Refused;
            if (await ContinueAsync(ended, isDone, ct) is not null || isDone)
                return ended;
        }
    }

    /// <summary>
    /// Lets a long read go on after an exchange: when that lost the line or the session, they are opened anew, at once, then after 1 s and 2 s, three times in
    /// a row without anything new at most. Answers null when the read can go on, else why not.
    /// </summary>
    /// <param name="ended">The exchange.</param>
    /// <param name="hasProgressed">It brought something new: a loss is not in a row with the one before.</param>
    /// <param name="ct">Gives up.</param>
    public async Task<string?> ContinueAsync(ExchangeEnded ended, bool hasProgressed, CancellationToken ct)
    {
        if (hasProgressed)
            _losses = 0;
        while (ended.End is not (ExchangeEnd.Completed or ExchangeEnd.Refused))
        {
            if (_losses == MostLosses)
                return $"{Sentence(ended)}.";
            say($"{Sentence(ended)}: the session is opened anew, {++_losses} of {MostLosses}.");
            await Task.Delay(TimeSpan.FromSeconds(_losses - 1), ct);
            ended = await LogInAsync(meter.Password, ct);
            if (ended.End == ExchangeEnd.Refused)
                return ExplainLogin(ended);
        }

        return null;
    }

    /// <summary>Reads the first answer of an exchange; false when there is none or it holds something else.</summary>
    public static bool TryRead<T>(ExchangeEnded ended, AnswerReading<T> read, out T value)
    {
        value = default!;
        return ended.IsCompleted && ended.Answers.Count > 0 && Asdu.TryRead(ended.Answers[0], out var asdu) && read(asdu, out value);
    }

    /// <summary>Why an exchange did not complete, as one sentence.</summary>
    /// <param name="ended">Its end.</param>
    /// <param name="what">What was asked, such as "its clock".</param>
    public static string Explain(ExchangeEnded ended, string what) => ended.End == ExchangeEnd.Refused
        ? $"The meter refuses to give {what}: {RefusalInWords(ended)}."
        : $"{Sentence(ended)}.";

    /// <summary>Why a login failed, and what to check.</summary>
    public static string ExplainLogin(ExchangeEnded login) => login.End switch
    {
        ExchangeEnd.Refused => $"The meter refuses the login with {RefusalInWords(login)}: check --password and --point.",
        ExchangeEnd.NoAnswer => $"{Sentence(login)}: check --link, the line and its format, and that the meter is powered.",
        _ => $"{Sentence(login)}.",
    };

    /// <summary>A refusal in words, such as "cause 15, record number not known".</summary>
    public static string RefusalInWords(ExchangeEnded ended) =>
        ended.Cause.IsRefusal() ? $"cause {(byte)ended.Cause}, {ended.Cause.InWords()}" : "a negative confirmation";

    private Task<ExchangeEnded> ExchangeAsync(Request request, CancellationToken ct) => port.AskAsync(
        new ExchangeRequest(default, meter.Meter, meter.LinkAddress, request, RequestClass.OnDemand, _epoch, OneOffPort.ExchangeLimit), ct);

    private static string Sentence(ExchangeEnded ended) => ended.Error!.TrimEnd('.');
}
