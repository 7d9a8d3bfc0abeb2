using System.CommandLine;
using Iec102.Protocol.Description;
using Iec102.Server.Commands.Common;

namespace Iec102.Server.Commands;

/// <summary>decode: explains frames field by field.</summary>
internal static class DecodeCommand
{
    private const string Description =
        "Explains frames field by field: offset, octets, field, meaning. Octets between frames are shown as junk; a damaged frame is shown "
        + "with the check that failed. Keys and modem strings are shown as ** unless --show-secrets is given.";

    private static readonly char[] Separators = [' ', '\t', '\r', '\n', ',', ';', ':', '-'];

    public static Command Create(TextReader input)
    {
        var hex = new Argument<string[]>("HEX")
        {
            Description = "Octets in hexadecimal, any number of frames, with or without spaces, newlines, commas and 0x; or - to read them "
                + "from standard input, where they may also stand in a log: a trace, a dump with offsets, escapes such as \\x10, bytes as "
                + "Python writes them, hexadecimal among words, arrows and time stamps.",
            Arity = ArgumentArity.OneOrMore,
        };
        var showSecrets = new Option<bool>("--show-secrets") { Description = "Show keys and modem strings instead of **." };
        var command = new CommandWithExamples(
            "decode", Description,
            "decode 10 49 01 00 4a 16",
            "decode 0x10,0x49,0x01,0x00,0x4a,0x16 104001004116",
            "decode - < trace.log")
        { hex, showSecrets };
        command.SetAction(async (parsed, ct) =>
        {
            var words = parsed.GetValue(hex)!;
            var octets = words is ["-"] ? ReadLog(await input.ReadToEndAsync(ct)) : Read(string.Join(' ', words));
            return Explain(octets, parsed.GetValue(showSecrets), parsed.InvocationConfiguration.Output) ? 0 : CommandFailure.Failed;
        });
        return command;
    }

    /// <summary>Nothing but hexadecimal is read as such; everything else as a log.</summary>
    private static byte[] ReadLog(string text) =>
        !LogOctets.IsDump(text) && text.Split(Separators, StringSplitOptions.RemoveEmptyEntries).All(word => DigitsOf(word) is not null)
            ? Read(text)
        : LogOctets.Read(text) is { Length: > 0 } octets ? octets
        : throw new CommandFailure(CommandFailure.WrongUsage, "No octets were found in the text.");

    private static byte[] Read(string text)
    {
        var octets = new List<byte>();
        foreach (var word in text.Split(Separators, StringSplitOptions.RemoveEmptyEntries))
        {
            if (DigitsOf(word) is not { } digits)
            {
                throw new CommandFailure(
                    CommandFailure.WrongUsage,
                    $"'{Shortened(word)}' at octet {octets.Count + 1} is not hexadecimal: write two digits for each octet.");
            }

            octets.AddRange(Convert.FromHexString(digits));
        }

        return octets.Count > 0
            ? [.. octets]
            : throw new CommandFailure(
                CommandFailure.WrongUsage, "No octets were given: pass them as HEX, or on standard input with -.");
    }

    /// <summary>The digits of whole octets; null when the word is something else.</summary>
    private static string? DigitsOf(string word)
    {
        var digits = word.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? word[2..] : word;
        return digits.Length > 0 && digits.Length % 2 == 0 && digits.All(char.IsAsciiHexDigit) ? digits : null;
    }

    private static string Shortened(string word) => word.Length > 12 ? $"{word[..12]}..." : word;

    /// <summary>Returns whether there was a good frame.</summary>
    private static bool Explain(ReadOnlySpan<byte> octets, bool showSecrets, TextWriter output)
    {
        var frames = 0;
        for (var at = 0; at < octets.Length;)
        {
            var piece = octets.Slice(at, FrameDescription.PieceLength(octets[at..]));
            if (at > 0)
                output.WriteLine();
            output.WriteLine(FrameDescription.IsFrame(piece)
                ? $"Frame {++frames}, {piece.Length} octets: {FrameDescription.Summarize(piece)}"
                : $"Not a frame: {FrameDescription.Summarize(piece)}");
            var offset = at;
            TextTable.Write(output, ["offset", "octets", "field", "meaning"], FrameDescription.Explain(piece, showSecrets)
                .Select(field => new[] { $"{offset + field.Offset}", field.Octets, field.Field, field.Meaning }));
            at += piece.Length;
        }

        return frames > 0;
    }
}
