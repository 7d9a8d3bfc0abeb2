namespace Iec102.Faults.Tests.Networks;

/// <summary>A cut between hosts, until it is healed. Cuts may overlap: each has rules of its own in the router.</summary>
/// <param name="router">The namespace of the router.</param>
internal sealed class Cut(string router)
{
    private readonly List<int> _rules = [];

    /// <summary>Has the router drop what goes one way.</summary>
    /// <param name="from">Where it comes from.</param>
    /// <param name="to">Where it goes.</param>
    /// <param name="rule">A number that no other rule has.</param>
    public async Task AddAsync(Host from, Host to, int rule)
    {
        await Tool.RunAsync($"ip -n {router} rule add from {from.Address} to {to.Address} pref {rule} blackhole");
        _rules.Add(rule);
    }

    /// <summary>Ends the cut.</summary>
    public async Task HealAsync()
    {
        foreach (var rule in _rules)
            await Tool.RunAsync($"ip -n {router} rule del pref {rule}");
        _rules.Clear();
    }
}
