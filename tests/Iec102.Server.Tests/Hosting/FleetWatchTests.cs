using Akka.Actor;
using Akka.Hosting;
using Akka.TestKit.Xunit2;
using Iec102.Acquisition.Fleets;
using Iec102.Fleet;
using Iec102.Server.Hosting;

namespace Iec102.Server.Tests.Hosting;

public sealed class FleetWatchTests : TestKit
{
    private const string WithoutKeys = """
        iec102 {
          ports { p { tcp = "127.0.0.1:1" } }
          meters { m { port = p, link-address = 1, point-address = 1, password = 1 } }
        }

        """;

    /// <summary>The same rule as at the start: removing the last key from the file must not open the API to the network.</summary>
    [Theory]
    [InlineData("http://127.0.0.1:8102", true)]
    [InlineData("http://0.0.0.0:8102", false)]
    public Task A_fleet_without_keys_is_valid_only_while_the_API_listens_on_loopback(string url, bool isValid) =>
        WatchAsync(WithoutKeys, url, new FleetConfiguration(), () =>
        {
            if (isValid)
                ExpectMsg<ApplyFleet>();
            else
                ExpectMsg<RejectFleet>().Problems.ShouldHaveSingleItem().Sentence.ShouldStartWith($"{url} is not a loopback address");
        });

    /// <summary>Journal and writer are tied to the store as long as the process runs.</summary>
    [Theory]
    [InlineData("Host=db;Database=a;Password=s3cret", true)]
    [InlineData("Host=db;Database=b;Password=s3cret", false)]
    [InlineData(null, false)]
    public Task A_fleet_with_another_store_than_at_the_start_is_not_applied(string? started, bool isValid) => WatchAsync(
        WithoutKeys + "iec102.store.postgres = \"Host=db;Database=a;Password=s3cret\"", "http://127.0.0.1:8102",
        new FleetConfiguration { Store = started is null ? null : new StoreConfiguration(new SecretText(started)) }, () =>
        {
            if (isValid)
                ExpectMsg<ApplyFleet>();
            else
                ExpectMsg<RejectFleet>().Problems.ShouldHaveSingleItem().ToString()
                    .ShouldEndWith("iec102.store: the store was changed: start the server again to use the new one.");
        });

    /// <summary>Leases and reports are tied to the node as long as the process runs.</summary>
    [Theory]
    [InlineData(6, true)]
    [InlineData(7, false)]
    public Task A_fleet_with_another_node_than_at_the_start_is_not_applied(int ttl, bool isValid)
    {
        var node = new NodeConfiguration("n-1", new Uri("http://localhost:8102")) { Ttl = TimeSpan.FromSeconds(ttl) };
        var store = new StoreConfiguration(new SecretText("Host=db;Database=a"));
        return WatchAsync(
            WithoutKeys + "iec102.store.postgres = \"Host=db;Database=a\"", "http://127.0.0.1:8102",
            new FleetConfiguration { Store = store, Node = node }, () =>
            {
                if (isValid)
                    ExpectMsg<ApplyFleet>().Fleet.Node.ShouldBe(node);
                else
                    ExpectMsg<RejectFleet>().Problems.ShouldHaveSingleItem().ToString()
                        .ShouldEndWith("iec102.node: the node was changed: start the server again to use the new settings.");
            },
            "iec102.node { id = n-1, url = \"http://localhost:8102\" }");
    }

    private async Task WatchAsync(string fleet, string url, FleetConfiguration started, Action expect, string? node = null)
    {
        var folder = Directory.CreateTempSubdirectory("iec102-watch-");
        var file = Path.Combine(folder.FullName, "fleet.conf");
        await File.WriteAllTextAsync(file, fleet);
        var nodeFile = node is null ? null : Path.Combine(folder.FullName, "node.conf");
        if (nodeFile is not null)
            await File.WriteAllTextAsync(nodeFile, node);
        using (var watch = new FleetWatch(new FleetFiles(file, nodeFile), [url], started, new FleetOf(TestActor)))
        {
            await watch.StartAsync(CancellationToken.None);
            expect();
            await watch.StopAsync(CancellationToken.None);
        }

        folder.Delete(recursive: true);
    }

    private sealed class FleetOf(IActorRef actor) : IRequiredActor<FleetActor>
    {
        public IActorRef ActorRef => actor;

        public Task<IActorRef> GetAsync(CancellationToken cancellationToken = default) => Task.FromResult(actor);
    }
}
