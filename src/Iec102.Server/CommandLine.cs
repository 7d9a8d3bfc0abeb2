using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using Iec102.Fleet;
using Iec102.Lines;
using Iec102.Server.Commands;
using Iec102.Server.Commands.Common;
using Iec102.Server.Commands.Probing;
using Iec102.Server.Commands.Reads;
using Iec102.Simulator.Hosting;
using Iec102.Storage.Files;

namespace Iec102.Server;

/// <summary>
/// The command line: the commands, and the exit status that they share: 0 for success, 1 when the meter, the line or the server failed or
/// refused, 2 for wrong usage or configuration.
/// </summary>
internal static class CommandLine
{
    private static readonly Option<bool> Verbose = new("--verbose")
    {
        Description = "Show the stack trace behind an error.",
        Recursive = true,
    };

    /// <summary>Runs one command. Returns the exit status.</summary>
    /// <param name="args">The arguments.</param>
    /// <param name="input">What the command reads.</param>
    /// <param name="output">Where its results go.</param>
    /// <param name="error">Where its errors go, each as one plain sentence.</param>
    /// <param name="isTerminal">Whether a person sits at the input and can be asked.</param>
    /// <param name="ct">Ends the command, as Ctrl+C does.</param>
    public static async Task<int> RunAsync(
        string[] args, TextReader input, TextWriter output, TextWriter error, bool isTerminal = false, CancellationToken ct = default)
    {
        var root = new RootCommand(
            "Reads electricity meters over IEC 60870-5-102 (REE profile): hundreds at once, through serial lines, optical heads and "
            + "Ethernet converters.")
        {
            Verbose,
            DemoCommand.Create(),
            ServeCommand.Create(),
            CheckCommand.Create(),
            SimulateCommand.Create(),
            ReadCommand.Create(input, isTerminal),
            SyncClockCommand.Create(input, isTerminal),
            ProbeCommand.Create(),
            DecodeCommand.Create(input),
            ExportCommand.Create(),
            StatusCommand.Create(isTerminal),
            WhyCommand.Create(),
            RereadCommand.Create(),
            AlarmCommand.Create(),
            PortCommand.Create(),
            DeliveryCommand.Create(),
            NodeCommand.Create(),
            TraceCommand.Create(),
            SupportCommand.Create(),
            VerifyCommand.Create(),
            RepairCommand.Create(),
            BackupCommand.Create(),
            MigrateCommand.Create(),
            CompletionCommand.Create(),
        };
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!);
        var parsed = root.Parse(args.Length == 0 ? ["--help"] : args);
        if (parsed.Errors.Count > 0 && parsed.Action is System.CommandLine.Invocation.ParseErrorAction)
        {
            await error.WriteLineAsync(WrongUsage(parsed));
            return CommandFailure.WrongUsage;
        }

        try
        {
            return await parsed.InvokeAsync(
                new InvocationConfiguration
                {
                    EnableDefaultExceptionHandler = false,
                    ProcessTerminationTimeout = TimeSpan.FromSeconds(10),
                    Output = output,
                    Error = error,
                },
                ct);
        }
        catch (OperationCanceledException)
        {
            return CommandFailure.Failed;
        }
        catch (Exception e)
        {
            var isSentence = e is CommandFailure or StorageException or SimulatorException or LineException;
            await error.WriteLineAsync(
                parsed.GetValue(Verbose) ? e.ToString() : isSentence ? e.Message : $"Unexpected: {e.Message} (--verbose shows where)");
            return e is CommandFailure failure ? failure.ExitCode : CommandFailure.Failed;
        }
    }

    /// <summary>What is wrong with a command line, in one sentence and where to look.</summary>
    private static string WrongUsage(ParseResult parsed)
    {
        var name = NameOf(parsed.CommandResult);
        // A wrong argument explains more than a missing option, and a mistyped option than the one that is missing because of it.
        var argument = parsed.Errors.FirstOrDefault(one => one.SymbolResult is ArgumentResult);
        var sentence = argument is { SymbolResult: ArgumentResult { Tokens.Count: 0, Argument.Name: var needed } }
            ? $"{name} needs {needed}."
            : argument?.Message
            ?? (parsed.UnmatchedTokens is [var unknown, ..] ? Unknown(parsed, name, unknown) : parsed.Errors[0].Message);
        return $"{sentence} See {name} --help.";
    }

    /// <summary>Such as iec102 alarm ack.</summary>
    private static string NameOf(CommandResult result) =>
        result.Parent is CommandResult parent ? $"{NameOf(parent)} {result.Command.Name}" : "iec102";

    private static string Unknown(ParseResult parsed, string name, string word)
    {
        var command = parsed.CommandResult.Command;
        // What follows = may be a secret.
        word = word.Split('=')[0];
        var isOption = word.StartsWith('-');
        if (!isOption && command.Subcommands.Count == 0)
        {
            var missing = command.Options
                .FirstOrDefault(option => option.Required && parsed.GetResult(option) is null or { Implicit: true });
            return missing is not null
                ? $"{name} does not take '{word}'; did you mean '{missing.Name} {word}'?"
                : $"{name} does not take '{word}'.";
        }

        var known = isOption ? (IEnumerable<Symbol>)[.. command.Options, Verbose] : command.Subcommands;
        var sentence = $"{name} has no {(isOption ? "option" : "command")} '{word}'";
        return Nearest.Meant(word, [.. known.Select(one => one.Name)]) is { } meant
            ? $"{sentence}; did you mean '{meant}'?"
            : $"{sentence}.";
    }
}
