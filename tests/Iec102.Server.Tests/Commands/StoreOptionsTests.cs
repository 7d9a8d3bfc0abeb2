using Iec102.Server.Tests.Hosting;
using Iec102.Testing;

namespace Iec102.Server.Tests.Commands;

/// <summary>How commands find what a server has stored, in files or in PostgreSQL.</summary>
public sealed class StoreOptionsTests : IDisposable
{
    private const string Password = "zebra-4711";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("iec102-options-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("verify --data d --fleet f", "Name the store only once: with --data, --fleet or --postgres.")]
    [InlineData("export --all --postgres Host=h;Database=d --fleet f", "Name the store only once: with --data, --fleet or --postgres.")]
    [InlineData("repair --postgres Host=h;Password=" + Password, "--postgres: must name the server and the database, as in")]
    [InlineData("verify --postgres Host=h;Database=d;Prot=1;Password=" + Password, "--postgres: must be a connection string such as")]
    [InlineData("verify --postgres Host=127.0.0.1;Port=1;Database=d;Password=" + Password, "Database d on 127.0.0.1:1 cannot be reached")]
    public async Task What_is_wrong_with_the_store_is_one_sentence_without_its_password(string line, string sentence)
    {
        var result = await Cli.RunAsync(line);

        result.Status.ShouldBe(sentence.StartsWith("Database", StringComparison.Ordinal) ? 1 : 2);
        result.Sentence.ShouldStartWith(sentence);
        result.Sentence.ShouldNotContain(Password);
    }

    [Fact]
    public async Task A_fleet_file_names_the_store_unless_it_has_none()
    {
        var (with, without) = (Fleet("with", await PostgresAsync()), Fleet("without", null));

        (await Cli.RunAsync($"verify --fleet {with}")).Output.ShouldBe($"0 curves, 0 intervals: no differences.{Environment.NewLine}");
        (await Cli.RunAsync($"verify --fleet {without}")).Sentence.ShouldBe(
            $"{without} has no iec102.store, so the store is a data directory: name it with --data.");
    }

    [Fact]
    public async Task The_environment_names_the_store_when_no_option_does()
    {
        string[] environment = ["env", $"IEC102_POSTGRES={await PostgresAsync()};Password={Password}"];

        (await ServerProcess.RunByAsync(environment, "verify")).Output.ShouldStartWith("0 curves, 0 intervals: no differences.");
        (await ServerProcess.RunByAsync(environment, "verify", "--data", "/nowhere")).Output.ShouldStartWith("There is no data directory");
        var (exit, help) = await ServerProcess.RunByAsync(environment, "verify", "--help");
        exit.ShouldBe(0);
        help.ShouldContain("IEC102_POSTGRES");
        help.ShouldNotContain(Password);
    }

    [Theory]
    [InlineData("--out b.dump", "pg_dump --host=db --port=5433 --username=u --format=custom --file=b.dump iec102")]
    [InlineData("--out b.zip", "pg_dump --host=db --port=5433 --username=u --format=custom --file=b.dump iec102")]
    [InlineData("--restore b.zip", "it there; iec102 migrate then moves it into a PostgreSQL database.")]
    [InlineData("--restore b.dump", "pg_restore --host=db --port=5433 --username=u --dbname=iec102 b.dump")]
    public async Task Backup_names_the_command_of_PostgreSQL(string what, string command)
    {
        var result = await Cli.RunAsync(
            ["backup", .. what.Split(' '), "--postgres", $"Host=db;Port=5433;Database=iec102;Username=u;Password={Password}"]);

        result.Status.ShouldBe(2);
        result.Sentence.ShouldEndWith(command);
        result.Sentence.ShouldNotContain(Password);
    }

    private static async Task<string> PostgresAsync() => (await TestStore.NewAsync()).Postgres.Reveal();

    private string Fleet(string name, string? postgres)
    {
        var file = Path.Combine(_folder.FullName, $"{name}.conf");
        var store = postgres is null ? "" : $"store.postgres = \"{postgres}\"";
        File.WriteAllText(file, $"iec102 {{ ports.p.tcp = \"127.0.0.1:1\", {store} }}");
        return file;
    }
}
