using Akka.Actor;
using Akka.Hosting;
using Akka.Persistence;
using Iec102.Acquisition.Fleet;
using Iec102.Hocon;
using Iec102.Server.Commands;
using Iec102.Server.Hosting;
using Iec102.Server.Tests.EndToEnd;
using Iec102.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Iec102.Server.Tests;

/// <summary>hocon/reference.conf tells operators the settings of the actor runtime that matter: each with the value that it has without the file.</summary>
public sealed class ReferenceConfTests : IDisposable
{
    private static readonly string Reference = Path.Combine(Repository.Root, "hocon", "reference.conf");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("iec102-reference-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Every_value_is_the_one_in_force_without_the_file()
    {
        await using var without = Services("");
        await using var with = Services(ServeCommand.ReadConfig(Reference));
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
                Plain(((HoconScalar)value).Text).ShouldBe(Plain(inForce.GetString(path)), path, StringCompareShould.IgnoreCase);
        }
    }

    [Fact]
    public async Task A_server_runs_with_the_whole_file()
    {
        var options = Options(ServeCommand.ReadConfig(Reference)) with { LogToConsole = false };
        await using var host = await ServerHost.StartAsync(options, CancellationToken.None);
        host.Node.FleetStatus.IsInForce.ShouldBeTrue();
    }

    [Fact]
    public async Task What_an_operator_sets_wins_over_the_server_and_over_Akka()
    {
        await using var services = Services(
            """
            akka {
              loglevel = ERROR
              log-dead-letters = 7
              actor.default-dispatcher.throughput = 11
              persistence.journal.sql.batch-size = 13
            }
            """);
        var settings = services.GetRequiredService<ActorSystem>().Settings;

        settings.LogLevel.ShouldBe("ERROR");
        settings.LogDeadLetters.ShouldBe(7);
        settings.Config.GetInt("akka.actor.default-dispatcher.throughput").ShouldBe(11);
        settings.Config.GetInt("akka.persistence.journal.sql.batch-size").ShouldBe(13);
    }

    /// <summary>What the runtime itself makes of its configuration, where a default stands in its code and not in HOCON.</summary>
    private static Dictionary<string, object> OwnDefaults(ActorSystem system) => new()
    {
        ["akka.stdout-loglevel"] = system.Settings.StdoutLogLevel,
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

    /// <summary>Akka.NET writes "5 s" where we write 5s.</summary>
    private static string Plain(string text) => text.Replace(" ", "", StringComparison.Ordinal);

    private static string TypeIn(HoconValue name) => TypeIn(((HoconScalar)name).Text);

    /// <summary>Without its assembly, which Akka.Hosting writes with its version.</summary>
    private static string TypeIn(string name) => name.Split(',')[0];

    private ServiceProvider Services(string config)
    {
        var options = Options(config);
        return new ServiceCollection().AddLogging(logging => logging.ClearProviders()).AddAkka("iec102", akka => ServerHost.Configure(akka, options)).BuildServiceProvider();
    }

    private ServerOptions Options(string config) =>
        new(new FleetConfiguration(), DataDirectory.Create(_folder.FullName), ["http://127.0.0.1:0"]) { Config = config };
}
