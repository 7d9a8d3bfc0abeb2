using Akka.Actor;
using Akka.Hosting;
using Akka.TestKit.Xunit2;
using Iec102.Acquisition.Fleets;
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
    public async Task A_fleet_without_keys_is_valid_only_while_the_API_listens_on_loopback(string url, bool isValid)
    {
        var folder = Directory.CreateTempSubdirectory("iec102-watch-");
        var file = Path.Combine(folder.FullName, "fleet.conf");
        await File.WriteAllTextAsync(file, WithoutKeys);
        using (var watch = new FleetWatch(file, [url], new FleetOf(TestActor)))
        {
            await watch.StartAsync(CancellationToken.None);
            if (isValid)
                ExpectMsg<ApplyFleet>();
            else
                ExpectMsg<RejectFleet>().Problems.ShouldHaveSingleItem().Sentence.ShouldStartWith($"{url} is not a loopback address");
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
