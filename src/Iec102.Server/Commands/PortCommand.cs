using System.CommandLine;
using System.Globalization;
using Iec102.Contract;
using Iec102.Server.Commands.Common;

namespace Iec102.Server.Commands;

/// <summary>port: shows the ports of a running server, has one pause, and has its line opened anew.</summary>
internal static class PortCommand
{
    private const string ListDescription =
        "Shows the ports of a running server and what is wrong with them. The exit status is 1 when one is down, needs attention or cannot "
        + "be seen.";

    private const string PauseDescription =
        "Closes the line of a port for a while, so that somebody else can use it, such as somebody with iec102 read. It ends by itself.";

    private const string ReconnectDescription = "Closes the line of a port and opens it at once, without waiting for the next attempt.";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static Command Create() =>
        new("port", "Shows the ports of a running server, has one pause, and has its line opened anew.") { List(), Pause(), Reconnect() };

    /// <summary>The table of the ports.</summary>
    public static string Text(IReadOnlyList<PortModel> ports)
    {
        if (ports.Count == 0)
            return "The fleet file has no ports.\n";
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        var hasNodes = ports.Any(port => port.Node is not null);
        TextTable.Write(
            text, hasNodes ? ["port", "verdict", "state", "since", "address", "node", "why"]
                : ["port", "verdict", "state", "since", "address", "why"],
            ports.Select(port => (string[])
            [
                port.Id, port.Cause is { } cause ? $"{port.Verdict}, {cause}" : port.Verdict, port.State, port.Since ?? "", port.Address,
                .. hasNodes ? (string[])[port.Node ?? ""] : [], Why(port),
            ]));
        return text.ToString();
    }

    private static CommandWithExamples List()
    {
        var server = new ServerCallOptions("read");
        var command = new CommandWithExamples("list", ListDescription, "port list") { server.Url, server.Key };
        command.SetAction(async (parsed, ct) =>
        {
            var ports = await server.Of(parsed).AskAsync<IReadOnlyList<PortModel>>(HttpMethod.Get, "/api/ports", null, Patience, ct);
            await parsed.InvocationConfiguration.Output.WriteAsync(Text(ports));
            return ports.Any(port => port.Verdict is "down" or "attention" or "unknown") ? CommandFailure.Failed : 0;
        });
        return command;
    }

    private static CommandWithExamples Pause()
    {
        var (port, server) = (Port(), new ServerCallOptions("operate"));
        var minutes = CommonOptions.Number("--minutes", 0, 1440, "For how many minutes, at most 1440; 0 ends it.");
        var command = new CommandWithExamples("pause", PauseDescription, "port pause north --minutes 30", "port pause north --minutes 0")
        {
            port, minutes, server.Url, server.Key,
        };
        command.SetAction((parsed, ct) => OperateAsync(
            parsed, server.Of(parsed), $"{PathOf(parsed.GetValue(port)!)}/pause", new PauseModel(parsed.GetValue(minutes)),
            $"{parsed.GetValue(port)} is not paused.", ct));
        return command;
    }

    private static CommandWithExamples Reconnect()
    {
        var (port, server) = (Port(), new ServerCallOptions("operate"));
        var command = new CommandWithExamples("reconnect", ReconnectDescription, "port reconnect north") { port, server.Url, server.Key };
        command.SetAction((parsed, ct) => OperateAsync(
            parsed, server.Of(parsed), $"{PathOf(parsed.GetValue(port)!)}/reconnect", new { },
            $"The line of {parsed.GetValue(port)} is opened anew.", ct));
        return command;
    }

    private static async Task<int> OperateAsync(
        ParseResult parsed, ServerCall call, string path, object body, string done, CancellationToken ct)
    {
        var answer = await call.AskAsync<PortOperatedModel>(HttpMethod.Post, path, body, Patience, ct);
        await parsed.InvocationConfiguration.Output.WriteLineAsync(
            answer.Pause is { } pause ? $"The line of {answer.Port} is closed until {pause.Until}." : done);
        return 0;
    }

    private static string PathOf(string port) => $"/api/ports/{Uri.EscapeDataString(port)}";

    private static Argument<string> Port() => new("PORT") { Description = "The port's id." };

    private static string Why(PortModel port) =>
        port.Pause is { } pause ? $"paused until {pause.Until}, as {pause.By} asked" : port.Verdict == "ok" ? "" : port.LastError ?? "";
}
