using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Iec102.Acquisition.Ports;
using Iec102.Protocol.Application;

namespace Iec102.Acquisition.Tests.Ports;

public sealed class TurnQueueTests
{
    private static readonly Request Anything = Request.ReadCurrentTime(1);

    private readonly TurnQueue _queue = new();

    private static QueuedRequest Of(RequestClass @class, string client = "c", double expires = 1e6, ushort link = 1) =>
        new(
            1, new ExchangeRequest(default, client, link, Anything, @class, 0, TimeSpan.FromSeconds(expires)),
            TimeSpan.FromSeconds(expires));

    private string Serve(double seconds = 1)
    {
        var next = _queue.Dequeue();
        _queue.Charge(next.Request.Class, TimeSpan.FromSeconds(seconds));
        return next.Request.Client;
    }

    [Fact]
    public void Classes_share_the_wire_by_their_weights_whatever_their_exchanges_take()
    {
        var length = new Dictionary<RequestClass, double>
        {
            [RequestClass.OnDemand] = 0.5,
            [RequestClass.Gateway] = 2,
            [RequestClass.LiveValues] = 1,
            [RequestClass.ClockAndEvents] = 0.2,
            [RequestClass.History] = 5,
        };
        var had = length.Keys.ToDictionary(key => key, _ => 0.0);
        foreach (var @class in length.Keys)
            _queue.Enqueue(Of(@class));

        while (had.Values.Sum() < 26_000)
        {
            var next = _queue.Dequeue().Request.Class;
            had[next] += length[next];
            _queue.Charge(next, TimeSpan.FromSeconds(length[next]));
            _queue.Enqueue(Of(next));
        }

        // The weights in docs/architecture.md add up to 26, so 26,000 s of wire time give each class 1000 s per unit of weight.
        had[RequestClass.OnDemand].ShouldBe(8000, 30);
        had[RequestClass.Gateway].ShouldBe(8000, 30);
        had[RequestClass.LiveValues].ShouldBe(6000, 30);
        had[RequestClass.ClockAndEvents].ShouldBe(2000, 30);
        had[RequestClass.History].ShouldBe(2000, 30);
    }

    [Fact]
    public void Within_a_class_clients_take_turns_and_each_keeps_its_order()
    {
        foreach (var client in new[] { "a", "a", "a", "b", "c", "c" })
            _queue.Enqueue(Of(RequestClass.Gateway, client));

        var served = Enumerable.Range(0, 6).Select(_ => Serve()).ToList();

        served.ShouldBe(["a", "b", "c", "a", "c", "a"]);
    }

    [Fact]
    public void A_class_gets_no_credit_for_the_time_in_which_it_was_idle()
    {
        for (var i = 0; i < 100; i++)
        {
            _queue.Enqueue(Of(RequestClass.History, "history"));
            Serve(seconds: 3);
        }

        for (var i = 0; i < 60; i++)
        {
            _queue.Enqueue(Of(RequestClass.LiveValues, "live"));
            _queue.Enqueue(Of(RequestClass.History, "history"));
        }

        // History owes nine turns for its last exchange of 3 s. After those, weights 6 and 2 give live values three turns for each one of
        // history.
        var served = Enumerable.Range(0, 60).Select(_ => Serve()).ToList();
        served.Take(9).ShouldAllBe(client => client == "live");
        served.Skip(9).Count(client => client == "history").ShouldBeInRange(12, 14);
    }

    [Fact]
    public void An_operator_who_was_idle_is_next_all_the_same()
    {
        _queue.Enqueue(Of(RequestClass.History, "history"));
        _queue.Enqueue(Of(RequestClass.History, "history"));
        Serve(seconds: 30);

        _queue.Enqueue(Of(RequestClass.OnDemand, "operator"));

        Serve().ShouldBe("operator");
    }

    [Fact]
    public void What_has_expired_leaves_the_queue_at_its_moment()
    {
        _queue.Enqueue(Of(RequestClass.History, "late", expires: 20));
        _queue.Enqueue(Of(RequestClass.LiveValues, "soon", expires: 10));
        _queue.NextExpiry.ShouldBe(TimeSpan.FromSeconds(10));

        _queue.RemoveExpired(TimeSpan.FromSeconds(9.999)).ShouldBeEmpty();
        _queue.RemoveExpired(TimeSpan.FromSeconds(10)).Select(request => request.Request.Client).ShouldBe(["soon"]);

        _queue.NextExpiry.ShouldBe(TimeSpan.FromSeconds(20));
        _queue.RemoveExpired(TimeSpan.FromSeconds(20)).Select(request => request.Request.Client).ShouldBe(["late"]);
        _queue.Count.ShouldBe(0);
        _queue.NextExpiry.ShouldBeNull();
    }

