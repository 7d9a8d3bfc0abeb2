using System.CommandLine;
using Iec102.Acquisition.Meters;
using Iec102.Acquisition.Tasks;
using Iec102.Fleet;
using Iec102.Protocol.Application;
using Iec102.Protocol.Time;
using Iec102.Server.Commands.Common;
using Iec102.Server.Commands.Reads;
using Iec102.Server.Hosting;
using Iec102.Server.OneOff;
using NodaTime;

namespace Iec102.Server.Commands;

/// <summary>sync-clock: sets a meter's clock to this computer's time, after asking.</summary>
internal static class SyncClockCommand
{
    private const string Description =
        "Sets a meter's clock to this computer's time: reads the clock, shows the difference and what would be written, asks for "
        + "confirmation, writes (type 181), and reads the clock again. The meter marks or shortens the interval in which its clock is set. "
        + "Nothing else is written.";

    /// <summary>The difference that may remain after the clock was set: meter and line have their own delays.</summary>
    private static readonly Duration Near = Duration.FromSeconds(2);

    public static Command Create(TextReader input, bool isTerminal)
    {
        var options = new OneOffOptions(input, isTerminal);
        var writePassword = new PasswordOptions(
            "--write-password", "The key that may set the meter's clock, if the one of --password may not.");
        var yes = new Option<bool>("--yes") { Description = "Write without asking." };
        var command = new CommandWithExamples(
            "sync-clock", Description,
            "sync-clock --tcp 192.0.2.10:4001 --link 34572 --point 1",
            "sync-clock --serial /dev/ttyUSB0 --line 9600-8E1 --link 1 --password-file key.txt --write-password-file write.txt --yes");
        options.AddTo(command);
        writePassword.AddTo(command);
        command.Add(yes);
        command.SetAction(async (parsed, ct) =>
        {
            var meter = options.Read(parsed);
            var console = parsed.InvocationConfiguration;
            if (!parsed.GetValue(yes) && !isTerminal)
                throw new CommandFailure(
                    CommandFailure.WrongUsage,
                    "Setting a meter's clock needs confirmation, and there is no terminal to ask on: pass --yes.");
            if (HostClock.IsSynchronised() == false)
                await console.Error.WriteLineAsync("This computer's own clock is not synchronised: compare it with a reliable one first.");

            Func<Task<bool>> confirm = parsed.GetValue(yes) ? () => Task.FromResult(true) : () => AskAsync(input, console.Output, ct);
            if (writePassword.Read(parsed) is [var key])
                meter = meter with { Configuration = meter.Configuration with { WritePassword = new Secret(key) } };
            await using var port = new OneOffPort(meter.Line, meter.Port);
            var session = new OneOffSession(port, meter, new WorkProgress(_ => { }, console.Error.WriteLine));
            return await new Dialogue(session, meter.Zone, console.Output).RunAsync(confirm, ct) is not { } problem
                ? 0
                : throw new CommandFailure(CommandFailure.Failed, problem);
        });
        return command;
    }

    private static async Task<bool> AskAsync(TextReader input, TextWriter output, CancellationToken ct)
    {
        await output.WriteAsync("Write it? [y/N] ");
        return (await input.ReadLineAsync(ct))?.Trim() is "y" or "Y" or "yes";
    }

    /// <summary>The steps: read the clock, ask for confirmation, write, read again.</summary>
    private sealed class Dialogue(OneOffSession session, DateTimeZone zone, TextWriter output)
    {
        private string _whenStopped = "Stopped: nothing was written.";

        /// <summary>Sets the clock once this is confirmed. Returns what went wrong; null when nothing did.</summary>
        public async Task<string?> RunAsync(Func<Task<bool>> confirm, CancellationToken ct)
        {
            try
            {
                return await SetAsync(confirm, ct);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return _whenStopped;
            }
        }

        private async Task<string?> SetAsync(Func<Task<bool>> confirm, CancellationToken ct)
        {
            var before = await ReadAsync(ct);
            await output.WriteLineAsync(
                before is null
                    ? "The meter's clock shows no date."
                    : $"The meter's clock shows {InWords(before)}, compared with this computer.");
            var label = CivilTime.ToTagB(SystemClock.Instance.GetCurrentInstant(), zone, session.Habit);
            await output.WriteLineAsync($"To be written: this computer's time, now {label}.");
            if (!await confirm())
            {
                await output.WriteLineAsync("Nothing was written.");
                return null;
            }

            _whenStopped = "Stopped: the clock may or may not be set; check it with iec102 read clock.";
            var written = await session.SetClockAsync(ct);
            if (session.Login is { IsCompleted: false } login)
                return ExchangeWords.FailedLogin(login, "write password");
            if (written is null)
                return $"{ExchangeWords.Failure(session.Last!)}: nothing was written.";
            if (written.Outcome == ClockWriteOutcome.Refused)
                return $"The meter refuses to have its clock set: {ExchangeWords.Cause(session.Last!)}. "
                    + (session.Last!.Cause == CauseOfTransmission.TypeNotAvailable
                        ? "Its clock cannot be set over this line."
                        : "It may need another key: give it with --write-password.");
            if (written.Outcome == ClockWriteOutcome.NoAnswer)
                return $"{ExchangeWords.Failure(session.Last!)}: the clock may or may not be set; check it with iec102 read clock.";
            var after = await ReadAsync(ct);
            await output.WriteLineAsync(
                $"Written: {written.Written}. The meter's clock now shows {(after is null ? "no date" : InWords(after))}.");
            if (after?.Offset <= Near && after.Offset >= -Near)
                return null;
            return after is not null && before is not null && Math.Abs((after.Offset - before.Offset).TotalSeconds) < Near.TotalSeconds
                ? "The meter confirmed the write, but its clock has not changed; it may need another key (--write-password), or may apply "
                    + "the change at its next full minute."
                : "The meter confirmed the write, but its clock is not right; the command may have been late on the line. Run sync-clock "
                    + "again.";
        }

        /// <summary>Reads the clock; null when it shows no date.</summary>
        private async Task<ClockReading?> ReadAsync(CancellationToken ct)
        {
            var answer = await session.RunAsync(session.Clock, ct);
            if (answer is null)
                throw new CommandFailure(CommandFailure.Failed, session.Failure!);
            if (answer is ReadNowAnswer.Refused && session.Refusal is { } refusal)
                throw new CommandFailure(CommandFailure.Failed, ExchangeWords.Refuses(refusal, session.Clock.Name));
            return (answer as ReadNowAnswer.Clock)?.Reading;
        }

        private static string InWords(ClockReading clock) => $"{clock.Tag}: {ValueRead.OffsetInWords(clock)}";
    }
}
