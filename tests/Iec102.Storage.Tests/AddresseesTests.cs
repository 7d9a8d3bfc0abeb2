using Akka.Actor;
using Akka.TestKit.Xunit2;
using FsCheck.Xunit;
using Iec102.Acquisition.Meters;
using Iec102.Acquisition.Profiles;
using Iec102.Acquisition.Tasks;
using Iec102.Storage.Writing;
using static Iec102.Storage.Tests.Batch;

namespace Iec102.Storage.Tests;

public sealed class AddresseesTests : TestKit
{
    private readonly WriteQueue _queue = new();
    private readonly Addressees _addressees = new();

    [Fact]
    public void Who_asks_while_the_same_question_is_in_flight_is_answered_from_the_next_batch_which_knows_more()
    {
        Ask("m-1", TestActor);
        Take();
        var later = CreateTestProbe().Ref;
        Ask("m-1", later);
        Ask("m-1", TestActor);

        Commit().Select(answer => answer.To).ShouldBe([TestActor]);
        Take();
        Commit().Select(answer => answer.To).ShouldBe([TestActor, later], ignoreOrder: true);
    }

    [Fact]
    public void Intervals_that_are_told_again_are_answered_to_who_told_them_last()
    {
        var later = CreateTestProbe().Ref;
        Tell(Store(1, Hours(1, 1)), TestActor);
        Take();
        Tell(Store(1, Hours(1, 1)), later);

        Commit().ShouldHaveSingleItem().ShouldBe((later, new IntervalsStored("profile-m-1-hourly", 1)));
    }

    /// <summary>
    /// Whatever is stored or asked in whatever order, and whether storing succeeds or not, everyone gets an answer, and no addressee is
    /// kept once nothing waits.
    /// </summary>
    [Property]
    public void Everybody_is_answered_and_nobody_is_kept_once_nothing_waits(byte[] steps)
    {
        var expected = new HashSet<(IActorRef, string)>();
        var answered = new HashSet<(IActorRef, string)>();
        foreach (var step in steps)
        {
            var meter = $"m-{step / 8 % 3}";
            switch (step % 8)
            {
                case 0 or 1:
                    Tell(Store(1 + step / 64, Hours(1, 1), meter), TestActor);
                    expected.Add((TestActor, meter));
                    break;
                case 2 or 3:
                    var asker = step >= 128 ? TestActor : Sys.DeadLetters;
                    Ask(meter, asker);
                    expected.Add((asker, meter));
                    break;
                case 4:
                    var read = Facts.Events(step, Facts.Told(Facts.Event(1, 2, Hour(step)))) with { Meter = meter };
                    _addressees.Add(read, TestActor);
                    _queue.Add(read);
                    expected.Add((TestActor, meter));
                    break;
                case 5 when _queue.InFlight is null:
                    Take();
                    break;
                case 6 when _queue.InFlight is not null:
                    _queue.GiveBack();
                    _addressees.GiveBack();
                    break;
                case 7 when _queue.InFlight is not null:
                    CommitAll();
                    break;
            }
        }

        for (var flights = 0; _queue.InFlight is not null || !_queue.IsEmpty; flights++)
        {
            flights.ShouldBeLessThan(3);
            if (_queue.InFlight is null)
                Take();
            CommitAll();
        }

        answered.ShouldBe(expected, ignoreOrder: true);
        _addressees.IsEmpty.ShouldBeTrue();

        void CommitAll()
        {
            foreach (var (to, answer) in Commit())
                answered.Add((to, answer switch
                {
                    IntervalsStored stored => stored.PersistenceId.Split('-', 2)[1].Replace("-hourly", null, StringComparison.Ordinal),
                    KnownIdentity known => known.Meter,
                    EventsStored events => events.Meter,
                    _ => throw new ArgumentException($"Nobody is answered {answer}."),
                }));
        }
    }

    private void Tell(StoreIntervals message, IActorRef profile)
    {
        _addressees.Add(message, profile);
        _queue.Add(message);
    }

    private void Take()
    {
        _queue.Take();
        _addressees.Take();
    }

    private void Ask(string meter, IActorRef asker)
    {
        _addressees.Add(new GetIdentity(meter), asker);
        _queue.Add(new GetIdentity(meter));
    }

    /// <summary>Commits the batch in flight, as if every event in it were new to the database.</summary>
    private IReadOnlyList<(IActorRef To, object Answer)> Commit()
    {
        var batch = _queue.Stored();
        return _addressees.Stored(batch, new BatchStored(
            batch.Intervals.GroupBy(one => one.PersistenceId).ToDictionary(one => one.Key, one => one.Max(message => message.SequenceNr)),
            batch.Questions.ToDictionary(
                question => question, object (question) => new KnownIdentity(((GetIdentity)question).Meter, null, null, [], [])),
            [.. batch.Facts.Facts.OfType<EventsRead>().Select(read => new EventsStored(read.Meter, read.Record, read.ReadAt, read.Events))],
            null), _queue);
    }
}
