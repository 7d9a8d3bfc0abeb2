using System.CommandLine;
using System.Text;
using Iec102.Server.Commands.Common;

namespace Iec102.Server.Commands;

/// <summary>support: saves what a vendor needs to see of a port.</summary>
internal static class SupportCommand
{
    private const string Description =
        "Saves the state of a port and its meters, and the last frames on its line in words and octets, in a text file that can be sent to "
        + "a vendor: keys and modem strings are shown as **. A running server keeps the last frames of each port in memory.";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static Command Create()
    {
        var id = new Argument<string>("METER|PORT") { Description = "The id of a port, or of a meter on it." };
        var file = new Option<string?>("--out")
        {
            Description = "The file to write, or - for standard output. [default: iec102-support-ID.txt]",
            HelpName = "FILE",
        };
        var server = new ServerCallOptions("read");
        var command = new CommandWithExamples("support", Description, "support m-34572", "support north-com1 --out for-vendor.txt")
        {
            id, file, server.Url, server.Key,
        };
        command.SetAction(async (parsed, ct) =>
        {
            var (call, name, output) = (server.Of(parsed), parsed.GetValue(id)!, parsed.InvocationConfiguration.Output);
            var text = await call.GuardAsync(() => LoadAsync(call, name, ct), Patience, ct);
            var path = parsed.GetValue(file) ?? $"iec102-support-{name}.txt";
            if (path == "-")
            {
                await output.WriteAsync(text);
                return 0;
            }

            try
            {
                await File.WriteAllTextAsync(path, text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), ct);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new CommandFailure(CommandFailure.Failed, $"{path} cannot be written: {e.Message}");
            }

            await output.WriteLineAsync($"Wrote {path}; it shows no key, but read it before you send it.");
            return 0;
        });
        return command;
    }

    private static async Task<string> LoadAsync(ServerCall call, string id, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(Patience);
        using var response = await call.SendAsync(HttpMethod.Get, $"/api/support/{Uri.EscapeDataString(id)}", null, patience.Token);
        return await response.Content.ReadAsStringAsync(patience.Token);
    }
}
