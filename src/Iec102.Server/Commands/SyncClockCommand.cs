using System.CommandLine;
using Iec102.Acquisition.Ports;
using Iec102.Acquisition.Tasks;
using Iec102.Fleet;
using Iec102.Protocol.Application;
using Iec102.Protocol.Time;
using Iec102.Server.Commands.Reads;
using Iec102.Server.Hosting;
using NodaTime;

namespace Iec102.Server.Commands;

/// <summary>sync-clock: sets a meter's clock by ours, after asking.</summary>
internal static class SyncClockCommand
{
    private const string Description =
        "Sets a meter's clock by this computer's: reads the clock, shows the difference and what would be written, asks, writes (type 181), reads the clock again. "
        + "The meter marks the interval in which that happens, or cuts it. Nothing else is written.";

    /// <summary>What the clock may still be off when it was set: the meter's own steps, and the line's.</summary>
    private static readonly Duration Near = Duration.FromSeconds(2);

    public static Command Create(TextReader input, bool isTerminal)
    {
        var options = new OneOffOptions();
        var writePassword = CommonOptions.Optional<uint?>(
            "--write-password", "N", "The key with which the meter lets its clock be set, when --password does not do.",
            text => uint.TryParse(text, out var key) ? (key, null) : (null, $"a key is a whole number from 0 to {uint.MaxValue}"));
        var yes = new Option<bool>("--yes") { Description = "Write without asking." };
        var command = new CommandWithExamples(
            "sync-clock", Description,
            "sync-clock --tcp 192.0.2.10:4001 --link 34572 --point 1 --password 7",
            "sync-clock --serial /dev/ttyUSB0 --line 9600-8E1 --link 1 --point 1 --password 1 --write-password 2 --yes");
        options.AddTo(command);
        command.Add(writePassword);
        command.Add(yes);
        command.SetAction(async (parsed, ct) =>
        {
            var meter = options.Read(parsed);
            var console = parsed.InvocationConfiguration;
            if (!parsed.GetValue(yes) && !isTerminal)
                throw new CommandFailure(CommandFailure.WrongUsage, "A meter's clock is written only after asking, and there is no terminal to ask on: say --yes.");
            if (HostClock.IsSynchronised() == false)
                await console.Error.WriteLineAsync("This computer's own clock is not synchronised: compare it with a good one first.");

            Func<Task<bool>> confirm = parsed.GetValue(yes) ? () => Task.FromResult(true) : () => AskAsync(input, console.Output, ct);
            Secret? key = parsed.GetValue(writePassword) is { } number ? new Secret(number) : null;
            await using var port = new OneOffPort(meter.Line, meter.Port);
            var session = await OneOffSession.OpenAsync(port, meter, console.Error.WriteLine, ct);
            return await new ClockSetting(session, meter, key, console.Output).RunAsync(confirm, ct) is not { } problem
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

    /// <summary>The steps, in one session.</summary>
    private sealed class ClockSetting(OneOffSession session, OneOffMeter meter, Secret? writePassword, TextWriter output)
    {
        /// <summary>Sets the clock when it is confirmed; answers what went wrong, or null.</summary>
        public async Task<string?> RunAsync(Func<Task<bool>> confirm, CancellationToken ct)
        {
            var (clock, habit, roundTrip) = await ReadAsync(meter, ct);
            await output.WriteLineAsync(clock is null ? "The meter's clock shows no date." : $"The meter's clock shows {InWords(clock)}, against this computer.");
            await output.WriteLineAsync($"To be written: the time of this computer, now {Label(TimeSpan.Zero, habit)}.");
            if (!await confirm())
            {
                await output.WriteLineAsync("Nothing was written.");
                return null;
            }

            if (writePassword is { } key && await session.LogInAsync(key, ct) is { IsCompleted: false } login)
                return OneOffSession.ExplainLogin(login).Replace("--password", "--write-password", StringComparison.Ordinal);
            var written = Label(roundTrip / 2, habit);
            var ended = await session.AskAsync(Request.SetClock(meter.PointAddress, written), ct);
            if (ended.End == ExchangeEnd.Refused)
                return $"The meter refuses to have its clock set: {OneOffSession.RefusalInWords(ended)}. It may want another key: --write-password.";
            if (!ended.IsCompleted)
                return $"{ended.Error!.TrimEnd('.')}: the clock may be set or not; read it with: iec102 read clock.";
            var (after, _, _) = await ReadAsync(meter with { Habit = habit }, ct);
            await output.WriteLineAsync($"Written: {written}. The meter's clock now shows {(after is null ? "no date" : InWords(after))}.");
            return after?.Offset <= Near && after.Offset >= -Near
                ? null
                : "The meter confirmed, but its clock has not followed; it may want another key (--write-password), or do it at its next minute.";
        }

        private async Task<(ClockReading? Clock, SummerTimeHabit Habit, TimeSpan RoundTrip)> ReadAsync(OneOffMeter asked, CancellationToken ct)
        {
            var ended = await session.AskAsync(Request.ReadCurrentTime(asked.PointAddress), ct);
            if (!ended.IsCompleted)
                throw new CommandFailure(CommandFailure.Failed, OneOffSession.Explain(ended, "its clock"));
            var (clock, habit) = ValueRead.ClockOf(ended, asked);
            return (clock, habit, ended.LastRoundTrip);
        }

        private static string InWords(ClockReading clock) => $"{clock.Tag}: {ValueRead.OffsetInWords(clock)}";

        /// <summary>The label that the meter would give to this moment, or to one a little later: when the command will have arrived.</summary>
        private TimeTagB Label(TimeSpan later, SummerTimeHabit habit) =>
            CivilTime.ToTagB(SystemClock.Instance.GetCurrentInstant() + Duration.FromTimeSpan(later), meter.Zone, habit);
    }
}
