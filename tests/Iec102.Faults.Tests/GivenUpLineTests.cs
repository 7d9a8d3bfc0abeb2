using Iec102.Cluster.Leases;
using Iec102.Faults.Tests.Networks;
using Iec102.Faults.Tests.Sites;
using Iec102.Faults.Tests.Talkers;
using Iec102.Lines;
using Iec102.Lines.Tcp;
using Iec102.Protocol.Link;
using Iec102.Testing;

namespace Iec102.Faults.Tests;

/// <summary>What is on its way to a meter when a line is given up must not arrive later, when another node has the line.</summary>
public sealed class GivenUpLineTests : IDisposable
{
    private const int Port = 5001;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // What has not been acknowledged is sent again after 0.2 s, 0.4 s, 0.8 s ...
    private static readonly TimeSpan SentAgain = TimeSpan.FromSeconds(3);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("iec102-faults-");

    public void Dispose() => _folder.Delete(recursive: true);

    [NetworkFact]
    public Task What_was_written_during_a_cut_is_dropped_when_the_guard_closes() => WriteDuringCutAsync((_, guard) =>
    {
        guard.Close();
        return ValueTask.CompletedTask;
    });

    [NetworkFact]
    public Task What_was_written_during_a_cut_is_dropped_when_the_port_closes_the_line() =>
        WriteDuringCutAsync((line, _) => line.DisposeAsync());

    private async Task WriteDuringCutAsync(Func<ILine, Guard, ValueTask> giveUp)
    {
        await using var network = await Network.MakeAsync("sim");
        var sim = network["sim"];
        var record = Path.Combine(_folder.FullName, "talkers.txt");
        await using var meters = ServerProcess.BeginBy(
            sim.Before, ["simulate", "--meters", "1", "--listen", $"{sim.Address}:{Port}", "--record", record]);
        await Wait.UntilAsync(
            () => Task.FromResult(meters.Output.Contains("Ctrl+C", StringComparison.Ordinal) ? null : meters.Output), Patience);
        var frame = new byte[Frame.FixedLength];
        FrameWriter.WriteFixed(frame, ControlField.OfMaster(PrimaryFunction.RequestLinkStatus), 1);
        var guard = new Guard("line-1", TimeProvider.System);
        guard.Prolong(Moment.Now(TimeProvider.System), Patience);

        var lines = new GuardedLineFactory(new TcpLineFactory(new TcpLineOptions(sim.Address, Port)), guard);
        await using var line = await lines.OpenAsync(default);
        await line.WriteAsync(frame, default);
        // Once it is answered and the answer read, nothing but the next frame is on its way.
        (await line.ReadAsync(new byte[256], default)).ShouldBe(Frame.FixedLength);
        var cut = await network.CutAsync(Network.Tests, sim);
        await line.WriteAsync(frame, default);
        await giveUp(line, guard);
        await cut.HealAsync();
        await Wait.ForAsync(SentAgain);

        TalkRecord.Read(record).Frames("line-1", Network.Tests.Address, DateTimeOffset.MinValue).ShouldBe(1);
    }
}
