using System.Diagnostics;
using System.Globalization;
using Iec102.Page.Tests.Browsers;
using Iec102.Page.Tests.Sites;
using Iec102.Testing;

namespace Iec102.Page.Tests;

/// <summary>
/// What scripts/viewers.sh runs: promise P10. The exit status is 1 when the viewers take more than they may, and 2 when the arguments are
/// wrong.
/// </summary>
internal static class Program
{
    private const int Viewers = 20;
    private const double MostOfACore = 0.1;
    private const double MostMegabytes = 100;

    private static async Task<int> Main(string[] arguments)
    {
        var minutes = 5;
        if (arguments is not [] && (arguments is not ["--minutes", var text]
            || !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out minutes) || minutes is < 1 or > 60))
        {
            await Console.Error.WriteLineAsync("Usage: scripts/viewers.sh [--minutes N]");
            return 2;
        }

        if (Chromium.Missing is { } missing)
        {
            await Console.Error.WriteLineAsync(missing);
            return 2;
        }

        Console.WriteLine($"A thousand meters are read; then {minutes} min without and {minutes} min with {Viewers} viewers ...");
        await using var site = await Site.ThousandAsync();
        var without = await UseAsync(site.Server, TimeSpan.FromMinutes(minutes));
        await using var chromium = await Chromium.StartAsync();
        var viewers = new List<Viewer>();
        for (var index = 0; index < Viewers; index++)
        {
            var viewer = await Viewer.OpenAsync(chromium.Browser, site.Server.Url);
            viewers.Add(viewer);
            await viewer.GoAsync("/");
        }

        var with = await UseAsync(site.Server, TimeSpan.FromMinutes(minutes));
        foreach (var viewer in viewers)
            await viewer.DisposeAsync();
        var (cores, megabytes) = (with.Cores - without.Cores, with.Megabytes - without.Megabytes);
        Console.WriteLine(
            $"P10  {Viewers} viewers of a thousand meters: {with.Cores:F3} of a core instead of {without.Cores:F3}, {cores:F3} more (bar "
            + $"{MostOfACore}); {with.Megabytes:F0} MB instead of {without.Megabytes:F0}, {megabytes:F0} more (bar {MostMegabytes})");
        return cores <= MostOfACore && megabytes <= MostMegabytes ? 0 : 1;
    }

    /// <summary>The processor time of a process while some time passes, and the most memory that it had, looked at each second.</summary>
    private static async Task<(double Cores, double Megabytes)> UseAsync(ServerProcess server, TimeSpan time)
    {
        using var process = Process.GetProcessById(server.Id);
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        var (began, before, most) = (Stopwatch.StartNew(), server.ProcessorTime, 0L);
        while (began.Elapsed < time)
        {
            await timer.WaitForNextTickAsync();
            process.Refresh();
            most = Math.Max(most, process.WorkingSet64);
        }

        return ((server.ProcessorTime - before) / began.Elapsed, most / 1e6);
    }
}
