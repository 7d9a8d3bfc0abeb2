using System.Runtime.Versioning;
using Iec102.Server.Tests.EndToEnd;
using Iec102.Simulator.Hosting;
using Iec102.Testing;

namespace Iec102.Server.Tests.Commands;

/// <summary>The ways in which a command gets the meter's access key: only one of them shows it to everybody on the computer.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class PasswordTests : IDisposable
{
    private const uint Key = 4711;

    private readonly Site _site = new();

    public void Dispose() => _site.Dispose();

    [Fact]
    public async Task A_key_is_taken_from_a_file_or_typed_and_is_the_one_that_the_meter_gets()
    {
        await using var simulator = await _site.SimulateAsync(new SimulatorOptions { HistoryDays = 1, Key = Key });
        var meter = $"--tcp {simulator.Lines[0].Address} --link 1";
        var (right, wrong) = (File("right", $"{Key}\n"), File("wrong", "1"));

        (await Cli.RunAsync($"read id {meter} --password-file {right}")).Status.ShouldBe(0);
        (await Cli.RunAsync($"read id {meter} --password-file {wrong}")).Error.ShouldContain("refuses the login");
        (await Cli.RunAsync($"read id {meter} --password-file {File("notepad", $"\uFEFF{Key}\r\n")}")).Status.ShouldBe(0);
        var typed = await Cli.RunAsync($"read id {meter}", input: $"{Key}\n", isTerminal: true);
        (typed.Status, typed.Error).ShouldBe((0, $"Access key of the meter: {Environment.NewLine}"));
        (await Cli.RunAsync($"read id {meter}", input: "1\n", isTerminal: true)).Error.ShouldContain("refuses the login");
        (await Cli.RunAsync($"probe {meter} --password-file {right}")).Output.ShouldContain("password 1 of those given");
    }

    [Fact]
    public async Task What_is_wrong_with_a_key_is_said_in_one_sentence_that_does_not_show_it()
    {
        const string meter = "read id --tcp 127.0.0.1:1 --link 1";

        (await Cli.RunAsync(meter)).Sentence.ShouldBe(
            "The meter's access key is missing: give --password-file FILE, the environment variable IEC102_PASSWORD, or --password N.");
        var result = await Cli.RunAsync($"{meter} --password-file {File("words", "geheim")}");
        (result.Status, result.Sentence).ShouldBe(
            (2, $"--password-file: {_site.File("words")}: a key is a whole number from 0 to 4294967295."));
        (await Cli.RunAsync($"{meter} --password-file /dev/zero")).Sentence.ShouldBe(
            "--password-file: /dev/zero cannot be read: it is not a regular file.");
        (await Cli.RunAsync($"{meter} --password 1 --password-file x")).Sentence.ShouldBe("Give either --password or --password-file.");
        (await Cli.RunAsync($"{meter} --password geheim")).Sentence.ShouldNotContain("geheim");
    }

    [Fact]
    public async Task A_key_is_taken_from_the_environment_and_everything_that_the_program_makes_is_for_its_own_user()
    {
        var fleet = File("fleet.conf", "iec102 { api { allow-anonymous = false } }");
        await using (var server = await ServerProcess.ServeAsync(fleet, _site.Data, "--log-file", _site.File("server.log")))
        {
            var folder = Path.GetDirectoryName(fleet)!;
            foreach (var file in Directory.GetFiles(_site.Data).Concat(Directory.GetFiles(folder, "server*.log")))
                System.IO.File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite, file);
            Directory.GetFiles(_site.Data).Length.ShouldBeGreaterThanOrEqualTo(3);
            System.IO.File.GetUnixFileMode(_site.Data)
                .ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        Environment.GetEnvironmentVariable("IEC102_PASSWORD").ShouldBeNull();
        string[] line = [Repository.Program, "read", "id", "--tcp", "127.0.0.1:1", "--link", "1"];
        var start = new System.Diagnostics.ProcessStartInfo("dotnet", line)
        {
            RedirectStandardError = true,
            RedirectStandardInput = true,
            Environment = { ["IEC102_PASSWORD"] = "geheim" },
        };
        using var read = System.Diagnostics.Process.Start(start)!;
        (await read.StandardError.ReadToEndAsync()).ShouldBe(
            $"IEC102_PASSWORD: a key is a whole number from 0 to 4294967295.{Environment.NewLine}");
    }

    [Fact]
    public async Task Check_warns_of_a_fleet_file_that_every_user_can_read()
    {
        var fleet = File("fleet.conf", "iec102 { ports {} }");
        System.IO.File.SetUnixFileMode(fleet, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        var warned = await Cli.RunAsync($"check --fleet {fleet}");
        (warned.Status, warned.Sentence).ShouldBe(
            (0, $"Warning: every user of this computer can read {fleet}, which may hold passwords: chmod o-r {fleet}"));

        System.IO.File.SetUnixFileMode(fleet, UnixFileMode.UserRead | UnixFileMode.GroupRead);
        (await Cli.RunAsync($"check --fleet {fleet}")).Error.ShouldBe("");
    }

    [Fact]
    public async Task Check_reads_the_file_of_a_node_and_warns_of_its_key_that_every_user_can_read_but_not_of_its_certificate()
    {
        var fleet = File("fleet.conf", "iec102 { ports {}, store.postgres = \"Host=db;Database=a\" }");
        var (certificate, key) = (File("own.pem", ""), File("own.key", ""));
        var node = File(
            "node.conf", "iec102.node { id = n-1, url = \"https://localhost\", certificate = own.pem, certificate-key = own.key }");
        foreach (var file in new[] { fleet, node })
            System.IO.File.SetUnixFileMode(file, UnixFileMode.UserRead);
        foreach (var file in new[] { certificate, key })
            System.IO.File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.OtherRead);

        var warned = await Cli.RunAsync($"check --fleet {fleet} --node {node}");

        (warned.Status, warned.Sentence).ShouldBe(
            (0, $"Warning: every user of this computer can read {key}, which may hold passwords: chmod o-r {key}"));

        System.IO.File.SetUnixFileMode(node, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        System.IO.File.WriteAllText(node, "iec102.node { id = any }");
        var refused = await Cli.RunAsync($"check --fleet {fleet} --node {node}");
        refused.Status.ShouldBe(2);
        refused.Error.ShouldContain($"{node}:1:20: iec102.node.id: ");
    }

    [Fact]
    public async Task Check_warns_of_ports_that_take_one_line_from_each_other_but_not_of_those_that_are_dialled()
    {
        var fleet = File("fleet.conf", """
            iec102.ports {
              a { tcp = "192.0.2.1:4001" }
              b { tcp = "telnet://192.0.2.1:4001" }
              c { tcp = "192.0.2.1:4001", enabled = false }
              d { tcp = "192.0.2.2:4001", dial { number = "600111222" } }
              e { tcp = "192.0.2.2:4001", dial { number = "600333444" } }
            }
            """);
        System.IO.File.SetUnixFileMode(fleet, UnixFileMode.UserRead);

        var warned = await Cli.RunAsync($"check --fleet {fleet}");

        (warned.Status, warned.Sentence).ShouldBe(
            (0, "Warning: the ports a, b all lead to 192.0.2.1:4001, and most converters take one connection: put the meters of one line "
                + "on one port."));
    }

    private string File(string name, string text)
    {
        var path = _site.File(name);
        System.IO.File.WriteAllText(path, text);
        return path;
    }
}
