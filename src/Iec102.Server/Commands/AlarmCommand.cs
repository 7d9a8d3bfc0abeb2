using System.CommandLine;
using System.Globalization;
using Iec102.Contract;
using Iec102.Server.Commands.Common;

namespace Iec102.Server.Commands;

/// <summary>alarm: shows the alarms of a running server, acknowledges and shelves them, and tests whether messages arrive.</summary>
internal static class AlarmCommand
{
    private const string ListDescription =
        "Shows the alarms whose problem stands, and those that are over and that nobody has acknowledged. The exit status is 1 when there "
        + "is one that nobody has acknowledged.";

    private const string AckDescription = "Says that somebody has seen an alarm; the name of the API key is kept with it.";

    private const string ShelveDescription =
        "Sends nothing of an alarm for some hours, such as until a fitter has been there. It stays in the list.";

    private const string TestDescription =
        "Sends a test message on each way that iec102.alarms in the fleet file names (webhook, email), and says which have arrived. The "
        + "exit status is 1 when one has not, or there is none.";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    public static Command Create() =>
        new("alarm", "Shows the alarms of a running server, acknowledges them, and tests whether messages arrive.")
        {
            List(), Acknowledge(), Shelve(), Test(),
        };

    /// <summary>The table of alarms.</summary>
    /// <param name="model">The alarms.</param>
    /// <param name="showsAll">Whether those are shown too that are over and acknowledged.</param>
    public static string Text(AlarmsModel model, bool showsAll)
    {
        var now = DateTimeOffset.Parse(model.At, CultureInfo.InvariantCulture);
        var shown = model.Alarms.Where(alarm => showsAll || alarm.Active || !alarm.Acknowledged).ToList();
        if (shown.Count == 0)
            return "No alarms.\n";
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        TextTable.Write(
            text, ["alarm", "priority", "state", "for", "count", "acknowledged", "name", "note"],
            shown.Select(alarm => (string[])
            [
                alarm.Id, alarm.Priority, StateOf(alarm), Since(alarm, now), alarm.Count.ToString(CultureInfo.InvariantCulture),
                alarm.AcknowledgedBy ?? "no", string.Join(", ", ((string?[])[alarm.Name, alarm.Site]).OfType<string>()), alarm.Note ?? "",
            ]));
        return text.ToString();
    }

    private static CommandWithExamples List()
    {
        var all = new Option<bool>("--all") { Description = "Show also those that are over and acknowledged." };
        var server = new ServerCallOptions("read");
        var command = new CommandWithExamples("list", ListDescription, "alarm list", "alarm list --all --url http://192.0.2.5:8102")
        {
            all, server.Url, server.Key,
        };
        command.SetAction(async (parsed, ct) =>
        {
            var model = await server.Of(parsed).AskAsync<AlarmsModel>(HttpMethod.Get, "/api/alarms", null, Patience, ct);
            await parsed.InvocationConfiguration.Output.WriteAsync(Text(model, parsed.GetValue(all)));
            return model.Alarms.Any(alarm => !alarm.Acknowledged) ? CommandFailure.Failed : 0;
        });
        return command;
    }

    private static CommandWithExamples Acknowledge()
    {
        var (alarm, server) = (Alarm(), new ServerCallOptions("operate"));
        var note = new Option<string?>("--note") { Description = "What to note about it, at most 500 characters.", HelpName = "TEXT" };
        var command = new CommandWithExamples(
            "ack", AckDescription, "alarm ack meter.m-34572.password",
            "alarm ack port.north.line-down --note \"The fitter comes on Monday.\"")
        {
            alarm, note, server.Url, server.Key,
        };
        command.SetAction(async (parsed, ct) =>
        {
            var (id, call) = (parsed.GetValue(alarm)!, server.Of(parsed));
            if (parsed.GetValue(note) is { } text)
                await call.AskAsync<AlarmModel>(HttpMethod.Post, PathOf(id, "note"), new { text }, Patience, ct);
            var model = await call.AskAsync<AlarmModel>(HttpMethod.Post, PathOf(id, "acknowledge"), new { }, Patience, ct);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(
                $"{model.Id} is acknowledged by {model.AcknowledgedBy}; its problem {(model.Active ? "still stands" : "is over")}.");
            return 0;
        });
        return command;
    }

    private static CommandWithExamples Shelve()
    {
        var (alarm, server) = (Alarm(), new ServerCallOptions("operate"));
        var hours = CommonOptions.Number<double>("--hours", 0, 168, "For how many hours, at most 168; 0 ends it.");
        var command = new CommandWithExamples(
            "shelve", ShelveDescription, "alarm shelve port.north.line-down --hours 8", "alarm shelve port.north.line-down --hours 0")
        {
            alarm, hours, server.Url, server.Key,
        };
        command.SetAction(async (parsed, ct) =>
        {
            var model = await server.Of(parsed).AskAsync<AlarmModel>(
                HttpMethod.Post, PathOf(parsed.GetValue(alarm)!, "shelve"), new { hours = parsed.GetValue(hours) }, Patience, ct);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(
                model.ShelvedUntil is { } until ? $"Nothing is sent of {model.Id} until {until}." : $"{model.Id} is not shelved.");
            return 0;
        });
        return command;
    }

    private static CommandWithExamples Test()
    {
        var server = new ServerCallOptions("operate");
        var command = new CommandWithExamples("test", TestDescription, "alarm test") { server.Url, server.Key };
        command.SetAction(async (parsed, ct) =>
        {
            var sent = await server.Of(parsed).AskAsync<IReadOnlyList<AlarmTestModel>>(
                HttpMethod.Post, "/api/alarms/test", new { }, Patience, ct);
            foreach (var one in sent)
                await parsed.InvocationConfiguration.Output.WriteLineAsync(
                    $"{one.Way} to {one.To}: {(one.Error is null ? "sent" : $"FAILED: {one.Error}")}");
            return sent.Any(one => one.Error is not null) ? CommandFailure.Failed : 0;
        });
        return command;
    }

    private static Argument<string> Alarm() => new("ALARM") { Description = "The alarm's id, as iec102 alarm list shows it." };

    private static string PathOf(string alarm, string action) => $"/api/alarms/{Uri.EscapeDataString(alarm)}/{action}";

    private static string StateOf(AlarmModel alarm) => alarm switch
    {
        { ShelvedUntil: not null } => alarm.Active ? "shelved" : "shelved, cleared",
        { Active: true } => "active",
        _ => "cleared",
    };

    /// <summary>How long the problem has stood, or for how long it has been over.</summary>
    private static string Since(AlarmModel alarm, DateTimeOffset now) =>
        DurationWords.Of(now - DateTimeOffset.Parse(alarm.ClearedAt ?? alarm.Since, CultureInfo.InvariantCulture));
}
