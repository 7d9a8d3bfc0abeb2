using System.Diagnostics;
using Iec102.Testing;

namespace Iec102.Server.Tests.Commands;

/// <summary>The script for bash, sourced and asked in bash itself, with the real program behind it.</summary>
public sealed class CompletionTests
{
    [Fact]
    public async Task Bash_completes_commands_options_and_values()
    {
        var script = (await Cli.RunAsync("completion bash")).Output;

        (await AskAsync(
            script, "iec102 ser", "iec102 mig", "iec102 serve --log-", "scripts/iec102 read current --format j", "iec102 completion "))
            .ShouldBe("serve | migrate | --log-file --log-format | json | bash pwsh zsh | ");
    }

    [Theory]
    [InlineData("zsh", "compdef _iec102 iec102")]
    [InlineData("zsh", "if [ \"$funcstack[1]\" = _iec102 ]; then _iec102;")]
    [InlineData("pwsh", "Register-ArgumentCompleter -Native -CommandName iec102")]
    public async Task Other_shells_have_a_script_that_asks_the_program(string shell, string line)
    {
        var result = await Cli.RunAsync($"completion {shell}");

        result.Output.ShouldContain(line);
        result.Output.ShouldContain("\"[suggest:$");
    }

    /// <summary>What bash would offer at the end of each line; options that only show help are left out.</summary>
    private static async Task<string> AskAsync(string script, params string[] lines)
    {
        var start = new ProcessStartInfo("bash") { RedirectStandardInput = true, RedirectStandardOutput = true };
        using var bash = Process.Start(start)!;
        await bash.StandardInput.WriteAsync(
            $$"""
            {{script}}
            iec102() { dotnet '{{Repository.Program}}' "$@"; }
            scripts/iec102() { iec102 "$@"; }
            ask() {
                COMP_LINE=$1 COMP_POINT=${#1} COMP_WORDS=($1)
                [ "${1% }" = "$1" ] || COMP_WORDS+=("")
                COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
                _iec102
                for one in "${COMPREPLY[@]}"; do case $one in --help|--verbose|-?|-h|/?|/h) ;; *) printf '%s ' "$one" ;; esac; done
                printf '| '
            }
            {{string.Join('\n', lines.Select(line => $"ask '{line}'"))}}

            """.ReplaceLineEndings("\n"));
        bash.StandardInput.Close();
        var output = await bash.StandardOutput.ReadToEndAsync();
        await bash.WaitForExitAsync();
        return output;
    }
}
