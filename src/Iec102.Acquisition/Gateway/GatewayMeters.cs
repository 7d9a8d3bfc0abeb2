using Iec102.Fleet;

namespace Iec102.Acquisition.Gateway;

/// <summary>
/// The meters of a gateway's port. Kept outside the listener and given to it, so that a listener restarted after a crash knows the present
/// meters. Whoever calls <see cref="Set"/> also sends the listener <see cref="ServeMeters"/>.
/// </summary>
public sealed class GatewayMeters
{
    private volatile ValueList<ServedMeter> _all = [];

    /// <summary>The present meters.</summary>
    public ValueList<ServedMeter> All => _all;

    /// <summary>Sets the meters from now on.</summary>
    public void Set(ValueList<ServedMeter> meters) => _all = meters;
}
