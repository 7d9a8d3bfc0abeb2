using Akka.Actor;
using Akka.Configuration;
using Akka.Configuration.Hocon;
using Akka.Hosting;
using Akka.Persistence;
using Akka.Persistence.Sql;
using Akka.Streams;
using Iec102.Fleet;
using Iec102.Server.Commands;
using Iec102.Server.Hosting;
using Iec102.Storage;
using Iec102.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Iec102.Server.Tests;

/// <summary>
/// hocon/reference.conf shows operators how the server configures the actor runtime, and hocon/reference-postgres.conf what is different
/// with a PostgreSQL database. They must be complete, and each of their values must be the one in force without the files.
/// </summary>
public sealed class ReferenceConfTests : IDisposable
{
    private static readonly string Reference = Path.Combine(Repository.Root, "hocon", "reference.conf");
    private static readonly string ReferenceOfPostgres = Path.Combine(Repository.Root, "hocon", "reference-postgres.conf");

    // Nothing connects to it: only the settings are looked at.
    private const string Postgres = "Host=127.0.0.1;Port=1;Database=iec102";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("iec102-reference-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(null)]
    [InlineData(Postgres)]
    public async Task Every_value_is_the_one_in_force_without_the_file(string? postgres)
    {
        var inForce = await InForceAsync(postgres);
        foreach (var (path, value) in ReferenceOf(postgres))
            inForce.GetValueOrDefault(path).ShouldBe(value, path, StringCompareShould.IgnoreCase);
    }

    [Fact]
    public void What_is_written_of_PostgreSQL_is_different_from_the_rest()
    {
        var others = ReferenceOf(null);
        foreach (var (path, value) in Leaves(ConfigurationFactory.ParseString(File.ReadAllText(ReferenceOfPostgres))))
            others.GetValueOrDefault(path).ShouldNotBe(value, path);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(Postgres)]
    public async Task Every_value_that_is_not_the_runtimes_own_is_named(string? postgres)
    {
        var reference = ReferenceOf(postgres);
        var own = Leaves(Persistence.DefaultConfig()
            .WithFallback(SqlPersistence.DefaultConfiguration).WithFallback(ActorMaterializer.DefaultConfig()).WithFallback(
                ConfigurationFactory.Default()));

        // The plug-in's options also fill in its query side, which is not used.
        var changed = (await InForceAsync(postgres))
            .Where(
                setting => own.GetValueOrDefault(setting.Key) != setting.Value
                    && !setting.Key.StartsWith("akka.persistence.query.", StringComparison.Ordinal))
            .Select(setting => setting.Key).ToList();

        changed.Count.ShouldBeGreaterThan(10);
        changed.Where(path => !reference.ContainsKey(path)).ShouldBeEmpty();
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

    /// <summary>The configuration of a server that is started without a file of the operator.</summary>
    private async Task<Dictionary<string, string>> InForceAsync(string? postgres)
    {
        await using var services = Services("", postgres);
        return Leaves(services.GetRequiredService<ActorSystem>().Settings.Config.WithFallback(Persistence.DefaultConfig()));
    }

    /// <summary>What the files say, for a server with a PostgreSQL database or without.</summary>
    private static Dictionary<string, string> ReferenceOf(string? postgres)
    {
        var reference = ConfigurationFactory.ParseString(File.ReadAllText(Reference));
        return Leaves(
            postgres is null ? reference : ConfigurationFactory.ParseString(File.ReadAllText(ReferenceOfPostgres)).WithFallback(reference));
    }

    private ServiceProvider Services(string config, string? postgres = null)
    {
        var options = Options(config);
        if (postgres is not null)
            options = options with { Fleet = new FleetConfiguration { Store = new StoreConfiguration(new SecretText(postgres)) } };
        return new ServiceCollection()
            .AddLogging(logging => logging.ClearProviders())
            .AddAkka("iec102", akka => ServerHost.Configure(akka, options))
            .BuildServiceProvider();
    }

    private static Dictionary<string, string> Leaves(Config config)
    {
        var found = new Dictionary<string, string>();
        foreach (var (key, value) in config.AsEnumerable())
            Add(key, value);
        return found;

        void Add(string path, HoconValue value)
        {
            if (!value.IsObject())
                found[path] = value.IsArray() ? string.Join(" | ", value.GetStringList().Select(Plain)) : Plain(value.GetString());
            else
            {
                foreach (var (key, inner) in value.GetObject().Items)
                    Add($"{path}.{key}", inner);
            }
        }
    }

    /// <summary>
    /// A value in its plainest form: HOCON has two spellings for a switch, and the version in a type's name is irrelevant.
    /// </summary>
    private static string Plain(string? text) =>
        text switch { null => "", "true" => "on", "false" => "off", _ => text.Split(", Version=")[0] };

    private ServerOptions Options(string config) =>
        new(new FleetConfiguration(), DataDirectory.Create(_folder.FullName), ["http://127.0.0.1:0"]) { Config = config };
}
