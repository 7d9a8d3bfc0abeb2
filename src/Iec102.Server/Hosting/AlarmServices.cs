using Akka.Actor;
using Akka.Hosting;
using Iec102.Acquisition;
using Iec102.Acquisition.Alarms;
using Iec102.Acquisition.Verdicts;
using Iec102.Cluster.Nodes;
using Iec102.Fleet;
using Iec102.Server.Alarms;
using Iec102.Server.Api;

namespace Iec102.Server.Hosting;

/// <summary>What a server needs to keep alarms and to tell people of them.</summary>
internal static class AlarmServices
{
    /// <summary>Adds what shows the alarms, and the ways on which people are told.</summary>
    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<AlarmView>();
        services.AddSingleton<INoticeWay>(new Webhook(TimeProvider.System));
        services.AddSingleton<INoticeWay, Mail>();
    }

    /// <summary>Starts the actors.</summary>
    public static void Start(ActorSystem system, IActorRegistry registry, IServiceProvider services, IAlarmTable table)
    {
        var (nodes, time) = (services.GetService<NodesView>(), TimeProvider.System);
        IReadOnlyList<INoticeWay> ways = [.. services.GetServices<INoticeWay>()];
        var setup = new AlarmSetup(LookAsync, () => KeepingOf(nodes), table, time)
        {
            View = services.GetRequiredService<AlarmView>(),
            Ways = change => ways.Where(way => way.Wants(change) && way.To(Node().Fleet.Alarms) is not null).Select(way => way.Name),
        };
        var alarms = system.ActorOf(AlarmActor.Props(setup), "alarms");
        registry.Register<AlarmActor>(alarms);
        foreach (var way in ways)
            system.ActorOf(NoticeActor.Props(new NoticeSetup(way, alarms, table, Known, time)), $"notices-{way.Name}");
        system.ActorOf(
            MorningSheetActor.Props(new MorningSheetSetup(
                alarms, table, () => Node().Fleet, YesterdayAsync, (fleet, day) => MonthCurves.ZipAsync(Node().Store, fleet, day),
                Mail.SendAsync, time)),
            "morning-sheet");

        ServerNode Node() => services.GetRequiredService<ServerNode>();

        FleetConfiguration? Known() => Node().FleetStatus.AcceptedAt is null ? null : Node().Fleet;

        async Task<AlarmSight?> LookAsync() => Known() is { } fleet
            ? new AlarmSight((await Node().LiveFleetAsync()).Verdicts, fleet)
            : null;

        async Task<CompleteMeters> YesterdayAsync() =>
            CompleteMeters.Yesterday(Node().Fleet, (await Node().LiveFleetAsync()).Meters, time.Now());
    }

    /// <summary>Whether this node keeps the alarms.</summary>
    /// <param name="nodes">The nodes; null when the server is alone.</param>
    public static AlarmKeeping KeepingOf(NodesView? nodes) => nodes switch
    {
        null => AlarmKeeping.Here,
        { StoreAwaySince: not null } => AlarmKeeping.Unknown,
        { AlarmKeeper: { } keeper } when keeper.Report.Id == nodes.Self => AlarmKeeping.Here,
        _ => AlarmKeeping.Elsewhere,
    };
}
