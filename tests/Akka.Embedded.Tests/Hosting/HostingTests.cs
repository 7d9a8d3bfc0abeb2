using Akka.Actor;
using Akka.Embedded.Tests.Persistence;
using Akka.Event;
using Akka.Hosting;
using Akka.Persistence.Sql.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Akka.Embedded.Tests.Hosting;

/// <summary>An actor system in a host: what starts when, who finds whom, and how it ends.</summary>
public sealed class HostingTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Actors_start_before_tasks_each_in_the_order_of_registration()
    {
        var order = new List<string>();
        using var host = Host((builder, _) => builder
            .AddStartup((_, _) => order.Add("task 1"))
            .WithActors((_, _) => order.Add("actor 1"))
            .WithActors(async (_, _) =>
            {
                await Task.Yield();
                order.Add("actor 2");
            })
            .AddStartup(async (_, _) =>
            {
                await Task.Yield();
                order.Add("task 2");
            })
            .WithActors((_, _) => order.Add("actor 3")));
        await host.StartAsync();
        order.ShouldBe(["actor 1", "actor 2", "actor 3", "task 1", "task 2"]);
        await host.StopAsync();
    }

    [Fact]
    public async Task A_registered_actor_is_found_by_its_key_and_taken_as_a_constructor_argument()
    {
        using var host = Host((builder, _) => builder.WithActors((system, registry) => registry.Register<EchoActor>(system.ActorOf(Props.Create<EchoActor>(), "echo"))));
        await host.StartAsync();
        var required = host.Services.GetRequiredService<IRequiredActor<EchoActor>>();
        (await required.ActorRef.Ask<string>("hello", Patience)).ShouldBe("hello");
        host.Services.GetRequiredService<IReadOnlyActorRegistry>().Get<EchoActor>().ShouldBe(required.ActorRef);
        ActorRegistry.For(host.Services.GetRequiredService<ActorSystem>()).ShouldContain(KeyValuePair.Create(typeof(EchoActor), required.ActorRef));
        await host.StopAsync();
    }

    [Fact]
    public async Task An_actor_may_take_services_of_the_host_beside_its_own_arguments()
    {
        using var host = Host(
            (builder, _) => builder.WithActors((system, registry, resolver) =>
                registry.Register<GreetingActor>(system.ActorOf(resolver.Props<GreetingActor>("world")))),
            services => services.AddSingleton(new Greeting("hello")));
        await host.StartAsync();
        (await host.Services.GetRequiredService<ActorRegistry>().Get<GreetingActor>().Ask<string>("greet", Patience)).ShouldBe("hello world");
        await host.StopAsync();
    }

    [Fact]
    public async Task A_failing_start_is_logged_ends_the_actor_system_and_fails_the_start_of_the_host()
    {
        var log = new Log();
        using var host = Host((builder, _) => builder.AddStartup((_, _) => throw new InvalidOperationException("no such port")), logging: log);
        var failure = await Should.ThrowAsync<InvalidOperationException>(host.StartAsync());
        failure.Message.ShouldBe("no such port");
        log.Entries.ShouldContain(entry => entry.Level == Microsoft.Extensions.Logging.LogLevel.Critical && entry.Exception == failure);
        host.Services.GetRequiredService<ActorSystem>().WhenTerminated.IsCompleted.ShouldBeTrue();
    }

    [Fact]
    public async Task The_end_of_the_host_is_a_coordinated_shutdown()
    {
        var phases = new List<string>();
        using var host = Host((builder, _) => builder.AddStartup((system, _) =>
        {
            foreach (var phase in (string[])[CoordinatedShutdown.PhaseServiceUnbind, CoordinatedShutdown.PhaseBeforeActorSystemTerminate])
            {
                CoordinatedShutdown.Get(system).AddTask(phase, "test", () =>
                {
                    phases.Add(phase);
                    return Task.FromResult(Done.Instance);
                });
            }
        }));
        await host.StartAsync();
        var system = host.Services.GetRequiredService<ActorSystem>();
        await host.StopAsync();
        phases.ShouldBe([CoordinatedShutdown.PhaseServiceUnbind, CoordinatedShutdown.PhaseBeforeActorSystemTerminate]);
        system.WhenTerminated.IsCompleted.ShouldBeTrue();
    }

    [Fact]
    public async Task The_end_of_the_actor_system_is_the_end_of_the_host()
    {
        using var host = Host((_, _) => { });
        await host.StartAsync();
        var stopping = new TaskCompletionSource();
        host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(stopping.SetResult);
        await host.Services.GetRequiredService<ActorSystem>().Terminate();
        await stopping.Task.WaitAsync(Patience);
        await host.StopAsync();
    }

    [Fact]
    public async Task Configuration_goes_behind_or_before_what_is_there()
    {
        using var host = Host((builder, _) => builder
            .AddHocon("a = hidden, b = hidden, d = 0", HoconAddMode.Append)
            .AddHocon("a = 1, b = 1", HoconAddMode.Replace)
            .AddHocon("b = 2, c = 2", HoconAddMode.Append)
            .AddHocon("a = 3", HoconAddMode.Prepend));
        await host.StartAsync();
        var config = host.Services.GetRequiredService<ActorSystem>().Settings.Config;
        (config.GetInt("a"), config.GetInt("b"), config.GetInt("c"), config.GetInt("d")).ShouldBe((3, 1, 2, 0));
        await host.StopAsync();
    }

    [Fact]
    public async Task What_actors_log_reaches_the_logging_of_the_host_from_the_chosen_level_on()
    {
        var log = new Log();
        using var host = Host(
            (builder, _) => builder
                .ConfigureLoggers(loggers =>
                {
                    loggers.LogLevel = Akka.Event.LogLevel.WarningLevel;
                    loggers.ClearLoggers();
                    loggers.AddLoggerFactory();
                })
                .WithActors((system, _) => system.ActorOf(Props.Create<LoggingActor>(), "logs").Tell("meter 7")),
            logging: log);
        await host.StartAsync();
        var entry = await log.First(LoggingActor.Warning).WaitAsync(Patience);
        entry.Level.ShouldBe(Microsoft.Extensions.Logging.LogLevel.Warning);
        entry.Category.ShouldBe("Akka.Actor.ActorSystem");
        entry.Text.ShouldContain("[akka://test/user/logs");
        entry.Text.ShouldContain(" careful, meter 7");
        entry.Exception.ShouldBeOfType<InvalidOperationException>();
        log.Entries.ShouldNotContain(other => other.Text.Contains(LoggingActor.Information));
        await host.StopAsync();
    }

    [Fact]
    public async Task Events_of_a_hosted_actor_outlive_the_host_in_the_database()
    {
        using var directory = new TempDirectory();
        for (var run = 1; run <= 2; run++)
        {
            using var host = Host((builder, _) => builder
                .WithSqlPersistence($"Data Source={directory.File("a \"quoted\" name.db")}", "SQLite.MS")
                .AddHocon(TestConfig.Serializers, HoconAddMode.Append)
                .WithActors((system, registry) => registry.Register<Keeper>(system.ActorOf(Keeper.For("a", ActorRefs.Nobody)))));
            await host.StartAsync();
            var stored = await host.Services.GetRequiredService<ActorRegistry>().Get<Keeper>().Ask<string>(new Add("x"), Patience);
            stored.ShouldBe($"stored x {run}");
            await host.StopAsync();
        }
    }

    private static IHost Host(
        Action<AkkaConfigurationBuilder, IServiceProvider> akka, Action<IServiceCollection>? more = null, ILoggerProvider? logging = null)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        if (logging is not null) builder.Logging.AddProvider(logging);
        more?.Invoke(builder.Services);
        builder.Services.AddAkka("test", (configuration, services) =>
        {
            configuration.AddHocon("akka.loglevel = OFF, akka.stdout-loglevel = OFF", HoconAddMode.Append);
            akka(configuration, services);
        });
        return builder.Build();
    }

    private sealed record Greeting(string Text);

    private sealed class EchoActor : ReceiveActor
    {
        public EchoActor() => ReceiveAny(message => Sender.Tell(message));
    }

    private sealed class GreetingActor : ReceiveActor
    {
        public GreetingActor(Greeting greeting, string whom) => ReceiveAny(_ => Sender.Tell($"{greeting.Text} {whom}"));
    }

    private sealed class LoggingActor : ReceiveActor
    {
        public const string Warning = "careful";
        public const string Information = "by the way";

        public LoggingActor() => Receive<string>(text =>
        {
            Context.GetLogger().Info(Information);
            Context.GetLogger().Warning(new InvalidOperationException("cause"), "{0}, {1}", Warning, text);
        });
    }

    private sealed record Entry(string Category, Microsoft.Extensions.Logging.LogLevel Level, string Text, Exception? Exception);

    private sealed class Log : ILoggerProvider
    {
        private readonly List<(string Text, TaskCompletionSource<Entry> Seen)> _awaited = [];
        private readonly List<Entry> _entries = [];

        public IReadOnlyList<Entry> Entries
        {
            get { lock (_entries) return [.. _entries]; }
        }

        public Task<Entry> First(string text)
        {
            lock (_entries)
            {
                var seen = new TaskCompletionSource<Entry>(TaskCreationOptions.RunContinuationsAsynchronously);
                if (_entries.Find(entry => entry.Text.Contains(text)) is { } entry) seen.SetResult(entry);
                else _awaited.Add((text, seen));
                return seen.Task;
            }
        }

        public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

        public void Dispose()
        {
        }

        private void Add(Entry entry)
        {
            lock (_entries)
            {
                _entries.Add(entry);
                foreach (var (text, seen) in _awaited)
                {
                    if (entry.Text.Contains(text)) seen.TrySetResult(entry);
                }
            }
        }

        private sealed class Logger(Log log, string category) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => null;

            public bool IsEnabled(Microsoft.Extensions.Logging.LogLevel logLevel) => true;

            public void Log<TState>(
                Microsoft.Extensions.Logging.LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
                log.Add(new Entry(category, logLevel, formatter(state, exception), exception));
        }
    }
}
