using System.Data.Common;
using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Iec102.Acquisition.Meters;
using Iec102.Acquisition.Profiles;
using Iec102.Acquisition.Tasks;
using Iec102.Fleet;
using Iec102.Storage.Databases;
using Iec102.Storage.Writing;
using NodaTime;
using static Iec102.Storage.Tests.Batch;

namespace Iec102.Storage.Tests;

/// <summary>The database has committed, and the connection ends before the writer is told.</summary>
public abstract class LostAnswerTests : TestKit
{
    private const string Configuration = """
        akka.scheduler.implementation = "Akka.TestKit.TestScheduler, Akka.TestKit"
        akka.loglevel = DEBUG
        akka.test { single-expect-default = 20s, filter-leeway = 20s }
        """;

    private readonly TestData _data;

    private protected LostAnswerTests(TestData data)
        : base(Configuration) =>
        _data = data;

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _data.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_was_written_is_answered_and_there_once_whether_it_was_committed_or_not(bool isCommitted)
    {
        var (first, second) = (Facts.Told(Facts.Event(1, 2, Hour(1))), Facts.Told(Facts.Event(1, 2, Hour(2))));
        var database = new ForgetfulDatabase(_data.Database, isCommitted);
        var writer = Sys.ActorOf(WriterActor.Props(database, new RetentionConfiguration(), TimeProvider.System));
        EventFilter.Debug(contains: "Retrying to store values in").ExpectOne(() =>
        {
            writer.Tell(Facts.Events(1, first));
            writer.Tell(new StoreCurrentValues("m-1", [Value("voltage.l1", 230, Hour(1))], KeepHistory: true));
            writer.Tell(new StoreClockCheck("m-1", new(default, Duration.Zero, Duration.Zero, Hour(1))));
            writer.Tell(Facts.Closings(1, derived: false, Facts.Closing(1, 7)));
            writer.Tell(Facts.Powers(1, 50));
            writer.Tell(Store(1, Hours(1, 10)));
        });
        writer.Tell(Facts.Events(2, first, second));

        ((TestScheduler)Sys.Scheduler).Advance(TimeSpan.FromSeconds(1));

        var answers = ReceiveN(2);
        answers.ShouldContain(new IntervalsStored("profile-m-1-hourly", 1));
        answers.OfType<EventsStored>().ShouldHaveSingleItem().Events.ShouldBe([first, second]);
        ExpectNoMsg(TimeSpan.Zero);
        _data.Store.Intervals("m-1", Curve.Hourly, Ever, allRevisions: true).Select(one => (one.End, one.Revision))
            .ShouldBe(Enumerable.Range(1, 10).Select(hour => (Hour(hour), 0)));
        _data.Store.Events("m-1", Ever).Count().ShouldBe(2);
        _data.Store.CurrentHistory("m-1", "voltage.l1", Ever).Count().ShouldBe(1);
        _data.Store.ClockChecks("m-1", Ever).Count().ShouldBe(1);
        _data.Store.Closings("m-1", Ever).Count().ShouldBe(1);
    }

    /// <summary>A database whose first session ends at its first commit, before or after the database has carried it out.</summary>
    private sealed class ForgetfulDatabase(ReadingsDatabase database, bool isCommitted) : ReadingsDatabase
    {
        public override StoreSize Size() => database.Size();

        private bool _hasForgotten;

        public override string Name => database.Name;

        public override DbConnection OpenForReading() => database.OpenForReading();

        public override string Describe(Exception problem) => database.Describe(problem);

        internal override WritingSession OpenForWriting()
        {
            var session = database.OpenForWriting();
            if (_hasForgotten)
                return session;
            _hasForgotten = true;
            return new ForgetfulSession(session, isCommitted);
        }

        internal override WritingSession OpenAlone() => database.OpenAlone();

        internal override DbConnection OpenJournal() => database.OpenJournal();

        internal override DbTransaction BeginReading(DbConnection connection) => database.BeginReading(connection);
    }

    private sealed class ForgetfulSession(WritingSession session, bool isCommitted) : WritingSession
    {
        public override DbConnection Connection => session.Connection;

        public override bool MayBeStale => session.MayBeStale;

        public override void Begin() => session.Begin();

        public override void Commit()
        {
            if (isCommitted)
                session.Commit();
            throw new IOException("the connection has ended");
        }

        public override void Execute(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters) =>
            session.Execute(sql, parameters);

        public override void Insert(string table, IReadOnlyList<string> columns, IEnumerable<object?[]> rows) =>
            session.Insert(table, columns, rows);

        public override IEnumerable<IReadOnlyList<T>> Query<T>(
            string sql, IEnumerable<(string Name, object? Value)[]> sets, Func<DbDataReader, T> read) =>
            session.Query(sql, sets, read);

        public override void Dispose() => session.Dispose();
    }
}

/// <inheritdoc/>
public sealed class SqliteLostAnswerTests() : LostAnswerTests(new TemporaryData());

/// <inheritdoc/>
public sealed class PostgresLostAnswerTests() : LostAnswerTests(new PostgresData());
