using System.Diagnostics;

namespace Iec102.Faults.Tests.Networks;

/// <summary>Runs a program of the system to its end.</summary>
internal static class Tool
{
    /// <summary>Runs a program; returns what it printed, and throws when it fails.</summary>
    /// <param name="line">The program and its arguments, separated by blanks.</param>
    public static async Task<string> RunAsync(string line)
    {
        var (exitCode, output) = await TryAsync(line);
        return exitCode == 0 ? output : throw new InvalidOperationException($"{line}: {output}");
    }

    /// <summary>Runs a program; returns its exit status and everything that it printed.</summary>
    public static async Task<(int ExitCode, string Output)> TryAsync(string line)
    {
        var words = line.Split(' ');
        using var process = Process.Start(new ProcessStartInfo(words[0], words.Skip(1))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + errors);
    }
}
