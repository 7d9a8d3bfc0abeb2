using Akka.Configuration;
using Iec102.Server.Commands;

namespace Iec102.Server.Tests.Commands;

/// <summary>serve --config: the file is read by the rules of HOCON, and Akka.NET gets what the file says.</summary>
public sealed class ConfigFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("iec102-config-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Texts_numbers_truth_values_and_durations_arrive()
    {
        var config = Read(
            """
            akka {
              loglevel = DEBUG
              log-dead-letters = 7, log-dead-letters-during-shutdown = on
              coordinated-shutdown.default-phase-timeout = 2.5 s
              loggers = ["A.B, C"]
              actor { throughput = 30, "typed" = "with \"quotes\"" }
            }
            """);

        config.GetString("akka.loglevel").ShouldBe("DEBUG");
        config.GetInt("akka.log-dead-letters").ShouldBe(7);
        config.GetBoolean("akka.log-dead-letters-during-shutdown").ShouldBeTrue();
        config.GetTimeSpan("akka.coordinated-shutdown.default-phase-timeout").ShouldBe(TimeSpan.FromSeconds(2.5));
        config.GetStringList("akka.loggers").ShouldBe(["A.B, C"]);
        config.GetInt("akka.actor.throughput").ShouldBe(30);
        config.GetString("akka.actor.typed").ShouldBe("with \"quotes\"");
    }

    [Fact]
    public void A_key_with_dots_in_quotes_is_one_key()
    {
        var config = Read("""akka.actor.serialization-bindings { "A.B.C, A" = x }""");

        config.GetConfig("akka.actor.serialization-bindings").AsEnumerable().ShouldHaveSingleItem().Key.ShouldBe("A.B.C, A");
    }

    [Fact]
    public void Included_files_and_substitutions_are_resolved()
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "common.conf"), "wait = 3s\nakka.loglevel = ERROR\nakka.stdout-loglevel = OFF");

        var config = Read("include \"common.conf\"\nakka.loglevel = INFO\nakka.actor.ask-timeout = ${wait}");

        config.GetString("akka.loglevel").ShouldBe("INFO");
        config.GetString("akka.stdout-loglevel").ShouldBe("OFF");
        config.GetTimeSpan("akka.actor.ask-timeout").ShouldBe(TimeSpan.FromSeconds(3));
    }

    [Theory]
    // On this text Akka.NET's own reader never ends.
    [InlineData("akka {\na = [1, 2\nb = 3\n}", 3, 3, "'=' cannot stand in a value without quotes")]
    [InlineData("akka {\n  loglevel = INFO\n", 1, 7, "never closed; add '}'")]
    [InlineData("akka.loglevel = ${nowhere.at.all}", 1, 17, "is defined neither in the file nor as an environment variable")]
    [InlineData("include required(\"none.conf\")", 1, 1, "the included file 'none.conf' does not exist.")]
    public async Task What_is_no_hocon_is_refused_with_its_place(string text, int line, int column, string sentence)
    {
        var (fleet, config, data) = (PathOf("fleet.conf"), PathOf("my.conf"), PathOf("data"));
        await File.WriteAllTextAsync(fleet, "iec102 { }");
        await File.WriteAllTextAsync(config, text);

        var result = await Cli.RunAsync(["serve", "--fleet", fleet, "--config", config, "--data", data])
            .WaitAsync(TimeSpan.FromSeconds(20));

        result.Status.ShouldBe(2);
        result.Sentence.ShouldStartWith($"--config: {config}:{line}:{column}: ");
        result.Sentence.ShouldContain(sentence);
        Directory.Exists(data).ShouldBeFalse();
    }

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    private Config Read(string text)
    {
        File.WriteAllText(PathOf("my.conf"), text);
        return ConfigurationFactory.ParseString(ServeCommand.ReadConfig(PathOf("my.conf")));
    }
}
