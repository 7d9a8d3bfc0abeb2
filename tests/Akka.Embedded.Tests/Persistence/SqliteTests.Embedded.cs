using Akka.Configuration;

namespace Akka.Embedded.Tests.Persistence;

/// <content>Where this runtime is narrower than the packages: no serializer for every type, and one database.</content>
public sealed partial class SqliteTests
{
    [Fact]
    public void An_event_that_no_serializer_is_bound_to_is_rejected_by_name()
    {
        var witness = CreateTestProbe();
        var keeper = Start("a", witness);
        keeper.Tell(new AddUnbound(), TestActor);
        witness.ExpectMsg<string>().ShouldStartWith(
            "rejected Unbound { } 1: No serializer is bound to Akka.Embedded.Tests.Persistence.Unbound: name one");
        keeper.Tell(new Add("unserialisable"), TestActor);
        witness.ExpectMsg("rejected Added { Item = unserialisable } 2: cannot be serialised");
        keeper.Tell(new Add("x"), TestActor);
        ExpectMsg("stored x 3");
    }

    [Fact]
    public void Another_provider_is_refused_by_name()
    {
        var refused = Should.Throw<ConfigurationException>(() => Akka.Persistence.Sql.Hosting.HostingExtensions.WithSqlPersistence(null!, "x", "Oracle"));
        refused.Message.ShouldContain("'Oracle'");
    }
}
