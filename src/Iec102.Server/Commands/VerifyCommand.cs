using System.CommandLine;
using Iec102.Server.Commands.Common;
using Iec102.Storage.Upkeep;

namespace Iec102.Server.Commands;

/// <summary>verify: compares what the profiles count as recorded with what is stored.</summary>
internal static class VerifyCommand
{
    private const string Description =
        "Compares what the load profiles count as recorded with the intervals that are stored, whether the server is running or not; exit "
        + "status 1 if there is any difference.";

    public static Command Create()
    {
        var store = new StoreOptions();
        var command = new CommandWithExamples("verify", Description, "verify --data ./data", "verify --fleet fleet.conf")
        {
            store.Data, store.Fleet, store.Postgres,
        };
        command.SetAction(async (parsed, ct) =>
        {
            var console = parsed.InvocationConfiguration;
            var verifier = new Verifier(store.Of(parsed));
            VerifyReport? report = null;
            await ProgressBar.RunAsync(console.Error, "comparing", progress =>
            {
                report = verifier.Run(progress, ct);
                return Task.CompletedTask;
            });
            foreach (var difference in report!.Differences)
                await console.Output.WriteLineAsync(difference.Sentence);
            var verdict = report.Differences.Count switch
            {
                0 => "no differences",
                1 => "1 difference",
                var count => $"{count} differences",
            };
            await console.Output.WriteLineAsync($"{report.Profiles} curves, {report.Intervals} intervals: {verdict}.");
            if (report.Differences.Any(one => one.Kind != DifferenceKind.DamagedFile))
                await console.Output.WriteLineAsync(
                    $"To mend this: stop the server, run iec102 repair {store.Given(parsed)}, and start it again.");
            return report.Differences.Count == 0 ? 0 : CommandFailure.Failed;
        });
        return command;
    }
}
