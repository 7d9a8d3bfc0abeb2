using Iec102.Fleet;

namespace Iec102.Acquisition.Gateway;

/// <summary>
/// The meters of a gateway's port. Made beside the listener and given to it, so that a listener started in the place of one that crashed
/// knows the present meters. Whoever calls <see cref="Set"/> tells the listener with <see cref="ServeMeters"/> as well.
/// </summary>
public sealed class GatewayMeters
{
    private volatile ValueList<ServedMeter> _all = [];

    /// <summary>The present meters.</summary>
    public ValueList<ServedMeter> All => _all;

    /// <summary>These are the meters from now on.</summary>
    public void Set(ValueList<ServedMeter> meters) => _all = meters;
}
