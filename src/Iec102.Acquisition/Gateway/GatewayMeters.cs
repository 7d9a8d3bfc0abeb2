using Iec102.Fleet;

namespace Iec102.Acquisition.Gateway;

/// <summary>
/// The meters of a gateway's port. Made beside the listener and given to it, so that a listener started in the place of one that crashed knows those of now; after
/// <see cref="Set"/> it is told with <see cref="ServeMeters"/>.
/// </summary>
public sealed class GatewayMeters
{
    private volatile ValueList<GatewayMeter> _all = [];

    /// <summary>The meters now.</summary>
    public ValueList<GatewayMeter> All => _all;

    /// <summary>These are the meters from now on.</summary>
    public void Set(ValueList<GatewayMeter> meters) => _all = meters;
}
