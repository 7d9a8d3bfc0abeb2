using System.Globalization;

namespace Iec102.Faults.Tests.Sites;

/// <summary>A wall clock that tests can set for one process: libfaketime, which Debian has as the package faketime.</summary>
internal static class FakeTime
{
    private static readonly string? Library = Directory.Exists("/usr/lib")
        ? Directory.GetDirectories("/usr/lib", "*-linux-gnu*").Select(folder => $"{folder}/faketime/libfaketimeMT.so.1")
            .FirstOrDefault(File.Exists)
        : null;

    /// <summary>Why clocks cannot be set here; null when they can.</summary>
    public static string? Missing => Library is null ? "libfaketime is not installed: apt-get install faketime." : null;

    /// <summary>The environment of a process whose clock is ahead by what a file says.</summary>
    public static IReadOnlyDictionary<string, string> Environment(string file) => new Dictionary<string, string>
    {
        ["LD_PRELOAD"] = Library!,
        ["FAKETIME_TIMESTAMP_FILE"] = file,
        ["FAKETIME_CACHE_DURATION"] = "1",
        ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",
        // Its remedy for old C libraries ends waits of .NET at once.
        ["FAKETIME_FORCE_MONOTONIC_FIX"] = "0",
    };

    /// <summary>Sets how far the clock is ahead.</summary>
    public static async Task SetAsync(string file, TimeSpan ahead)
    {
        var seconds = ahead.TotalSeconds.ToString("+0;-0;+0", CultureInfo.InvariantCulture);
        // The process may look at any moment, so the file is replaced as a whole.
        await File.WriteAllTextAsync($"{file}.new", $"{seconds}\n");
        File.Move($"{file}.new", file, overwrite: true);
    }
}
