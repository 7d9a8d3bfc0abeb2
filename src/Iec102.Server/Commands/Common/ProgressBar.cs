using Iec102.Server.OneOff;
using Spectre.Console;

namespace Iec102.Server.Commands.Common;

/// <summary>A progress bar on standard error, when that is a terminal; elsewhere nothing is shown.</summary>
internal static class ProgressBar
{
    /// <summary>Runs the work and shows its progress.</summary>
    public static async Task RunAsync(TextWriter error, string title, Func<WorkProgress, Task> work)
    {
        var terminal = new AnsiConsoleOutput(error);
        if (!terminal.IsTerminal)
        {
            await work(new WorkProgress(_ => { }, error.WriteLine));
            return;
        }

        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = terminal });
        await console.Progress().AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(async progress =>
            {
                var task = progress.AddTask(Markup.Escape(title), maxValue: 1);
                // Written through the same console, so that it appears above the bar.
                await work(new WorkProgress(share => task.Value = share, sentence => console.WriteLine(sentence)));
            });
    }
}
