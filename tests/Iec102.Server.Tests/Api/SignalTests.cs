using Iec102.Contract;
using Iec102.Fleet;

namespace Iec102.Server.Tests.Api;

public sealed class SignalTests
{
    [Theory]
    [InlineData("energy.active.import", Orientation.Consumer, "active energy A+, imported")]
    [InlineData("energy.active.import", Orientation.Producer, "active energy A+, exported")]
    [InlineData("energy.active.export", Orientation.Producer, "active energy A-, imported")]
    [InlineData("power.active.l2", Orientation.Consumer, "active power, phase 2, + imported, - exported")]
    [InlineData("power.active.total", Orientation.Producer, "active power, all phases, + exported, - imported")]
    [InlineData("energy.reactive.q3", Orientation.Producer, "reactive energy, quadrant 3")]
    [InlineData("voltage.l1", Orientation.Producer, "voltage, phase 1, secondary side")]
    public void Orientation_decides_what_is_called_imported_and_moves_no_value(string id, Orientation orientation, string description) =>
        Signals.Describe(id, orientation).ShouldBe(description);
}
