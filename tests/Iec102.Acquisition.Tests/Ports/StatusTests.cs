using Akka.Event;
using Iec102.Acquisition.Ports;
using Iec102.Protocol.Application;

namespace Iec102.Acquisition.Tests.Ports;

/// <summary>What operators see of a port: status, counters, log and trace.</summary>
public sealed class StatusTests() : PortBench("akka.loglevel = DEBUG")
{
    private const uint DistinctiveKey = 0xD1A7C35E;

    [Fact]
    public async Task The_live_state_is_told_every_change_of_state()
    {
        Far.Add(1);
        Start();
        var meter = Meter("m1", 1);
        await meter.LogIn();
        Lines.Refusal = "Nobody there.";
        Lines.Current.Fail("Lost.");
        await Settle();

        Statuses.Select(status => status.State)
            .Distinct()
            .ShouldBe([PortState.Closed, PortState.Opening, PortState.Open, PortState.BackingOff]);
        var last = Status;
        (last.Id, last.Kind, last.Address, last.LastError).ShouldBe(("north", "tcp", "memory://far-end", "Lost."));
        last.Since.ToDateTimeOffset().ShouldBe(Scheduler.Now);
    }

    [Fact]
    public async Task Otherwise_it_is_told_once_a_second_at_most_and_not_at_all_when_nothing_happens()
    {
        Far.Add(1);
        Start();
        var meter = Meter("m1", 1);
        await meter.LogIn();
        await Advance(Seconds(2));
        var before = Statuses.Count();

        for (var i = 0; i < 100; i++)
        {
            await meter.Get(meter.ReadClock, 1);
            await Advance(Seconds(0.08));
        }

        (Statuses.Count() - before).ShouldBeInRange(9, 11);
        await Advance(Seconds(2));
        Status.Counters.BusyRatio.ShouldBeGreaterThan(0);
        before = Statuses.Count();
        await Advance(TimeSpan.FromHours(1));
        // Once a minute until the time in use of the last 15 minutes has become 0.
        (Statuses.Count() - before).ShouldBeInRange(15, 17);
        (Status.Counters.BusyRatio, Status.Counters.BusyRatio15m).ShouldBe((0, 0));
        before = Statuses.Count();
        await Advance(TimeSpan.FromHours(1));
        Statuses.Count().ShouldBe(before);
    }

    [Fact]
    public async Task The_counters_tell_what_went_over_the_line_and_how_long_it_was_busy()
    {
        Far.Latency = Seconds(0.25);
        Far.Add(1);
        Start();
        var meter = Meter("m1", 1);
        await Advance(Seconds(10));
        await meter.LogIn();
        await Advance(Seconds(9));

        var counters = Status.Counters;
        counters.FramesSent.ShouldBe(4);
        counters.FramesReceived.ShouldBe(4);
        // FC9, FC0 and the poll have 6 octets each, the login and its mirror 19.
        counters.OctetsSent.ShouldBe(6 * 3 + 19);
        counters.OctetsReceived.ShouldBe(6 * 3 + 19);
        // Four round trips of 0.25 s in the 11 s since the port was started.
        counters.BusyRatio.ShouldBe(1 / 11.0, 0.01);
        // To a fifth.
        counters.RoundTripP50Ms!.Value.ShouldBeInRange(250, 300);
        counters.RoundTripP99Ms.ShouldBe(counters.RoundTripP50Ms);
    }

