using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Iec102.Server.Commands.Common;

/// <summary>A command whose own help ends with examples, which the list of all commands leaves out.</summary>
/// <param name="name">Its name.</param>
/// <param name="description">What it does.</param>
/// <param name="examples">Command lines without the program's name.</param>
internal sealed class CommandWithExamples(string name, string description, params string[] examples) : Command(name, description)
{
    public IReadOnlyList<string> Examples { get; } = examples;
}

/// <summary>The usual help, then what the exit status means, and the examples.</summary>
internal sealed class HelpWithExamples(HelpAction usual) : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parseResult)
    {
        var status = usual.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        output.WriteLine(
            "Exit status:\n  0 done; 1 the meter, the line or the server failed or refused; 2 wrong usage or configuration\n");
        if (parseResult.CommandResult.Command is CommandWithExamples command)
        {
            output.WriteLine(command.Examples.Count == 1 ? "Example:" : "Examples:");
            foreach (var example in command.Examples)
                output.WriteLine($"  iec102 {example}");
        }

        return status;
    }
}
