using Akka.Actor;
using Akka.Hosting;
using Iec102.Acquisition.Alarms;
using Iec102.Acquisition.Fleets;
using Iec102.Cluster.Nodes;
using Iec102.Fleet;
using Iec102.Server.Api;
using Iec102.Server.Deliveries;
using Iec102.Storage.Exports;
using Iec102.Storage.Writing;
using NodaTime.Text;

namespace Iec102.Server.Hosting;

/// <summary>What a server needs to deliver files.</summary>
internal static class DeliveryServices
{
    /// <summary>Starts the actor.</summary>
    public static void Start(ActorSystem system, IActorRegistry registry, IServiceProvider services)
    {
        var (nodes, time) = (services.GetService<NodesView>(), TimeProvider.System);
        var work = new DeliveryWork(
            new Source(services.GetRequiredService<ServerNode>), services.GetRequiredService<IDeliveryTable>(), nodes?.Self, time);
        var setup = new DeliverySetup(
            work, () => services.GetRequiredService<ServerNode>() is { FleetStatus.AcceptedAt: not null } node ? node.Fleet : null,
            () => AlarmServices.KeepingOf(nodes) == AlarmKeeping.Here, time);
        registry.Register<DeliveryActor>(system.ActorOf(DeliveryActor.Props(setup), "deliveries"));
    }

    /// <summary>The stored curves, and what their actors know of them on all nodes.</summary>
    private sealed class Source(Func<ServerNode> node) : IDeliverySource
    {
        public long Stored(IReadOnlyList<DeliveredCurve> curves) =>
            (from same in curves.GroupBy(one => (one.Curve, one.Range))
             let rows = node().Store.Rows(CurveExtensions.Parse(same.Key.Curve), same.Key.Range)
             from one in same
             select rows.GetValueOrDefault(one.Meter.Id)).Sum();

        public ProfileSeries Read(DeliveredCurve curve) =>
            ProfileSeries.Read(node().Store, curve.Meter.Id, curve.Curve, curve.Meter.TimeZone, curve.Range);

        public async Task<DeliveredMeters?> CompleteAsync(
            FleetConfiguration fleet, Period period, IReadOnlyList<DeliveredCurve> curves)
        {
            var running = FleetPlan.MetersOf(fleet).ToHashSet();
            var counted = curves
                .Where(one => running.Contains(one.Meter) && CurveExtensions.Parse(one.Curve) is { } curve && one.Meter.Records(curve))
                .Select(one => new ChosenCurve(one.Meter, one.Curve, one.Range)).ToList();
            if (counted.Count == 0)
                return null;
            var question = new CompletenessQuestion(
                LocalDatePattern.Iso.Format(period.First), LocalDatePattern.Iso.Format(period.End),
                string.Join(',', counted.Select(one => one.Curve).Distinct()), Call: null);
            var meters = (await new Completeness(node(), question).OfAsync(counted)).GroupBy(one => one.Meter).ToList();
            return new DeliveredMeters(
                meters.Count(meter => meter.All(one => one.Unknown is null && one.Recorded + one.Absent == one.Expected)), meters.Count);
        }
    }
}
