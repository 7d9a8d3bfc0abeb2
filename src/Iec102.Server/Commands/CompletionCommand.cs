using System.CommandLine;
using Iec102.Server.Commands.Common;

namespace Iec102.Server.Commands;

/// <summary>completion: prints a script with which a shell completes commands, options and their values.</summary>
internal static class CompletionCommand
{
    // The scripts pass the line and the place of the cursor back to the program: its own parser knows what may follow.
    private const string Bash = """
        _iec102() {
            local IFS=$'\n'
            local found=$("${COMP_WORDS[0]}" "[suggest:$COMP_POINT]" "$COMP_LINE" 2>/dev/null)
            COMPREPLY=($(compgen -W "$found" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -o default -F _iec102 iec102
        """;

    private const string Zsh = """
        #compdef iec102
        _iec102() {
            local -a found
            found=("${(@f)$("${words[1]}" "[suggest:$CURSOR]" "$BUFFER" 2>/dev/null)}")
            compadd -a found || _files
        }
        # The first time, zsh reads this file in place of the function.
        if [ "$funcstack[1]" = _iec102 ]; then _iec102; else compdef _iec102 iec102; fi
        """;

    private const string Pwsh = """
        Register-ArgumentCompleter -Native -CommandName iec102 -ScriptBlock {
            param($word, $line, $cursor)
            & $line.CommandElements[0].Value "[suggest:$cursor]" "$line" 2>$null | Where-Object { $_ -like "$word*" } | ForEach-Object {
                [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
            }
        }
        """;

    private static readonly Dictionary<string, string> Scripts = new() { ["bash"] = Bash, ["zsh"] = Zsh, ["pwsh"] = Pwsh };

    public static Command Create()
    {
        var shell = new Argument<string>("SHELL")
        {
            Description = "bash, zsh or pwsh.",
            HelpName = "SHELL",
            CustomParser = result => CommonOptions.Parse(result, "SHELL", text =>
                Scripts.ContainsKey(text)
                    ? (text, null)
                    : (text, $"there is no script for '{text}'; choose one of {string.Join(", ", Scripts.Keys)}")),
        };
        shell.CompletionSources.Add([.. Scripts.Keys]);
        var command = new CommandWithExamples(
            "completion", "Prints a script with which the shell completes commands, options and their values.",
            "completion bash > ~/.local/share/bash-completion/completions/iec102",
            "completion zsh > ~/.zfunc/_iec102",
            "completion pwsh >> $PROFILE")
        {
            shell,
        };
        command.SetAction(parsed => parsed.InvocationConfiguration.Output.WriteLine(Scripts[parsed.GetValue(shell)!]));
        return command;
    }
}
