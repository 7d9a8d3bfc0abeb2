using Akka.Configuration;

namespace Akka.Actor;

/// <summary>What the configuration says to the runtime itself, with its defaults.</summary>
public class Settings
{
    public Settings(ActorSystem system, Config config)
        : this(system, config, Actor.Setup.ActorSystemSetup.Empty)
    {
    }

    public Settings(ActorSystem system, Config config, Setup.ActorSystemSetup setup)
    {
        System = system;
        Setup = setup;
        Config = config;
        LogLevel = config.GetString("akka.loglevel", "INFO")!;
        StdoutLogLevel = config.GetString("akka.stdout-loglevel", "WARNING")!;
        Loggers = config.HasPath("akka.loggers") ? config.GetStringList("akka.loggers") : [typeof(Event.DefaultLogger).FullName!];
        LogDeadLetters = ReadLogDeadLetters(config);
        SchedulerClass = config.GetString("akka.scheduler.implementation", "")!;
        CoordinatedShutdownTerminateActorSystem = config.GetBoolean("akka.coordinated-shutdown.terminate-actor-system", true);
        CoordinatedShutdownRunByActorSystemTerminate = config.GetBoolean("akka.coordinated-shutdown.run-by-actor-system-terminate", true);
    }

    public ActorSystem System { get; }
    public Config Config { get; }
    public Setup.ActorSystemSetup Setup { get; }
    public string LogLevel { get; }
    public string StdoutLogLevel { get; }
    public IList<string> Loggers { get; }

    /// <summary>How many dead letters are logged; 0 for none, the largest number for all.</summary>
    public int LogDeadLetters { get; }

    public string SchedulerClass { get; }
    public bool CoordinatedShutdownTerminateActorSystem { get; }
    public bool CoordinatedShutdownRunByActorSystemTerminate { get; }

    private static int ReadLogDeadLetters(Config config) => config.GetString("akka.log-dead-letters", "10") switch
    {
        "on" or "true" => int.MaxValue,
        "off" or "false" => 0,
        _ => config.GetInt("akka.log-dead-letters", 10),
    };
}
