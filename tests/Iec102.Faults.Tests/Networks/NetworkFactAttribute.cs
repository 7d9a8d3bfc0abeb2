using Iec102.Faults.Tests.Sites;

namespace Iec102.Faults.Tests.Networks;

/// <summary>A test that needs network namespaces; where there are none it is skipped, and says why.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NetworkFactAttribute : FactAttribute
{
    /// <summary>A test that runs or is skipped.</summary>
    /// <param name="setsClocks">Whether it also needs to set the clock of a process.</param>
    public NetworkFactAttribute(bool setsClocks = false) => Skip = Network.Missing ?? (setsClocks ? FakeTime.Missing : null);
}
