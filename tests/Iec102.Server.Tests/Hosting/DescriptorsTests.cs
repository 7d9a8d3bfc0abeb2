using Iec102.Fleet;
using Iec102.Server.Hosting;

namespace Iec102.Server.Tests.Hosting;

/// <summary>How the descriptors of the process are shared out.</summary>
public sealed class DescriptorsTests
{
    [Theory]
    [InlineData(1024, 0, 0, 128)]
    [InlineData(1024, 100, 0, 103)]
    [InlineData(1024, 100, 20, 58)]
    [InlineData(1024, 448, 0, 16)]
    [InlineData(65536, 1000, 100, 400)]
    public void The_API_has_what_lines_and_gateways_leave(int limit, int ports, int gateways, int connections)
    {
        var fleet = Fleet(ports, gateways);
        Descriptors.ApiConnections(fleet, limit).ShouldBe(connections);
        Descriptors.Refuse(fleet, limit).ShouldBeNull();
    }

    [Fact]
    public void A_fleet_that_needs_more_than_the_process_may_have_is_refused()
    {
        Descriptors.Refuse(Fleet(449, 0), 1024).ShouldBe(
            "the ports and their gateways need 1025 open files and connections, but the system allows this process only 1024: raise "
            + "its limit (LimitNOFILE in systemd, ulimit -n), or configure fewer ports or a smaller max-clients.");
        Descriptors.Refuse(Fleet(449, 0), 1025).ShouldBeNull();
        Descriptors.Refuse(Fleet(449, 1), 1025).ShouldNotBeNull();
    }

    /// <summary>Ports over TCP, some of them with a gateway of eight clients.</summary>
    private static FleetConfiguration Fleet(int ports, int gateways) => new()
    {
        Ports =
        [
            .. Enumerable.Range(0, ports).Select(number => new PortConfiguration
            {
                Id = $"p-{number}",
                Gateway = number < gateways ? new GatewayConfiguration { Listen = new(System.Net.IPAddress.Loopback, 1) } : null,
            }),
        ],
    };
}
