using System.Globalization;
using System.Text.RegularExpressions;
using Iec102.Protocol.Application;
using Iec102.Protocol.Time;
using Iec102.Server.Hosting;
using Iec102.Simulator.Hosting;
using Iec102.Simulator.Meters;
using NodaTime;

namespace Iec102.Server.Tests.Commands;

public sealed partial class SyncClockTests
{
    private const double Tolerance = 1;

    [Fact]
    public async Task A_clock_that_is_90_s_fast_is_shown_so_set_and_shown_again()
    {
        await using var simulator = await SimulateAsync(Duration.FromSeconds(90));

        var result = await Cli.RunAsync($"sync-clock {Options(simulator)} --yes");

        result.Status.ShouldBe(0, result.Error);
        var offsets = Offsets(result);
        offsets[0].ShouldBe(90, Tolerance);
        offsets[1].ShouldBe(0, Tolerance);
        OffsetOf(simulator).ShouldBe(0, Tolerance);
    }

    [Theory]
    [InlineData(SummerTimeHabit.AlwaysWinter, "always-winter")]
    [InlineData(SummerTimeHabit.Civil, "civil")]
    [InlineData(SummerTimeHabit.SuBit, "su-bit")]
    public async Task The_time_is_written_in_the_meters_own_summer_time_habit(SummerTimeHabit habit, string name)
    {
        // The clock is wrong by a whole day, so that the habit cannot be inferred from it.
        await using var simulator = await SimulateAsync(Duration.FromDays(-1), new MeterBehaviour { SummerTime = habit });

        var result = await Cli.RunAsync($"sync-clock {Options(simulator)} --yes --summer-time {name}");

        result.Status.ShouldBe(0, result.Error);
        OffsetOf(simulator).ShouldBe(0, Tolerance);
    }

    [Fact]
    public async Task On_a_terminal_it_asks_and_only_yes_is_a_yes()
    {
        await using var simulator = await SimulateAsync(Duration.FromSeconds(-30));

        var no = await Cli.RunAsync($"sync-clock {Options(simulator)}", input: "\n", isTerminal: true);
        var afterNo = OffsetOf(simulator);
        var yes = await Cli.RunAsync($"sync-clock {Options(simulator)}", input: "y\n", isTerminal: true);

        no.Status.ShouldBe(0, no.Error);
        no.Output.ShouldContain("Nothing was written.");
        afterNo.ShouldBe(-30, Tolerance);
        yes.Status.ShouldBe(0, yes.Error);
        OffsetOf(simulator).ShouldBe(0, Tolerance);
    }

    [Fact]
    public async Task Without_a_terminal_and_without_yes_the_meter_is_not_even_asked()
    {
        await using var simulator = await SimulateAsync(Duration.FromSeconds(90));

        var result = await Cli.RunAsync($"sync-clock {Options(simulator)}");

        result.Status.ShouldBe(2);
        result.Sentence.ShouldBe("Setting a meter's clock needs confirmation, and there is no terminal to ask on: pass --yes.");
        simulator.Meters.Single().Counters.Snapshot().LinkResets.ShouldBe(0);
    }

    [Fact]
    public async Task A_refused_write_password_writes_nothing()
    {
        await using var simulator = await SimulateAsync(Duration.FromSeconds(90));

        var result = await Cli.RunAsync($"sync-clock {Options(simulator)} --yes --write-password 99");

        result.Status.ShouldBe(1);
        SentenceOf(result).ShouldBe(
            "The meter refuses the login (it gives no reason): check the write password and the measurement point.");
        OffsetOf(simulator).ShouldBe(90, Tolerance);
    }

    [Fact]
    public async Task A_meter_that_wants_a_key_of_its_own_for_writing_refuses_without_it_and_is_set_with_it()
    {
        await using var simulator = await SimulateAsync(Duration.FromSeconds(90), new MeterBehaviour { WriteKey = 55 });

        var refused = await Cli.RunAsync($"sync-clock {Options(simulator)} --yes");
        var offsetThen = OffsetOf(simulator);
        var set = await Cli.RunAsync($"sync-clock {Options(simulator)} --yes --write-password 55");

        refused.Status.ShouldBe(1);
        SentenceOf(refused)
            .ShouldBe(
                "The meter refuses to have its clock set: it gives no reason. It may need another key: give it with "
                + "--write-password.");
        offsetThen.ShouldBe(90, Tolerance);
        set.Status.ShouldBe(0, set.Error);
        OffsetOf(simulator).ShouldBe(0, Tolerance);
    }

