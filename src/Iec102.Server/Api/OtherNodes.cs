using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Akka.Actor;
using Akka.Hosting;
using Iec102.Cluster.Leases;
using Iec102.Cluster.Nodes;
using Iec102.Cluster.States;
using Iec102.Fleet;
using NodaTime;

namespace Iec102.Server.Api;

/// <summary>The other nodes as the API of this one sees them; there is none of these when the server is alone.</summary>
/// <param name="self">This node.</param>
/// <param name="view">What is known of the nodes.</param>
/// <param name="states">What is known of what they run.</param>
/// <param name="sight">All of that together.</param>
/// <param name="lease">What this node owns.</param>
/// <param name="leaseActor">Decides what it owns.</param>
/// <param name="own">The report of this node, at the moment of a call.</param>
internal sealed class OtherNodes(
    NodeConfiguration self, NodesView view, StatesView states, FleetSight sight, LeaseView lease, IRequiredActor<LeaseActor> leaseActor,
    Func<NodeReport> own) : IDisposable
{
    /// <summary>A node that is there accepts a connection within that time.</summary>
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(3);

    /// <summary>What is known of the nodes.</summary>
    public NodesView View => view;

    /// <summary>What is known of what they run.</summary>
    public StatesView States => states;

    /// <summary>The fleet as this node sees it.</summary>
    public FleetSight Sight => sight;

    /// <summary>What this node owns.</summary>
    public LeaseView Lease => lease;

    /// <summary>All nodes, this one included, as it is now.</summary>
    public IEnumerable<SeenNode> All =>
        view.Nodes.Where(node => node.Report.Id != view.Self).Append(new SeenNode(own(), Duration.Zero, IsSilent: false));

    /// <summary>Calls the APIs of the nodes; trusts the authority of the fleet, or else whom the system trusts.</summary>
    public HttpMessageInvoker Client { get; } = new(new SocketsHttpHandler
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectTimeout = ConnectTimeout,
        SslOptions = new SslClientAuthenticationOptions
        {
            CertificateChainPolicy = self.CertificateAuthority is { } authority ? TrustOnly(authority) : null,
        },
    });

    /// <summary>
    /// The node that runs a port; null when none is known to. A pinned port belongs to its node, whether or not that is heard.
    /// </summary>
    public SeenNode? OwnerOf(PortConfiguration port) => port.Placement.Node is { } pinned
        ? view.Node(pinned)
        : view.Nodes.Where(node => node.Report.Id != view.Self && !node.IsSilent && node.Report.Ports.Contains(port.Id))
            .OrderBy(node => states.Ports.GetValueOrDefault(port.Id)?.Node != node.Report.Id).FirstOrDefault();

    /// <summary>Has this node give its floating ports away, or lets it own some again.</summary>
    public void Drain(bool isDraining) => leaseActor.ActorRef.Tell(new DrainNode(isDraining));

    /// <inheritdoc/>
    public void Dispose() => Client.Dispose();

    private static X509ChainPolicy TrustOnly(string authority)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPemFile(authority);
        return policy;
    }
}
