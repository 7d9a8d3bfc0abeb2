using Iec102.Protocol.Application;
using Iec102.Simulator.Hosting;
using Iec102.Simulator.Lines;
using Iec102.Simulator.Meters;
using NodaTime;

namespace Iec102.Simulator.Tests;

public class BehaviourPlanTests
{
    [Fact]
    public void Names_with_and_without_values_say_what_meters_and_lines_do()
    {
        var plan = Plan(" no-blocks , no-data-polls=3,ack-e5,junk,deaf=2s,without=141+150,empty=18,write-key=7,session-idle=90s");

        plan.Meter.HasBlocks.ShouldBeFalse();
        plan.Meter.NoDataPolls.ShouldBe(3);
        plan.Meter.AcknowledgesBySingleOctet.ShouldBeTrue();
        plan.Meter.MissingTypes.ShouldBe([TypeIdentification.ReadConfiguration, TypeIdentification.ReadContractObjects], ignoreOrder: true);
        plan.Meter.EmptyRange.ShouldBe(EmptyRange.PeriodNotAvailable);
        plan.Meter.WriteKey.ShouldBe(7u);
        plan.Meter.SessionIdle.ShouldBe(Duration.FromSeconds(90));
        plan.Line.ShouldBe(new LineBehaviour { JunkOctets = 3, DeafAfterConnect = TimeSpan.FromSeconds(2) });
    }

    [Fact]
    public void Every_name_of_the_help_changes_something()
    {
        var forms = BehaviourPlan.Help.Split('\n')[1..^1].Select(line => line.TrimStart().Split(' ')[0]).ToList();
        var values =
            new Dictionary<string, string> { ["T"] = "141", ["M"] = "5", ["C"] = "17", ["TIME"] = "2s", ["KEY"] = "7", ["N"] = "4" };

        forms.Count.ShouldBeGreaterThan(25);
        foreach (var form in forms)
        {
            var parts = form.Split('=');
            var plan = Plan(parts.Length == 1 ? form : $"{parts[0]}={values[parts[1]]}");
            (plan == BehaviourPlan.Plain).ShouldBeFalse(form);
        }
    }

    [Theory]
    [InlineData("no-block", "There is no behaviour 'no-block'; the nearest is 'no-blocks'.")]
    [InlineData("nodata-polls=3", "There is no behaviour 'nodata-polls'; the nearest is 'no-data-polls=N'.")]
    [InlineData("junk=3", "The behaviour 'junk' does not take a value.")]
    [InlineData("nack", "The behaviour 'nack' needs a value, nack=N: each request is answered with NACK N times before it is taken.")]
    [InlineData("period=7", "The behaviour 'period=M' cannot have the value '7': integration period 2 is 5, 10, 15 or 30 minutes.")]
    [InlineData("without=141+",
        "The behaviour 'without=T' cannot have the value '141+': the types T, such as 141 or 141+150, are refused with cause 14.")]
    [InlineData("junk,", "There is no behaviour ''; the nearest is 'nack=N'.")]
    public void What_cannot_be_read_gets_one_sentence_that_names_it(string text, string sentence)
    {
        BehaviourPlan.TryParse(text, out _, out var error).ShouldBeFalse();

        error.ShouldBe(sentence);
    }

    [Fact]
    public async Task A_simulator_gives_it_to_all_its_meters_and_their_fleet_file()
    {
        await using var host = await SimulatorHost.StartAsync(new SimulatorOptions
        {
            Meters = 2,
            Behaviour = Plan("no-blocks,write-key=5"),
            ClockOffset = Duration.FromSeconds(-90),
        });

        host.Meters.ShouldAllBe(meter => !meter.Behaviour.HasBlocks);
        host.Fleet.Split('\n').Count(line => line.Contains("password = 1, write-password = 5,")).ShouldBe(2);
        foreach (var meter in host.Meters)
            (meter.Clock - SystemClock.Instance.GetCurrentInstant()).TotalSeconds.ShouldBe(-90, 1);
    }

    private static BehaviourPlan Plan(string text) =>
        BehaviourPlan.TryParse(text, out var plan, out var error) ? plan : throw new ArgumentException(error);
}
