using System.Text;
using Iec102.Lines;

namespace Iec102.Testing;

/// <summary>
/// A modem at the far end of a line in memory, written from V.250: takes commands ended by a carriage return, answers in words, passes data
/// on during a call, and leaves a call for commands after +++ with a second of silence before it.
/// </summary>
/// <param name="time">The clock.</param>
public sealed class ScriptedModem(TimeProvider time) : ILineFactory
{
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(1);

    private readonly StringBuilder _command = new();
    private string? _escaped;
    private long _lastOctet;

    public string Address => "modem-line";

    /// <summary>The commands that it got, in order, +++ included.</summary>
    public List<string> Commands { get; } = [];

    /// <summary>The answer to a command; null for none.</summary>
    public Func<string, string?> AnswerTo { get; set; } =
        command => command.StartsWith("ATD", StringComparison.Ordinal) ? "CONNECT 9600" : "OK";

    /// <summary>What the far end of a call does with octets, given the number.</summary>
    public Action<string, MemoryLine, ReadOnlyMemory<byte>> FarEnd { get; set; } = (_, _, _) => { };

    /// <summary>What the far end says as soon as it is connected.</summary>
    public byte[] Greeting { get; set; } = [];

    /// <summary>Whom it is connected with; null in command mode.</summary>
    public string? ConnectedWith { get; set; }

    /// <summary>The numbers that were called, in order, hang-ups as "-".</summary>
    public List<string> Calls { get; } = [];

    /// <summary>The lines that were opened to it.</summary>
    public List<MemoryLine> Lines { get; } = [];

    public ValueTask<ILine> OpenAsync(CancellationToken ct)
    {
        _lastOctet = time.GetTimestamp();
        Lines.Add(new MemoryLine((line, octets) => Take(line, octets)));
        return new ValueTask<ILine>(Lines[^1]);
    }

    /// <summary>Ends the call, as a fall of DTR does.</summary>
    public void HangUp()
    {
        if (ConnectedWith is not null)
            Calls.Add("-");
        ConnectedWith = null;
    }

    private void Take(MemoryLine line, ReadOnlyMemory<byte> octets)
    {
        var pause = time.GetElapsedTime(_lastOctet);
        _lastOctet = time.GetTimestamp();
        var text = Encoding.Latin1.GetString(octets.Span);
        if (ConnectedWith is not null && text == "+++" && pause >= Silence)
        {
            Commands.Add(text);
            _escaped = ConnectedWith;
            ConnectedWith = null;
            Say(line, "OK");
        }
        else if (ConnectedWith is { } number)
        {
            FarEnd(number, line, octets);
        }
        else
        {
            foreach (var letter in text)
                Take(line, letter);
        }
    }

    private void Take(MemoryLine line, char letter)
    {
        if (letter != '\r')
        {
            _command.Append(letter);
            return;
        }

        var command = _command.ToString();
        _command.Clear();
        Commands.Add(command);
        if (command == "ATH" && _escaped is not null)
        {
            Calls.Add("-");
            _escaped = null;
        }

        if (AnswerTo(command) is not { } answer)
            return;
        var connects = answer.StartsWith("CONNECT", StringComparison.Ordinal);
        if (connects)
            Calls.Add(ConnectedWith = command[3..]);
        // In one piece, because what comes behind CONNECT is already the far end's.
        Say(line, answer, connects ? Greeting : []);
    }

    private static void Say(MemoryLine line, string text, ReadOnlySpan<byte> then = default) =>
        line.Deliver((byte[])[.. Encoding.ASCII.GetBytes($"\r\n{text}\r\n"), .. then]);
}
