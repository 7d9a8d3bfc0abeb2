using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Iec102.Acquisition.Gateway;
using Iec102.Fleet;
using Iec102.Lines.Tcp;

namespace Iec102.Acquisition.Tests.Gateway;

/// <summary>Who may connect to a gateway, tested on real sockets.</summary>
public sealed class GatewayListenerTests : TestKit
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly TestProbe _liveState;
    private readonly TestProbe _port;
    private readonly TestProbe _meter;

    public GatewayListenerTests() => (_liveState, _port, _meter) = (CreateTestProbe(), CreateTestProbe(), CreateTestProbe());

    [Fact]
    public async Task Whoever_comes_from_elsewhere_than_allowed_is_dropped_at_once_and_counted()
    {
        var listen = Start(gateway => gateway with { Allow = [IPNetwork.Parse("192.0.2.0/24")] });
        using var client = await ConnectAsync(listen);
        (await ReadAsync(client)).ShouldBe(0);
        Status(status => status.NotAllowed == 1).Clients.ShouldBeEmpty();
    }

    [Fact]
    public async Task More_clients_than_there_may_be_are_dropped_and_a_place_is_free_when_one_goes()
    {
        var listen = Start(gateway => gateway with { MaxClients = 1 });
        var first = await ConnectAsync(listen);
        await AnswersAsync(first);
        using (var second = await ConnectAsync(listen))
            (await ReadAsync(second)).ShouldBe(0);
        var status = Status(one => one.TooMany == 1);
        status.Clients.ShouldHaveSingleItem().Address.ShouldBe($"127.0.0.1:{((IPEndPoint)first.Client.LocalEndPoint!).Port}");

        first.Dispose();
        Status(one => one.Clients.Count == 0).Counters.FramesReceived.ShouldBe(1);
        using var third = await ConnectAsync(listen);
        await AnswersAsync(third);
        Status(one => one.Connections == 2);
    }

    [Fact]
    public async Task A_gateway_that_ends_disconnects_its_clients_and_leaves_its_place_to_the_next()
    {
        var listen = Start(gateway => gateway);
        using var client = await ConnectAsync(listen);
        await AnswersAsync(client);
        Watch(_listener);
        Sys.Stop(_listener);
        ExpectTerminated(_listener);
        (await ReadAsync(client)).ShouldBe(0);
        using var next = new TcpLineListener(listen.Port);
    }

    [Fact]
    public void A_place_that_is_taken_is_told_in_the_status()
    {
        using var other = new TcpLineListener();
        Start(gateway => gateway with { Listen = new IPEndPoint(IPAddress.Loopback, other.Port) });
        Status(status => status.Error is not null).Error.ShouldBe(
            $"TCP port {other.Port} on 127.0.0.1 is taken by another program; choose another port.");
    }

    [Fact]
    public async Task Meters_that_change_are_known_to_clients_that_are_there_already()
    {
        var listen = Start(gateway => gateway);
        using var client = await ConnectAsync(listen);
        await AnswersAsync(client);
        _listener.Tell(new ServeMeters([new ServedMeter(new GatewayMeter("m-2", 2, 1, new Secret(1), IsEnabled: true), _meter.Ref)]));
        // Waits until the listener has told its sessions of the change, and the session has handled it.
        await _listener.Ask<ActorIdentity>(new Identify(1));
        await Sys.ActorSelection(_listener.Path / "client-1").Ask<ActorIdentity>(new Identify(2));

        // The link that was removed is silent, so the first answer is that of the new one.
        await client.GetStream().WriteAsync(Convert.FromHexString("104901004a16" + "104902004b16"));
        var answer = new byte[6];
        await client.GetStream().ReadExactlyAsync(answer).AsTask().WaitAsync(Patience);
        answer.ShouldBe(Convert.FromHexString("100b02000d16"));
    }

    private IActorRef _listener = ActorRefs.Nobody;

    private IPEndPoint Start(Func<GatewayConfiguration, GatewayConfiguration> change)
    {
        IPEndPoint listen;
        using (var free = new TcpLineListener())
            listen = new IPEndPoint(IPAddress.Loopback, free.Port);
        var gateway = change(new GatewayConfiguration { Listen = listen });
        var meters = new GatewayMeters();
        meters.Set([new ServedMeter(new GatewayMeter("m-1", 1, 1, new Secret(1), IsEnabled: true), _meter.Ref)]);
        var port = new PortConfiguration { Id = "north", Gateway = gateway };
        _listener = Sys.ActorOf(Props.Create(() => new GatewayListener(port, meters, _liveState.Ref, TimeProvider.System)));
        Status(_ => true);
        return gateway.Listen;
    }

    private GatewayStatus Status(Func<GatewayStatus, bool> wanted) =>
        (GatewayStatus)_liveState.FishForMessage(message => message is GatewayStatus status && wanted(status), Patience);

    private static async Task<TcpClient> ConnectAsync(IPEndPoint listen)
    {
        var client = new TcpClient();
        await client.ConnectAsync(listen);
        return client;
    }

    private static async Task AnswersAsync(TcpClient client)
    {
        await client.GetStream().WriteAsync(Convert.FromHexString("104901004a16"));
        (await ReadAsync(client)).ShouldBe(6);
    }

    private static async Task<int> ReadAsync(TcpClient client)
    {
        try
        {
            return await client.GetStream().ReadAsync(new byte[100]).AsTask().WaitAsync(Patience);
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
