using System.Runtime.InteropServices;
using System.Threading.Channels;
using Akka.Actor;
using Akka.Hosting;
using Iec102.Acquisition.Fleets;
using Iec102.Fleet;
using Iec102.Server.Api;

namespace Iec102.Server.Hosting;

/// <summary>
/// Follows the fleet file, the files that it includes and its CSV of meters, wherever they are, while the server runs, and reads them again
/// on SIGHUP. It sends the result to the fleet's actor: a valid fleet to be applied, an invalid one to be shown. As at the start, a fleet
/// without API keys is invalid while the API listens on an address other than loopback, and so is one that needs too many descriptors or
/// has another store than the one that the server was started with.
/// </summary>
/// <param name="file">The fleet file.</param>
/// <param name="urls">Where the API listens.</param>
/// <param name="store">The store that the server was started with.</param>
/// <param name="fleet">The fleet's actor.</param>
internal sealed class FleetWatch(
    string file, IReadOnlyList<string> urls, StoreConfiguration? store, IRequiredActor<FleetActor> fleet) : BackgroundService
{
    /// <summary>Editors write a file in several steps: further changes within this time belong to the same change.</summary>
    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(300);

    private readonly Channel<bool> _changes = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var actor = await fleet.GetAsync(stoppingToken);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
        {
            context.Cancel = true;
            OnChange();
        });
        ValueList<string> files = [Path.GetFullPath(file)];
        while (true)
        {
            using var followed = new FollowedFiles(files, OnChange);
            // Read only after following has begun, so that no change falls in between.
            var reading = Read();
            if (!reading.Files.Equals(files))
            {
                files = reading.Files;
                continue;
            }

            actor.Tell(
                reading.Configuration is { } configuration ? new ApplyFleet(configuration) : new RejectFleet(reading.Problems),
                ActorRefs.NoSender);
            await _changes.Reader.ReadAsync(stoppingToken);
            await Task.Delay(Settle, stoppingToken);
            _changes.Reader.TryRead(out _);
        }
    }

    private void OnChange() => _changes.Writer.TryWrite(true);

    /// <summary>Returns a result whatever happens: the file is followed as long as the server runs.</summary>
    private FleetReading Read()
    {
        try
        {
            var reading = FleetReader.ReadFile(file);
            if (reading.Configuration is not { } read)
                return reading;
            FleetProblem? problem = ApiAccess.RefuseBinding(urls, read.Api) is { } exposed
                ? new FleetProblem(file, 1, 1, "iec102.api", exposed)
                : Descriptors.Refuse(read, Descriptors.Limit) is { } tooLarge
                    ? new FleetProblem(file, 1, 1, "iec102.ports", tooLarge)
                    : read.Store != store
                        ? new FleetProblem(file, 1, 1, "iec102.store", "the store was changed: start the server again to use the new one.")
                        : null;
            return problem is null ? reading : new FleetReading(null, [problem]) { Files = reading.Files };
        }
        catch (Exception error)
        {
            return new FleetReading(null, [new FleetProblem(file, 1, 1, "", $"the file cannot be read: {error.Message}")])
            {
                Files = [Path.GetFullPath(file)],
            };
        }
    }
}