    [Fact]
    public void The_requests_of_one_link_can_be_taken_out_and_the_others_stay()
    {
        _queue.Enqueue(Of(RequestClass.History, "a", link: 1));
        _queue.Enqueue(Of(RequestClass.History, "a", link: 2));
        _queue.Enqueue(Of(RequestClass.OnDemand, "b", link: 1));

        _queue.Remove(request => request.Request.LinkAddress == 1).Count.ShouldBe(2);

        _queue.Count.ShouldBe(1);
        _queue.Dequeue().Request.LinkAddress.ShouldBe((ushort)2);
        _queue.Peek().ShouldBeNull();
    }

    /// <summary>A step of a random run: a request arrives, or the next one is served.</summary>
    public sealed record Step(RequestClass? Comes, int Client, int Milliseconds);

    private static Arbitrary<Step[]> Runs() =>
        (from comes in Gen.Elements<RequestClass?>(
             null, null, null,
             RequestClass.OnDemand, RequestClass.Gateway, RequestClass.LiveValues, RequestClass.ClockAndEvents, RequestClass.History)
         from client in Gen.Choose(0, 3)
         from time in Gen.Frequency((1, Gen.Constant(0)), (4, Gen.Choose(1, 5000)))
         select new Step(comes, client, time)).ArrayOf().Resize(400).ToArbitrary();

    [Property]
    public Property Every_request_is_served_exactly_once_and_each_clients_in_order() => Prop.ForAll(Runs(), steps =>
    {
        var queue = new TurnQueue();
        var entered = new Dictionary<(RequestClass, string), Queue<QueuedRequest>>();
        var waiting = 0;
        foreach (var step in steps.Concat(Enumerable.Repeat(new Step(null, 0, 1), steps.Length)))
        {
            if (step.Comes is { } @class)
            {
                var request = Of(@class, $"c{step.Client}");
                var key = (@class, request.Request.Client);
                if (!entered.TryGetValue(key, out var line))
                    entered[key] = line = new Queue<QueuedRequest>();
                line.Enqueue(request);
                queue.Enqueue(request);
                waiting++;
            }
            else if (queue.Peek() is { } peeked)
            {
                var served = queue.Dequeue();
                queue.Charge(served.Request.Class, TimeSpan.FromMilliseconds(step.Milliseconds));
                waiting--;
                if (!ReferenceEquals(served, peeked)
                    || !ReferenceEquals(entered[(served.Request.Class, served.Request.Client)].Dequeue(), served))
                    return false;
            }

            if (queue.Count != waiting)
                return false;
        }

        return waiting == 0 && entered.Values.All(line => line.Count == 0);
    });

    [Property]
    public Property Nobody_starves_a_waiting_class_is_passed_only_by_its_share() => Prop.ForAll(Runs(), steps =>
    {
        // While one class waits, no other may have more wire time than its share, plus one exchange of each class.
        const double longest = 5;
        var queue = new TurnQueue();
        var classes = Enum.GetValues<RequestClass>();
        var waiting = classes.ToDictionary(c => c, _ => 0);
        var had = classes.ToDictionary(waits => waits, _ => classes.ToDictionary(other => other, _ => 0.0));
        foreach (var step in steps)
        {
            if (step.Comes is { } comes)
            {
                if (waiting[comes]++ == 0)
                    had[comes] = classes.ToDictionary(other => other, _ => 0.0);
                queue.Enqueue(Of(comes, $"c{step.Client}"));
                continue;
            }

            if (queue.Peek() is null)
                continue;
            var served = queue.Dequeue().Request.Class;
            waiting[served]--;
            had[served] = classes.ToDictionary(other => other, _ => 0.0);
            queue.Charge(served, TimeSpan.FromMilliseconds(step.Milliseconds));
            foreach (var waits in classes.Where(c => c != served && waiting[c] > 0))
            {
                // The first term is the exchange that the waiting class may still owe, in proportion to the weights; the second leaves room
                // for the exchanges at the beginning and at the end of the wait.
                had[waits][served] += Math.Max(step.Milliseconds, 1) / 1000.0;
                var allowed = longest * TurnQueue.Weight(served) / TurnQueue.Weight(waits) + 2 * longest;
                if (had[waits][served] > allowed)
                    return false;
            }
        }

        return true;
    });
}
