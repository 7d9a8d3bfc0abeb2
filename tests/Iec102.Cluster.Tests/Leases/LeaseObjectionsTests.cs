using Iec102.Cluster.Leases;
using Iec102.Fleet;

namespace Iec102.Cluster.Tests.Leases;

/// <summary>check refuses what the lease could not guard, at its place in the file.</summary>
public sealed class LeaseObjectionsTests : IDisposable
{
    private const string Common = """
        iec102 {
          store.postgres = "Host=db;Database=iec102"
          ports {
            fast { tcp = "192.0.2.1:4001" }
            slow { tcp = "rfc2217://192.0.2.2:4001", line = 300-8E1, nodes = [n-2] }
            com { serial { device = "/dev/ttyS0", line = 300-8E1 }, node = n-1 }
          }
          node { url = "http://localhost", id =
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("iec102-lease-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("n-1, ttl = 4s", "")]
    [InlineData("n-1, ttl = 3s", ":8:52: iec102.node.ttl: must be at least 4s for port 'fast': its longest frame and two beats must fit")]
    [InlineData("n-2, ttl = 13s", "")]
    [InlineData("n-2", ":8:3: iec102.node.ttl: must be at least 13s for port 'slow'")]
    public void The_ttl_must_be_long_enough_for_every_line_that_the_node_may_come_to_own(string node, string problem)
    {
        var problems = Read(node, LeaseObjections.To);
        if (problem.Length == 0)
            problems.ShouldBeEmpty();
        else
            problems.ShouldHaveSingleItem().ToString().ShouldContain(problem);
    }

    [Fact]
    public void Two_locks_with_the_same_number_are_refused_but_a_pinned_port_has_none() =>
        Read("n-2, ttl = 1m", fleet => LeaseObjections.To(fleet, name => name.Id.Length)).ShouldHaveSingleItem().ToString().ShouldEndWith(
            ":5:18: iec102.ports.slow.tcp: the lock of this port in the database would be that of port fast: give one another id.");

    private string FleetFile => Path.Combine(_folder.FullName, "fleet.conf");

    private ValueList<FleetProblem> Read(string node, Func<FleetConfiguration, IEnumerable<FleetObjection>> objections)
    {
        File.WriteAllText(FleetFile, $"{Common} {node} }} }}");
        return FleetReader.ReadFile(FleetFile, objections: objections).Problems;
    }
}
