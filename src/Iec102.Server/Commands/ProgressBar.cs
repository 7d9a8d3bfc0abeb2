using Spectre.Console;

namespace Iec102.Server.Commands;

/// <summary>A progress bar on standard error, when that is a terminal; elsewhere nothing is shown.</summary>
internal static class ProgressBar
{
    /// <summary>Runs the work, which reports its share done, 0 to 1.</summary>
    public static async Task RunAsync(TextWriter error, string title, Func<IProgress<double>, Task> work)
    {
        var terminal = new AnsiConsoleOutput(error);
        if (!terminal.IsTerminal)
        {
            await work(new Share(_ => { }));
            return;
        }

        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = terminal });
        await console.Progress().AutoClear(true).Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(async progress =>
            {
                var task = progress.AddTask(Markup.Escape(title), maxValue: 1);
                await work(new Share(share => task.Value = share));
            });
    }

    private sealed class Share(Action<double> show) : IProgress<double>
    {
        public void Report(double value) => show(value);
    }
}
