using System.Net;
using Iec102.Acquisition.Gateway;
using Iec102.Acquisition.Ports;
using Iec102.Fleet;
using Iec102.Protocol.Application;
using Iec102.Protocol.Link;

namespace Iec102.Acquisition.Tests.Gateway;

/// <summary>Which links a client of the gateway sees while the fleet changes.</summary>
public sealed class ClientLinksTests : IClientLinkHost
{
    private readonly ClientLinks _links;
    private RequestId _lastId;

    public ClientLinksTests() =>
        _links = new ClientLinks(
            new GatewayConfiguration { Listen = new IPEndPoint(IPAddress.Loopback, 5001), Mode = GatewayMode.Full }, this);

    [Fact]
    public void A_link_is_there_while_one_of_its_meters_is_enabled()
    {
        _links.Serve([Meter(1, 1), Meter(1, 2, isEnabled: false), Meter(2, 1, isEnabled: false)]).ShouldBeEmpty();
        _links.At(1).ShouldNotBeNull();
        _links.At(2).ShouldBeNull();
        _links.At(3).ShouldBeNull();

        _links.Serve([Meter(1, 1, isEnabled: false), Meter(1, 2, isEnabled: false), Meter(2, 1)])
            .Select(gone => gone.Slave.LinkAddress)
            .ShouldBe([(ushort)1]);
        _links.At(1).ShouldBeNull();
        _links.At(2).ShouldNotBeNull();
    }

    [Fact]
    public void A_link_that_goes_on_being_served_keeps_what_its_client_waits_for()
    {
        _links.Serve([Meter(1, 1), Meter(2, 1)]);
        var (first, second) = (LogIn(1), LogIn(2));
        var (kept, lost) = (first.Pending.ShouldNotBeNull(), second.Pending.ShouldNotBeNull());
        _links.Pending.ShouldBe([kept, lost]);

        _links.Serve([Meter(1, 1), Meter(1, 2)]).ShouldBe([second]);
        _links.At(1).ShouldBe(first);
        _links.Wanted(kept.Id).ShouldBe(kept);
        _links.Wanted(lost.Id).ShouldBeNull();
        _links.Pending.ShouldBe([kept]);
    }

    [Fact]
    public void The_answers_of_all_links_are_counted_until_they_are_fetched()
    {
        _links.Serve([Meter(1, 1), Meter(2, 1)]);
        LogIn(1).Add(new byte[9]);
        LogIn(2).Add(new byte[20]);
        _links.BufferedOctets.ShouldBe(29);
        _links.At(1)!.NextAnswer(new byte[255]).ShouldBe(9);
        _links.BufferedOctets.ShouldBe(20);
        _links.At(2)!.DropAnswers();
        _links.BufferedOctets.ShouldBe(0);
    }

    RequestId IClientLinkHost.NextId() => _lastId = _lastId.Next();

    bool IClientLinkHost.TakesLogin() => true;

    void IClientLinkHost.TryLogin(ClientRequest login)
    {
    }

    void IClientLinkHost.PassOn(ClientRequest request)
    {
    }

    void IClientLinkHost.LeftUnfetched(ClientRequest request)
    {
    }

    void IClientLinkHost.Drop(ClientRequest request)
    {
    }

    void IClientLinkHost.Refused(ushort linkAddress, GatewayMeter? meter, AsduHeader request, string why)
    {
    }

    /// <summary>Sends the client's login at a link; it is accepted and waits for its answer.</summary>
    private ClientLink LogIn(ushort link)
    {
        Asdu.TryRead(Request.Login(1, 7).Asdu, out var login).ShouldBeTrue();
        _links.At(link)!.OnRequest(login).ShouldBe(RequestVerdict.Accept);
        return _links.At(link)!;
    }

    private static GatewayMeter Meter(ushort link, ushort point, bool isEnabled = true) =>
        new($"m-{link}-{point}", link, point, new Secret(7), isEnabled);
}
