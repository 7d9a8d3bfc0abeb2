using System.Text.RegularExpressions;
using Akka.Actor;
using Akka.Hosting;
using Akka.Persistence;
using Iec102.Hocon;
using Iec102.Acquisition.Fleet;
using Iec102.Server.Hosting;
using Iec102.Server.Tests.EndToEnd;
using Iec102.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Iec102.Server.Tests;

/// <summary>hocon/reference.conf tells operators what the actor runtime can be told: all of it, and each value as it is without the file.</summary>
public sealed partial class ReferenceConfTests : IDisposable
{
    private static readonly string Reference = Path.Combine(Repository.Root, "hocon", "reference.conf");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("iec102-reference-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Every_value_is_the_one_in_force_without_the_file()
    {
        await using var without = Services("");
        await using var with = Services(await File.ReadAllTextAsync(Reference));
        var (plain, told) = (without.GetRequiredService<ActorSystem>(), with.GetRequiredService<ActorSystem>());
        var inForce = plain.Settings.Config.WithFallback(Persistence.DefaultConfig());
        var (ownOfPlain, ownOfTold) = (OwnDefaults(plain), OwnDefaults(told));

        foreach (var (path, value) in Leaves(HoconParser.ParseFile(Reference), []))
        {
            if (!inForce.HasPath(path))
                ownOfTold[path].ShouldBe(ownOfPlain[path], path);
            else if (value is HoconList list)
                list.Items.Select(TypeIn).ShouldBe(inForce.GetStringList(path).Select(TypeIn), path);
            else
                ((HoconScalar)value).Text.ShouldBe(inForce.GetString(path), path, StringCompareShould.IgnoreCase);
        }
    }

    [Fact]
    public void The_file_names_every_setting_that_the_runtime_reads()
    {
        var reference = HoconParser.ParseFile(Reference);
        var sources = Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", "Akka.Embedded"), "*.cs", SearchOption.AllDirectories);
        var read = sources.SelectMany(source => SettingName().Matches(File.ReadAllText(source))).Select(match => match.Groups["path"].Value).ToHashSet();

        read.Count.ShouldBeGreaterThan(15);
        read.Where(path => !reference.Has(path)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_server_runs_with_the_whole_file()
    {
        var options = Options(await File.ReadAllTextAsync(Reference)) with { LogToConsole = false };
        await using var host = await ServerHost.StartAsync(options, CancellationToken.None);
        host.Node.FleetStatus.IsInForce.ShouldBeTrue();
    }

    /// <summary>What the runtime itself makes of its configuration, where a default stands in its code and not in HOCON.</summary>
    private static Dictionary<string, object> OwnDefaults(ActorSystem system) => new()
    {
        ["akka.stdout-loglevel"] = system.Settings.StdoutLogLevel,
        ["akka.scheduler.implementation"] = system.Settings.SchedulerClass,
        ["akka.coordinated-shutdown.default-phase-timeout"] = CoordinatedShutdown.Get(system).Timeout(CoordinatedShutdown.PhaseServiceStop),
        ["akka.coordinated-shutdown.phases.actor-system-terminate.timeout"] = CoordinatedShutdown.Get(system).Timeout(CoordinatedShutdown.PhaseActorSystemTerminate),
        ["akka.coordinated-shutdown.terminate-actor-system"] = system.Settings.CoordinatedShutdownTerminateActorSystem,
        ["akka.coordinated-shutdown.run-by-actor-system-terminate"] = system.Settings.CoordinatedShutdownRunByActorSystemTerminate,
    };

    private static IEnumerable<(string Path, HoconValue Value)> Leaves(HoconObject from, IReadOnlyList<string> under) => from.Fields.SelectMany(field =>
    {
        string[] path = [.. under, field.Key];
        return field.Value is HoconObject section ? Leaves(section, path) : [(HoconPath.Join(path), field.Value)];
    });

    private static string TypeIn(HoconValue name) => TypeIn(((HoconScalar)name).Text);

    /// <summary>Without its assembly, which differs between the two runtimes.</summary>
    private static string TypeIn(string name) => name.Split(',')[0];

    private ServiceProvider Services(string config)
    {
        var options = Options(config);
        return new ServiceCollection().AddLogging(logging => logging.ClearProviders()).AddAkka("iec102", akka => ServerHost.Configure(akka, options)).BuildServiceProvider();
    }

    private ServerOptions Options(string config) =>
        new(new FleetConfiguration(), DataDirectory.Create(_folder.FullName), ["http://127.0.0.1:0"]) { Config = config };

    [GeneratedRegex("\"(?<path>akka\\.[a-z][a-z.-]*[a-z])\"")]
    private static partial Regex SettingName();
}
