using Akka.Actor;
using Akka.Configuration;
using Iec102.Acquisition.Fleet;
using Iec102.Acquisition.Ports;
using Iec102.Lines;
using Iec102.Protocol;
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

/// <summary>
/// A session with one meter without a server: the server's own port actor, alone in an actor system. Disposing it ends the session (187) and closes the line.
/// </summary>
internal sealed class OneOffSession : IAsyncDisposable
{
    /// <summary>Reads a value from an answer.</summary>
    public delegate bool AnswerReading<T>(in Asdu asdu, out T value);

    private const string Silent = "akka { loglevel = OFF, stdout-loglevel = OFF, log-dead-letters = off, log-dead-letters-during-shutdown = off }";

    /// <summary>Longer than the slowest line takes for a chunk: before it passes, the budgets of the link end what goes wrong.</summary>
    private static readonly TimeSpan ExchangeLimit = TimeSpan.FromMinutes(30);

    private readonly ActorSystem _system = ActorSystem.Create("one-off", ConfigurationFactory.ParseString(Silent));
    private readonly OneOffMeter _meter;
    private readonly IActorRef _port;
    private int _epoch;

    private OneOffSession(OneOffMeter meter)
    {
        _meter = meter;
        _port = _system.ActorOf(Props.Create(() => new PortActor(meter.Port, meter.Line, ActorRefs.Nobody, TimeProvider.System, new PortMeters())), "port");
    }

    /// <summary>Opens the line and logs in.</summary>
    /// <exception cref="CommandFailure">There is no line, no answer or no permission.</exception>
    public static async Task<OneOffSession> OpenAsync(OneOffMeter meter, CancellationToken ct)
    {
        var session = new OneOffSession(meter);
        try
        {
            return await session.LogInAsync(ct) is { } error ? throw new CommandFailure(CommandFailure.Failed, error) : session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    /// <summary>Logs in, also anew after the session was lost; answers why it failed, or null.</summary>
    public async Task<string?> LogInAsync(CancellationToken ct)
    {
        var ended = await AskAsync(Request.Login(_meter.PointAddress, _meter.Password.Reveal()), ct);
        _epoch = ended.Epoch;
        return ended.End switch
        {
            ExchangeEnd.Completed => null,
            ExchangeEnd.Refused => $"The meter refuses the login with {RefusalInWords(ended)}: check --password and --point.",
            ExchangeEnd.NoAnswer => $"{Sentence(ended)}: check --link, the line and its format, and that the meter is powered.",
            _ => $"{Sentence(ended)}.",
        };
    }

    /// <summary>One exchange; it always ends, within the budgets of the link.</summary>
    public Task<ExchangeEnded> AskAsync(Request request, CancellationToken ct) => _port.Ask<ExchangeEnded>(
        new ExchangeRequest(_meter.Meter, _meter.LinkAddress, request, RequestClass.OnDemand, _epoch, ExchangeLimit), Timeout.InfiniteTimeSpan, ct);

    /// <summary>Reads what one answer holds, and when it came.</summary>
    /// <param name="request">What is asked.</param>
    /// <param name="what">The same in words, such as "its clock".</param>
    /// <param name="read">Reads the answer.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="CommandFailure">There is no such answer.</exception>
    public async Task<(T Value, Instant ReadAt)> ReadAsync<T>(Request request, string what, AnswerReading<T> read, CancellationToken ct)
    {
        var ended = await AskAsync(request, ct);
        if (!ended.IsCompleted)
            throw new CommandFailure(CommandFailure.Failed, Explain(ended, what));
        return ended.Answers.Count > 0 && Asdu.TryRead(ended.Answers[0], out var asdu) && read(asdu, out var value)
            ? (value, ended.EndedAt)
            : throw new CommandFailure(CommandFailure.Failed, $"The meter's answer does not hold {what}.");
    }

    /// <summary>Why an exchange did not complete, as one sentence.</summary>
    /// <param name="ended">Its end.</param>
    /// <param name="what">What was asked, such as "its clock".</param>
    public static string Explain(ExchangeEnded ended, string what) => ended.End == ExchangeEnd.Refused
        ? $"The meter refuses to give {what}: {RefusalInWords(ended)}."
        : $"{Sentence(ended)}.";

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        try
        {
            // The running exchange has one reply timeout to come to its next frame, the end of the session another.
            await _port.Ask<PortReleased>(new ReleasePort(), 2 * _meter.Port.Timing.ReplyTimeout + TimeSpan.FromSeconds(1));
        }
        catch (AskTimeoutException)
        {
            // The meter ends the session by itself after a while.
        }

        await _system.Terminate();
    }

    private static string Sentence(ExchangeEnded ended) => ended.Error!.TrimEnd('.');

    private static string RefusalInWords(ExchangeEnded ended) =>
        ended.Cause.IsRefusal() ? $"cause {(byte)ended.Cause}, {ended.Cause.InWords()}" : "a negative confirmation";
}
