using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Iec102.Server.Deliveries;

namespace Iec102.Server.Tests.Deliveries;

/// <summary>When deliveries are looked at, in virtual time.</summary>
public sealed class DeliveryActorTests : TestKit
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly DeliveryScene _scene = new();
    private IActorRef _actor = ActorRefs.Nobody;
    private bool _keeps = true;
    private int _reads;

    public DeliveryActorTests()
        : base("akka.scheduler.implementation = \"Akka.TestKit.TestScheduler, Akka.TestKit\"")
    {
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        _scene.Dispose();
    }

    [Fact]
    public async Task A_delivery_is_looked_at_when_it_is_due_and_each_hour_and_no_more()
    {
        Start();
        await PassAsync(1);
        (_scene.Files().Count, _reads).ShouldBe((1, 1));
        await PassAsync(30);
        _reads.ShouldBe(1);

        _scene.Hours.Add(4);
        await PassAsync(31);
        (_scene.Files().Count, _reads).ShouldBe((2, 2));
    }

    [Fact]
    public async Task A_new_day_is_delivered_in_the_minute_of_its_time()
    {
        // Madrid is at 06:28.
        _scene.Time.SetUtcNow(new DateTimeOffset(2026, 12, 1, 5, 28, 0, TimeSpan.Zero));
        Start();
        await PassAsync(1);
        _scene.Rows.Select(file => (file.Period, file.Version)).ShouldBe([("2026-11-29", 1)]);
        // Nothing is stored of the day that is due now.
        await EventFilter.Warning(contains: "nothing is stored of 2026-11-30").ExpectOneAsync(() => PassAsync(1));
        _scene.Rows.Select(file => (file.Period, file.Version)).ShouldBe([("2026-11-29", 1), ("2026-11-30", 0)]);
    }

    [Fact]
    public async Task A_failure_is_logged_once_for_each_reason_shown_and_tried_again_every_minute()
    {
        _scene.Step = step => throw new IOException($"odd {step}", 0);
        Start();
        await EventFilter.Warning(contains: "cannot be used (odd read)").ExpectOneAsync(() => PassAsync(3));
        _reads.ShouldBe(3);
        (await StatesAsync()).ByName["daily"].Problem.ShouldNotBeNull().ShouldContain("odd read");

        _scene.Step = _ => { };
        await EventFilter.Info(contains: "daily_2026-11-29.csv is written (intervals: 3, complete meters: 1 of 2)")
            .ExpectOneAsync(() => PassAsync(1));
        (await StatesAsync()).ByName["daily"].Problem.ShouldBeNull();
    }

    [Fact]
    public async Task Somebody_who_wants_it_now_is_answered_when_it_is_there()
    {
        Start();
        var look = await _actor.Ask<DeliveryLook>(new RunDelivery("daily"), Patience);
        look.Written.Select(file => file.File).ShouldBe(["daily_2026-11-29.csv"]);
        (await _actor.Ask<DeliveryLook>(new RunDelivery("daily"), Patience)).Written.ShouldBeEmpty();
        (await _actor.Ask<object>(new RunDelivery("none"), Patience)).ShouldBe(new DeliveriesElsewhere());
    }

    [Fact]
    public async Task Only_the_node_that_keeps_the_alarms_delivers_and_another_goes_on_from_the_table()
    {
        _keeps = false;
        Start();
        await PassAsync(2);
        (_reads, _scene.Files().Count).ShouldBe((0, 0));
        (await _actor.Ask<object>(new GetDeliveries(), Patience)).ShouldBe(new DeliveriesElsewhere());
        (await _actor.Ask<object>(new RunDelivery("daily"), Patience)).ShouldBe(new DeliveriesElsewhere());

        _keeps = true;
        await PassAsync(1);
        _scene.Files().Count.ShouldBe(1);
        Start();
        await PassAsync(1);
        _scene.Files().Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_changed_delivery_is_looked_at_at_once_and_one_that_is_gone_is_forgotten()
    {
        Start();
        await PassAsync(1);
        _scene.Delivery = _scene.Delivery with { Name = "other" };
        await PassAsync(1);
        _scene.Files().ShouldBe(["daily_2026-11-29.csv 3", "other_2026-11-29.csv 3"]);
        (await StatesAsync()).ByName.Keys.ShouldBe(["other"]);
        _scene.IsGone = true;
        await PassAsync(1);
        (await StatesAsync()).ByName.ShouldBeEmpty();
    }

    private void Start()
    {
        Sys.Stop(_actor);
        var step = _scene.Step;
        _scene.Step = name =>
        {
            if (name == "read")
                _reads++;
            step(name);
        };
        _actor = Sys.ActorOf(DeliveryActor.Props(
            new DeliverySetup(_scene.Work(), () => _scene.Fleet, () => _keeps, _scene.Time)));
    }

    private Task<DeliveryStates> StatesAsync() => _actor.Ask<DeliveryStates>(new GetDeliveries(), Patience);

    /// <summary>Lets minutes pass; what a look began has ended before the next.</summary>
    private async Task PassAsync(int minutes)
    {
        for (var minute = 0; minute < minutes; minute++)
        {
            await SettledAsync();
            _scene.Time.Advance(TimeSpan.FromMinutes(1));
            ((TestScheduler)Sys.Scheduler).Advance(TimeSpan.FromMinutes(1));
            await SettledAsync();
        }
    }

    /// <summary>A look is over when the actor says that it is not busy.</summary>
    private async Task SettledAsync()
    {
        while (await _actor.Ask<object>(new GetDeliveries(), Patience) is DeliveryStates { IsBusy: true })
            await Task.Yield();
    }
}
