using System.Runtime.InteropServices;
using System.Threading.Channels;
using Iec102.Acquisition;
using Iec102.Acquisition.Fleet;

namespace Iec102.Server.Hosting;

/// <summary>
/// Follows the fleet file while the server runs, and on SIGHUP: a valid change is applied to the ports and meters that it touches, an invalid one is reported,
/// place by place, and changes nothing. Files beside it count too, since it may include them or name a CSV of meters.
/// </summary>
internal sealed class FleetWatch : IAsyncDisposable
{
    /// <summary>Editors write a file in several steps: what follows within this time belongs to the same change.</summary>
    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(300);

    private readonly string _file;
    private readonly AcquisitionNode _acquisition;
    private readonly ILogger _log;
    private readonly Channel<bool> _changes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource _stopping = new();
    private readonly FileSystemWatcher _watcher;
    private readonly PosixSignalRegistration _hangUp;
    private readonly Task _following;

    /// <summary>Begins to follow the file.</summary>
    public FleetWatch(string file, AcquisitionNode acquisition, ILogger log)
    {
        _file = Path.GetFullPath(file);
        _acquisition = acquisition;
        _log = log;
        _watcher = new FileSystemWatcher(Path.GetDirectoryName(_file)!) { NotifyFilter = NotifyFilters.LastWrite | NotifyFilters.FileName | NotifyFilters.Size };
        _watcher.Changed += OnChange;
        _watcher.Created += OnChange;
        _watcher.Renamed += OnChange;
        _watcher.EnableRaisingEvents = true;
        _hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
        {
            context.Cancel = true;
            _changes.Writer.TryWrite(true);
        });
        _following = FollowAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _hangUp.Dispose();
        _watcher.Dispose();
        await _stopping.CancelAsync();
        await _following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    private void OnChange(object sender, FileSystemEventArgs change)
    {
        if (Path.GetExtension(change.Name) is ".conf" or ".csv" || change.FullPath == _file)
            _changes.Writer.TryWrite(true);
    }

    private async Task FollowAsync()
    {
        await foreach (var _ in _changes.Reader.ReadAllAsync(_stopping.Token))
        {
            await Task.Delay(Settle, _stopping.Token);
            _changes.Reader.TryRead(out var _);
            await ApplyAsync();
        }
    }

    private async Task ApplyAsync()
    {
        var reading = FleetReader.ReadFile(_file);
        foreach (var problem in reading.Problems)
            _log.LogWarning("{Problem}", problem);
        if (reading.Configuration is not { } fleet)
        {
            _log.LogWarning("The fleet file was changed and is not applied; the server goes on as before.");
            return;
        }

        if (fleet == _acquisition.Fleet)
            return;
        await _acquisition.ApplyAsync(fleet);
        _log.LogInformation("The changed fleet file is in force: {Ports} ports, {Meters} meters", fleet.Ports.Count, fleet.Meters.Count);
    }
}
