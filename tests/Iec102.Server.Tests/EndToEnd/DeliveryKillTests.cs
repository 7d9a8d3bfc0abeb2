using System.Diagnostics;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Iec102.Fleet;
using Iec102.Server.Tests.Hosting;
using Iec102.Storage;
using Iec102.Testing;
using NodaTime;
using Period = Iec102.Server.Deliveries.Period;

namespace Iec102.Server.Tests.EndToEnd;

/// <summary>A delivery that is large, of a real server that is killed while it writes it.</summary>
public sealed class DeliveryKillTests : IDisposable
{
    private const int Meters = 60;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Site _site = new();

    private string Folder => _site.File("out");

    public void Dispose() => _site.Dispose();

    [Fact]
    public async Task A_kill_in_the_middle_of_a_large_file_leaves_none_under_its_name_and_the_next_start_delivers_it_whole()
    {
        var (name, intervals) = await MonthAsync(Meters);
        var file = Path.Combine(Folder, name);
        Directory.CreateDirectory(Folder);
        await using (var first = await ServerProcess.ServeAsync(_site.Fleet, _site.Data))
        {
            var run = RunAsync(first);
            await UntilAsync(() => new DirectoryInfo(Folder).GetFiles() is [{ Length: > 0 }]);
            await first.KillAsync();
            await Should.ThrowAsync<HttpRequestException>(run);
        }

        var left = Directory.GetFiles(Folder).ShouldHaveSingleItem();
        Path.GetFileName(left).ShouldBe($".{name}.part");
        var half = new FileInfo(left).Length;

        await using var second = await ServerProcess.ServeAsync(_site.Fleet, _site.Data);
        var delivered = (await RunAsync(second))["file"]!;

        Directory.GetFiles(Folder).ShouldBe([file]);
        ((string)delivered["file"]!, (int)delivered["version"]!, (long)delivered["intervals"]!).ShouldBe((name, 1, intervals));
        (await File.ReadAllLinesAsync(file)).LongLength.ShouldBe(1 + intervals);
        var octets = await File.ReadAllBytesAsync(file);
        octets.LongLength.ShouldBeGreaterThan(half);
        Convert.ToHexStringLower(SHA256.HashData(octets)).ShouldBe((string)delivered["sha256"]!);
    }

    [TracedFact]
    public async Task The_contents_are_on_the_disk_before_a_file_has_its_name_and_the_name_before_that_is_noted()
    {
        var (name, _) = await MonthAsync(meters: 1);
        var trace = _site.File("trace");
        await using var server = await ServerProcess.AnsweringAsync(ServerProcess.Start(
            _site.Fleet, _site.Data,
            before: ["strace", "-D", "-f", "-qq", "-y", "--seccomp-bpf", "-e", "trace=fsync,rename,renameat2", "-o", trace]));
        ((string)(await RunAsync(server))["outcome"]!).ShouldBe("written");

        var calls = (await File.ReadAllLinesAsync(trace)).Where(call => call.Contains(Folder, StringComparison.Ordinal)).ToList();
        calls.Count.ShouldBe(3, string.Join('\n', calls));
        calls[0].ShouldMatch($@" fsync\(\d+<{Folder}/\.{name}\.part>");
        calls[1].ShouldMatch($@" rename\(""{Folder}/\.{name}\.part"", ""{Folder}/{name}""");
        calls[2].ShouldMatch($@" fsync\(\d+<{Folder}>");
    }

    private static async Task<JsonNode> RunAsync(ServerProcess server)
    {
        using var answer = await server.Client.PostAsJsonAsync("/api/deliveries/months/run", new { });
        answer.IsSuccessStatusCode.ShouldBeTrue(server.Output);
        return (await answer.Content.ReadFromJsonAsync<JsonNode>())!;
    }

    /// <summary>
    /// Stores the quarter hours of the last whole month of so many meters that cannot be reached; returns the name of the file of that
    /// month, and how many intervals belong there.
    /// </summary>
    private async Task<(string Name, long Intervals)> MonthAsync(int meters)
    {
        string[] ids = [.. Enumerable.Range(1, meters).Select(number => $"m-{number}")];
        await File.WriteAllTextAsync(
            _site.Fleet,
            $$"""
            iec102 {
              ports.p.tcp = "127.0.0.1:1"
              meters { {{string.Join(", ", ids.Select((id, at) => $"{id} {{ port = p, link-address = {at + 1}, password = 1 }}"))}} }
              deliveries.months { what = month, curves = [quarter-hour], folder = "{{Folder}}", at = "23:59" }
            }
            """);
        var zone = FleetReader.ReadFile(_site.Fleet).Configuration!.TimeZone;
        var month = Period.EndedBy(DeliveredPeriod.Month, SystemClock.Instance.GetCurrentInstant().InZone(zone).Date);
        var range = month.RangeIn(zone, ofMidnights: false);
        StoredCurves.Fill(DataDirectory.Create(_site.Data), ids, Curve.QuarterHour, range);
        return ($"months_{month.Name}.csv", meters * (long)((range.To - range.From) / Duration.FromMinutes(15)));
    }

    /// <summary>Looks more often than <see cref="Site.UntilAsync"/>: what is waited for lasts a moment.</summary>
    private static async Task UntilAsync(Func<bool> question)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(2));
        var began = Stopwatch.StartNew();
        while (!question() && await timer.WaitForNextTickAsync())
            began.Elapsed.ShouldBeLessThan(Patience);
    }
}

/// <summary>A test that looks at what a process asks of the system; where that is not possible it is skipped, and says why.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class TracedFactAttribute : FactAttribute
{
    public TracedFactAttribute() => Skip = WhyNot.Value;

    private static readonly Lazy<string?> WhyNot = new(() =>
    {
        try
        {
            using var strace = Process.Start(new ProcessStartInfo("strace", ["-qq", "-o", "/dev/null", "true"]))!;
            strace.WaitForExit();
            return strace.ExitCode == 0 ? null : "This system does not let strace trace a process.";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "strace is not installed: apt-get install strace.";
        }
    });
}
