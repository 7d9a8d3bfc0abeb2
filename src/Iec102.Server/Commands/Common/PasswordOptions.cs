using System.CommandLine;
using System.Globalization;
using System.Text;
using Iec102.Hocon;

namespace Iec102.Server.Commands.Common;

/// <summary>
/// Where a command that talks to a meter gets access keys from: from a file, from the environment, from somebody who types them, or from
/// the command line, where everybody on the computer can see them. Keys never appear in a message.
/// </summary>
/// <param name="name">The option, such as --password; the one for a file has -file after it.</param>
/// <param name="description">What the key is for.</param>
/// <param name="variable">The environment variable; null for none.</param>
/// <param name="most">How many keys may be given, separated by commas.</param>
internal sealed class PasswordOptions(string name, string description, string? variable = null, int most = 1)
{
    /// <summary>The environment variable with the key of the meter.</summary>
    public const string Variable = "IEC102_PASSWORD";

    private const int MostOctets = 1000;

    private readonly Option<uint[]?> _keys = CommonOptions.Optional(
        name, most == 1 ? "N" : "N,N,...",
        $"{description} Other users of this computer can see it on the command line, but not in {name}-file"
        + (variable is null ? "." : $" or in the environment variable {variable}."),
        text => KeysOf(text, most));

    private readonly Option<string?> _file = new($"{name}-file")
    {
        Description = $"A file that holds nothing but the value of {name}.",
        HelpName = "FILE",
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_keys);
        command.Add(_file);
    }

    /// <summary>The keys that were given, in whatever way; empty when none were.</summary>
    /// <exception cref="CommandFailure">They are given twice, or where they should be there are none.</exception>
    public uint[] Read(ParseResult parsed)
    {
        var file = parsed.GetValue(_file);
        if (parsed.GetValue(_keys) is { Length: > 0 } keys)
            return file is null ? keys : throw Wrong($"Give either {name} or {name}-file.");
        if (file is not null)
            return Checked(TextOf(file), $"{name}-file: {file}");
        return variable is not null && Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value
            ? Checked(value, variable)
            : [];
    }

    /// <summary>The key that was given, or that somebody at the terminal types now.</summary>
    /// <exception cref="CommandFailure">There is none, and nobody to ask.</exception>
    public uint ReadOrAsk(ParseResult parsed, TextReader input, bool isTerminal)
    {
        if (Read(parsed) is [var key])
            return key;
        if (!isTerminal)
            throw Wrong($"The meter's access key is missing: give {name}-file FILE, the environment variable {variable}, or {name} N.");
        parsed.InvocationConfiguration.Error.Write("Access key of the meter: ");
        try
        {
            return Checked((ReferenceEquals(input, Console.In) ? ReadHidden() : input.ReadLine()) ?? "", "what was typed")[0];
        }
        finally
        {
            parsed.InvocationConfiguration.Error.WriteLine();
        }
    }

    private uint[] Checked(string text, string where) =>
        KeysOf(text.Trim(), most) is (var keys, null) ? keys! : throw Wrong($"{where}: {KeysOf(text.Trim(), most).Error}.");

    private string TextOf(string file)
    {
        try
        {
            // Editors of Windows put a byte order mark before the text.
            return Encoding.UTF8.GetString(RegularFile.Read(file, MostOctets)).TrimStart('\uFEFF');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Wrong($"{name}-file: {file} cannot be read: {e.Message}");
        }
    }

    private static (uint[]? Keys, string? Error) KeysOf(string text, int most)
    {
        var words = text.Split(',');
        var keys = words
            .Select(word => uint.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var key) ? key : (uint?)null)
            .OfType<uint>().ToArray();
        if (keys.Length == words.Length && keys.Length <= most)
            return (keys, null);
        return (null, most == 1
            ? $"a key is a whole number from 0 to {uint.MaxValue}"
            : $"give 1 to {most} whole numbers from 0 to {uint.MaxValue}, separated by commas");
    }

    /// <summary>Reads a line from the terminal without showing it.</summary>
    private static string ReadHidden()
    {
        var typed = new StringBuilder();
        // As a signal it would cancel the command, which waits here for a key and does not see it.
        Console.TreatControlCAsInput = true;
        try
        {
            while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
            {
                if (key is { Key: ConsoleKey.C, Modifiers: ConsoleModifiers.Control })
                    throw new OperationCanceledException();
                if (key.Key == ConsoleKey.Backspace)
                    typed.Length = Math.Max(0, typed.Length - 1);
                else
                    typed.Append(key.KeyChar);
            }

            return typed.ToString();
        }
        finally
        {
            Console.TreatControlCAsInput = false;
        }
    }

    private static CommandFailure Wrong(string sentence) => new(CommandFailure.WrongUsage, sentence);
}