    [Fact]
    public async Task A_meter_that_cannot_be_set_over_the_line_is_not_said_to_need_another_key()
    {
        await using var simulator = await SimulateAsync(
            Duration.FromSeconds(90),
            new MeterBehaviour { MissingTypes = new HashSet<TypeIdentification> { TypeIdentification.SetClock } });

        var result = await Cli.RunAsync($"sync-clock {Options(simulator)} --yes");

        result.Status.ShouldBe(1);
        SentenceOf(result).ShouldBe(
            "The meter refuses to have its clock set: cause 14, type not available. Its clock cannot be set over this line.");
    }

    [Theory]
    [InlineData(TypeIdentification.ReadCurrentTime, "Stopped: nothing was written.")]
    [InlineData(TypeIdentification.SetClock, "Stopped: the clock may or may not be set; check it with iec102 read clock.")]
    public async Task Stopped_it_says_whether_the_clock_may_have_been_set(TypeIdentification at, string sentence)
    {
        await using var simulator = await SimulateAsync(Duration.FromSeconds(90));
        using var stop = new CancellationTokenSource();
        await using var relay = new LossyRelay(simulator.Lines[0].Address, (request, _) =>
        {
            if (request == at)
                stop.Cancel();
            return Fate.Arrives;
        });

        var result = await Cli.RunAsync($"sync-clock --tcp {relay.Address} --link 1 --password 1 --yes", ct: stop.Token);

        result.Status.ShouldBe(1);
        SentenceOf(result).ShouldBe(sentence);
        if (at != TypeIdentification.SetClock)
            OffsetOf(simulator).ShouldBe(90, Tolerance);
    }

    [Fact]
    public async Task A_command_that_was_late_on_the_line_is_noticed()
    {
        await using var simulator = await SimulateAsync(Duration.Zero);
        var lost = 0;
        await using var relay = new LossyRelay(
            simulator.Lines[0].Address,
            (request, _) => request == TypeIdentification.SetClock && lost++ == 0 ? Fate.IsLost : Fate.Arrives);

        var result = await Cli.RunAsync(
            $"sync-clock --tcp {relay.Address} --link 1 --password 1 --yes --reply-timeout 3s --retries 1");

        result.Status.ShouldBe(1);
        SentenceOf(result).ShouldBe(
            "The meter confirmed the write, but its clock is not right; the command may have been late on the line. Run sync-clock again.");
        OffsetOf(simulator).ShouldBe(-3, Tolerance);
    }

    [Fact]
    public async Task A_confirmation_without_the_time_is_one()
    {
        await using var simulator = await SimulateAsync(Duration.FromSeconds(90), new MeterBehaviour { ConfirmsClockWithoutTime = true });

        var result = await Cli.RunAsync($"sync-clock {Options(simulator)} --yes");

        result.Status.ShouldBe(0, result.Error);
        OffsetOf(simulator).ShouldBe(0, Tolerance);
    }

    [Fact]
    public void The_kernel_can_be_asked_whether_this_clock_is_synchronised() =>
        Should.NotThrow(HostClock.IsSynchronised);

    private static Task<SimulatorHost> SimulateAsync(Duration offset, MeterBehaviour? behaviour = null) =>
        SimulatorHost.StartAsync(new SimulatorOptions
        {
            HistoryDays = 2,
            MeterOf = (_, meter) => meter with { ClockOffset = offset, Behaviour = behaviour ?? meter.Behaviour },
        });

    private static string Options(SimulatorHost simulator) => $"--tcp {simulator.Lines[0].Address} --link 1 --password 1";

    /// <summary>How far the meter's clock is really off, in seconds.</summary>
    private static double OffsetOf(SimulatorHost simulator) =>
        (simulator.Meters.Single().Clock - SystemClock.Instance.GetCurrentInstant()).TotalSeconds;

    private static List<double> Offsets(CliResult result) =>
        [.. OffsetText().Matches(result.Output).Select(match => double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture))];

    /// <summary>The last line of the error output: a warning about the computer's own clock may precede it.</summary>
    private static string SentenceOf(CliResult result) => result.Error.TrimEnd().Split('\n')[^1];

    [GeneratedRegex(@": ([+-]?\d+\.\d{3}) s, give or take")]
    private static partial Regex OffsetText();
}
