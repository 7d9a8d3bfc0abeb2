namespace Iec102.Faults.Tests.Networks;

/// <summary>A test that needs network namespaces; where there are none it is skipped, and says why.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NetworkFactAttribute : FactAttribute
{
    /// <summary>A test that runs or is skipped.</summary>
    public NetworkFactAttribute() => Skip = Network.Missing;
}
