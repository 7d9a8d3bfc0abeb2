using System.Runtime.InteropServices;
using System.Threading.Channels;
using Akka.Actor;
using Akka.Hosting;
using Iec102.Acquisition.Fleets;
using Iec102.Fleet;
using Iec102.Hocon;
using Iec102.Server.Api;

namespace Iec102.Server.Hosting;

/// <summary>
/// Follows the fleet file, the files that it includes and its CSV of meters, wherever they are, while the server runs, and reads them again
/// on SIGHUP. It sends the result to the fleet's actor: a valid fleet to be applied, an invalid one to be shown. As at the start, a fleet
/// without API keys is invalid while the API listens on an address other than loopback, and so is one that needs too many descriptors or
/// has another store or another node than the server was started with.
/// </summary>
/// <param name="configured">The files.</param>
/// <param name="urls">Where the API listens.</param>
/// <param name="started">The fleet that the server was started with.</param>
/// <param name="fleet">The fleet's actor.</param>
internal sealed class FleetWatch(
    FleetFiles configured, IReadOnlyList<string> urls, FleetConfiguration started, IRequiredActor<FleetActor> fleet) : BackgroundService
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
            LookNow();
        });
        var files = configured.Paths;
        while (true)
        {
            using var followed = new FollowedFiles(files, LookNow);
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

    /// <summary>Has the files read at once.</summary>
    public void LookNow() => _changes.Writer.TryWrite(true);

    /// <summary>
    /// What the files say, and whether this server can serve it; returns a result whatever happens, for the files are followed as long as
    /// the server runs.
    /// </summary>
    /// <param name="options">Where files come from; null means from the file system.</param>
    public FleetReading Read(HoconOptions? options = null)
    {
        try
        {
            var reading = configured.ReadToServe(options);
            if (reading.Configuration is not { } read)
                return reading;
            (string Key, string? Sentence)[] refusals =
            [
                ("api", ApiAccess.RefuseBinding(urls, read.Api)),
                ("ports", Descriptors.Refuse(read, Descriptors.Limit)),
                ("store", read.Store == started.Store ? null : "the store was changed: start the server again to use the new one."),
                ("node", read.Node == started.Node ? null : "the node was changed: start the server again to use the new settings."),
            ];
            ValueList<FleetProblem> problems =
            [
                .. refusals.Where(refusal => refusal.Sentence is not null)
                    .Select(refusal => new FleetProblem(configured.Fleet, 1, 1, $"iec102.{refusal.Key}", refusal.Sentence!)),
            ];
            return problems.Count == 0 ? reading : new FleetReading(null, problems) { Files = reading.Files };
        }
        catch (Exception error)
        {
            return new FleetReading(null, [new FleetProblem(configured.Fleet, 1, 1, "", $"the file cannot be read: {error.Message}")])
            {
                Files = configured.Paths,
            };
        }
    }
}
