using System.Globalization;
using System.Text;

namespace Iec102.Server.Tests.Commands;

/// <summary>How a command ended.</summary>
internal sealed record CliResult(int Status, string Output, string Error)
{
    /// <summary>The only sentence on standard error.</summary>
    public string Sentence => Error.TrimEnd().Contains('\n')
        ? throw new InvalidOperationException($"More than a sentence: {Error}")
        : Error.TrimEnd();

    /// <summary>The lines of standard output.</summary>
    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>Runs commands in this process, as a user would type them.</summary>
internal static class Cli
{
    /// <summary>Runs a command line; its words are split at blanks.</summary>
    public static Task<CliResult> RunAsync(string line, string input = "", bool isTerminal = false, CancellationToken ct = default) =>
        RunAsync(line.Split(' ', StringSplitOptions.RemoveEmptyEntries), input, isTerminal, ct);

    public static async Task<CliResult> RunAsync(string[] args, string input = "", bool isTerminal = false, CancellationToken ct = default)
    {
        using var octets = new MemoryStream();
        await using var output = new StreamWriter(octets, new UTF8Encoding(false)) { AutoFlush = true };
        await using var error = new StringWriter(CultureInfo.InvariantCulture);
        var status = await CommandLine.RunAsync(args, new StringReader(input), output, error, isTerminal, ct);
        return new CliResult(status, Encoding.UTF8.GetString(octets.ToArray()), error.ToString());
    }
}