    [Fact]
    public async Task The_time_in_use_is_split_by_what_the_line_was_used_for_and_the_errors_are_those_of_the_last_15_minutes()
    {
        Far.Latency = Seconds(0.25);
        var far = Far.Add(1);
        Start();
        var meter = Meter("m1", 1);
        await meter.LogIn();
        RequestClass[] classes = [RequestClass.History, RequestClass.History, RequestClass.ClockAndEvents, RequestClass.Gateway];
        foreach (var @class in classes)
            await meter.Get(meter.ReadClock, 1, @class);
        far.IsOff = true;
        await meter.Get(meter.ReadClock, 1, RequestClass.OnDemand);
        // Without requests it reports once a minute.
        await Advance(Seconds(75));

        var (use, errors) = (Status.Counters.Use15m, Status.Counters.Errors15m);
        (use.Curves, use.Gateway).ShouldSatisfyAllConditions(
            () => use.Curves.ShouldBe(2 * use.Facts, 0.001), () => use.Gateway.ShouldBe(use.Facts, 0.001));
        use.CurrentValues.ShouldBeGreaterThan(use.Facts);
        // Four attempts of 5 s each, and a probe.
        use.OnDemand.ShouldBeGreaterThan(use.CurrentValues);
        use.Port.ShouldBeGreaterThan(0);
        Status.Counters.BusyRatio15m.ShouldBe(
            use.CurrentValues + use.Curves + use.Facts + use.Gateway + use.OnDemand + use.Port, 0.001);
        errors.Timeouts.ShouldBeGreaterThan(3);
        (errors.Timeouts, errors.FramesSent).ShouldBe(((int)Status.Counters.Timeouts, (int)Status.Counters.FramesSent));

        far.IsOff = false;
        await Advance(TimeSpan.FromMinutes(40));
        Status.Counters.Errors15m.Timeouts.ShouldBe(0);
        Status.Counters.Timeouts.ShouldBeGreaterThanOrEqualTo(errors.Timeouts);
    }

    [Fact]
    public async Task The_log_has_one_line_for_each_event_and_none_for_repetitions()
    {
        var log = Record("log");
        Sys.EventStream.Subscribe(log.Ref, typeof(Info));
        Sys.EventStream.Subscribe(log.Ref, typeof(Warning));
        var far = Far.Add(1);
        Start(Tcp with { IsTcp = false });
        var meter = Meter("m1", 1);
        await meter.LogIn();
        far.IsOff = true;
        await meter.Get(meter.ReadClock, 1);
        await Advance(TimeSpan.FromHours(1));
        far.IsOff = false;
        await Advance(TimeSpan.FromMinutes(15));
        Lines.Refusal = "Nobody there.";
        Lines.Current.Fail("Nobody there.");
        await Advance(TimeSpan.FromHours(1));
        Lines.Refusal = null;
        await Advance(TimeSpan.FromMinutes(2));
        await meter.LogIn(1);

        var lines = log.All<LogEvent>().Select(entry => entry.Message.ToString()!).Where(line => line.Contains("north")).ToList();
        lines.Count.ShouldBe(5);
        lines[0].ShouldContain("memory://far-end is open");
        lines[1].ShouldContain("link 1 (m1) is probed until it answers: Link 1 did not answer within 5 s, asked 4 times: check the link "
            + "address, the line and its format, and that the meter is powered.");
        lines[2].ShouldContain("link 1 (m1) answers again");
        lines[3].ShouldContain("Nobody there. Next attempt in 1");
        lines[4].ShouldMatch(@"is open again \(failures in a row before: [0-9]+\)$");
    }

    [Fact]
    public async Task Frames_are_not_logged_elsewhere()
    {
        var log = Record("log");
        Sys.EventStream.Subscribe(log.Ref, typeof(Debug));
        Far.Add(1);
        Start();
        await Meter("m1", 1).LogIn();
        log.All<Debug>().ShouldBeEmpty();
    }

    [Fact]
    public async Task Frames_are_logged_where_that_is_wanted_and_no_key_is_in_the_log()
    {
        var log = Record("log");
        Sys.EventStream.Subscribe(log.Ref, typeof(Debug));
        Far.Add(1);
        Start(Tcp with { LogsFrames = true });
        var meter = Meter("m1", 1);
        meter.Ask(Request.Login(1, DistinctiveKey));
        await Advance(Seconds(2));

        var lines = log.All<Debug>().Select(entry => entry.Message.ToString()!).ToList();
        lines.Count.ShouldBe(8);
        lines.Count(line => line.Contains("->")).ShouldBe(4);
        lines[0].ShouldContain("FC9");
        var all = string.Join('\n', lines).Replace(" ", "").ToUpperInvariant();
        all.ShouldNotContain("3517432670");
        all.ShouldNotContain("D1A7C35E");
        all.ShouldNotContain("5EC3A7D1");
    }
}
