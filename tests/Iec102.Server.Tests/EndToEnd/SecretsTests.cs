using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Iec102.Simulator.Hosting;
using Iec102.Testing;

namespace Iec102.Server.Tests.EndToEnd;

/// <summary>Promise R8: everything that the program writes and answers is searched for keys with four distinctive octets.</summary>
public sealed class SecretsTests
{
    private const uint Key = 0xC6579AD3;
    private const uint WrongKey = 0xB93E61F5;
    private const uint Replacement = 0xA7C5D94B;
    private const string ApiKey = "api-key-of-the-operator-5e1f";
    private const string WrongApiKey = "api-key-of-nobody-77aa";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static readonly string[] Paths =
    [
        "/api/ports", "/api/ports/line-1", "/api/meters", "/api/meters/sim-1", "/api/meters/sim-2",
        "/api/meters/sim-1/current", "/api/meters/sim-1/events",
        "/api/meters/sim-1/tariff", "/api/meters/sim-1/closings", "/api/meters/sim-1/configuration", "/api/meters/sim-1/clock",
        "/api/meters/sim-1/profiles/hourly/coverage", "/api/meters/nobody", "/api/meters/sim-1/profiles/hourly?from=yesterday", "/metrics",
    ];

    private static readonly string[] Readable =
        ["current", "clock", "id", "events", "tariff", "closings", "config", "powers", "holidays", "parameters", "password"];

    [Theory]
    [InlineData("trace")]
    [InlineData("reread")]
    public async Task R8_a_key_in_the_environment_does_not_appear_in_the_help(string command)
    {
        var (exit, help) = await ServerProcess.RunByAsync(["env", $"IEC102_API_KEY={ApiKey}"], command, "--help");

        exit.ShouldBe(0);
        help.ShouldContain("IEC102_API_KEY");
        help.ShouldNotContain(ApiKey);
    }

    [Fact]
    public async Task R8_no_key_appears_in_a_log_an_answer_a_trace_or_an_error()
    {
        using var site = new Site();
        await using var simulator = await site.SimulateAsync(new SimulatorOptions { Meters = 2, HistoryDays = 2, Key = Key });
        var fleet = await File.ReadAllTextAsync(site.Fleet);
        var sha = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(ApiKey)));
        fleet +=
            $"{Environment.NewLine}iec102.api.keys = [ {{ name = \"desk\", role = operate, sha256 = \"{sha}\" }} ]{Environment.NewLine}";
        fleet = Regex.Replace(fleet, @"(sim-2 \{.*password = )\d+", $"${{1}}{WrongKey}");
        fleet.ShouldContain(Text(Key));
        fleet.ShouldContain(Text(WrongKey));
        await File.WriteAllTextAsync(site.Fleet, fleet);
        var written = new StringBuilder();
        await using (var server = await ServerProcess.ServeAsync(
            site.Fleet, site.Data, "--trace", "line-1", "--trace", "line-2", "--log-file", site.File("server.log")))
        {
            server.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ApiKey);
            await Site.UntilAsync(
                async () =>
                    (string)(await Site.MeterAsync(server, "sim-1"))["state"]! == "online"
                        && (string)(await Site.MeterAsync(server, "sim-2"))["state"]! == "refused",
                Patience, () => server.Output);
            await AskEverythingAsync(server, written);
            await BreakFleetAsync(site, server, fleet);
            (await server.TerminateAsync()).ShouldBe(0);
            written.Append(server.Output);
        }

        // The output contains the trace with both logins; the log file must have what the console has.
        var output = written.ToString();
        output.ShouldContain("**");
        output.ShouldContain("password");
        foreach (var file in Directory.EnumerateFiles(Path.GetDirectoryName(site.Fleet)!, "server*.log"))
            written.Append(await File.ReadAllTextAsync(file));
        await RunCommandsAsync(simulator, written);
        ShouldHoldNone(written.ToString());
        Promise.Report(
            "R8", "secrets",
            $"{written.Length} characters of logs, traces, answers and errors searched for 5 keys in every spelling: none");
    }

    private static async Task AskEverythingAsync(ServerProcess server, StringBuilder written)
    {
        foreach (var path in Paths)
            written.AppendLine(await (await server.Client.GetAsync(path)).Content.ReadAsStringAsync());
        foreach (var what in Readable)
            written.AppendLine(
                await (await server.Client.PostAsync("/api/meters/sim-1/read", Json($"{{\"what\": \"{what}\"}}"))).Content
                    .ReadAsStringAsync());
        written.AppendLine(await (await server.Client.PostAsync("/api/meters/sim-2/retry", Json("{}"))).Content.ReadAsStringAsync());
        written.AppendLine(await (await server.Client.PostAsync("/api/meters/sim-1/read", Json("no json"))).Content.ReadAsStringAsync());
        using var stranger = new HttpClient { BaseAddress = new Uri(server.Url) };
        stranger.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", WrongApiKey);
        var refused = await stranger.GetAsync("/api/meters");
        refused.IsSuccessStatusCode.ShouldBeFalse();
        written.AppendLine(await refused.Content.ReadAsStringAsync());
    }

    private static async Task BreakFleetAsync(Site site, ServerProcess server, string fleet)
    {
        await File.WriteAllTextAsync(
            site.Fleet, fleet.Replace($"password = {Text(Key)}", $"password = {Text(Replacement)}9", StringComparison.Ordinal));
        await Site.UntilAsync(
            () => Task.FromResult(server.Output.Contains("goes on as before", StringComparison.Ordinal)), Patience, () => server.Output);
    }

    private static async Task RunCommandsAsync(SimulatorHost simulator, StringBuilder written)
    {
        var address = $"127.0.0.1:{simulator.Lines[0].Port}";
        foreach (var (what, key) in new[] { ("id", Key), ("id", WrongKey), ("parameters", Key), ("config", Key) })
        {
            var (_, output) = await ServerProcess.RunAsync(
                "read", what, "--tcp", address, "--link", "1", "--point", "1", "--password", Text(key), "--verbose");
            output.ShouldNotBeEmpty();
            written.AppendLine(output);
        }
    }

    private static void ShouldHoldNone(string text)
    {
        text.ShouldNotContain(ApiKey);
        text.ShouldNotContain(WrongApiKey);
        // Separators are removed, so that a key written octet by octet is found too.
        var octets = Regex.Replace(text, @"[\s:,\-]", "");
        foreach (var key in new[] { Key, WrongKey, Replacement })
        {
            text.ShouldNotContain(Text(key));
            octets.ShouldNotContain(key.ToString("x8", CultureInfo.InvariantCulture), Case.Insensitive);
            octets.ShouldNotContain(
                System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(key).ToString("x8", CultureInfo.InvariantCulture),
                Case.Insensitive);
        }
    }

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    private static string Text(uint key) => key.ToString(CultureInfo.InvariantCulture);
}
