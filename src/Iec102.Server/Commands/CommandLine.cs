using System.CommandLine;

namespace Iec102.Server.Commands;

/// <summary>The command line: what commands there are, and how each ends. Exit status 0 done, 1 the meter or line failed or refused, 2 wrong usage or configuration.</summary>
internal static class CommandLine
{
    private static readonly Option<bool> Verbose = new("--verbose") { Description = "Show the stack trace behind an error.", Recursive = true };

    /// <summary>Runs one command; answers the exit status.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand(
            "Reads electricity meters over IEC 60870-5-102 (REE profile): hundreds at once, through serial lines, optical heads and Ethernet converters.")
        {
            Verbose,
            CheckCommand.Create(),
        };
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0 && parsed.Action is System.CommandLine.Invocation.ParseErrorAction)
        {
            await Console.Error.WriteLineAsync($"{parsed.Errors[0].Message} See iec102 --help.");
            return CommandFailure.WrongUsage;
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromSeconds(10) });
        }
        catch (CommandFailure failure)
        {
            await Console.Error.WriteLineAsync(failure.Message);
            return failure.ExitCode;
        }
        catch (OperationCanceledException)
        {
            return CommandFailure.Failed;
        }
        catch (Exception e)
        {
            await Console.Error.WriteLineAsync(parsed.GetValue(Verbose) ? e.ToString() : $"Unexpected: {e.Message} (--verbose shows where)");
            return CommandFailure.Failed;
        }
    }
}
