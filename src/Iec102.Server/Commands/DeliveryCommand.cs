using System.CommandLine;
using System.Globalization;
using Iec102.Contract;
using Iec102.Server.Commands.Common;

namespace Iec102.Server.Commands;

/// <summary>delivery: shows the scheduled deliveries of a running server, and has one written now.</summary>
internal static class DeliveryCommand
{
    private const string ListDescription =
        "Shows the scheduled deliveries of the fleet file with their last files: for how many meters the file is complete, and when the "
        + "next one is due. The exit status is 1 when one cannot be written.";

    private const string RunDescription =
        "Has the file of the last whole day, week or month written now, also before its time. A new version is only written when "
        + "something new is stored since the last one.";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    public static Command Create() =>
        new("delivery", "Shows the scheduled deliveries of a running server, and has one written now.") { List(), Run() };

    /// <summary>The table of deliveries, with what is wrong below it.</summary>
    public static string Text(DeliveriesModel model)
    {
        if (model.Deliveries.Count == 0)
            return "No deliveries: write iec102.deliveries into the fleet file.\n";
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        TextTable.Write(
            text, ["delivery", "last file", "intervals", "complete", "next", "state"],
            model.Deliveries.Select(one => (string[])
            [
                one.Name, one.File ?? "none yet", one.File is null ? "" : Text(one.Intervals),
                one.Complete is null ? "" : $"{Text(one.Complete)} of {Text(one.Meters)}", one.Next[..16].Replace('T', ' '),
                one.Error is not null ? "fails" : one is { Period: not null, File: null } ? "nothing stored" : "ok",
            ]));
        foreach (var one in model.Deliveries.Where(one => one.Error is not null))
            text.Write($"{one.Name}: {one.Error}\n");
        return text.ToString();
    }

    private static CommandWithExamples List()
    {
        var server = new ServerCallOptions("read");
        var command = new CommandWithExamples(
            "list", ListDescription, "delivery list", "delivery list --url http://192.0.2.5:8102")
        {
            server.Url, server.Key,
        };
        command.SetAction(async (parsed, ct) =>
        {
            var model = await server.Of(parsed).AskAsync<DeliveriesModel>(HttpMethod.Get, "/api/deliveries", null, Patience, ct);
            await parsed.InvocationConfiguration.Output.WriteAsync(Text(model));
            return model.Deliveries.Any(one => one.Error is not null) ? CommandFailure.Failed : 0;
        });
        return command;
    }

    private static CommandWithExamples Run()
    {
        var server = new ServerCallOptions("operate");
        var name = new Argument<string>("NAME") { Description = "The delivery's name, as iec102 delivery list shows it." };
        var command = new CommandWithExamples("run", RunDescription, "delivery run daily") { name, server.Url, server.Key };
        command.SetAction(async (parsed, ct) =>
        {
            var model = await server.Of(parsed).AskAsync<DeliveryRunModel>(
                HttpMethod.Post, $"/api/deliveries/{Uri.EscapeDataString(parsed.GetValue(name)!)}/run", new { }, Patience, ct);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(model switch
            {
                { File: null } => $"Nothing is stored of {model.Period}, so no file is written yet.",
                { Outcome: "written", File: { } file } =>
                    $"{file.File} is written (intervals: {Text(file.Intervals)}{Complete(file)}).",
                { File: { } file } => $"Nothing new is stored since {file.File} was written, so there is no new version.",
            });
            return 0;
        });
        return command;
    }

    private static string Complete(DeliveredFileModel file) =>
        file.Complete is null ? "" : $"; complete for {Text(file.Complete)} of {Text(file.Meters)} meters";

    private static string Text(long? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "";
}
