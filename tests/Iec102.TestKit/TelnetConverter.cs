using Iec102.Lines;
using Iec102.Lines.Tcp;

namespace Iec102.Testing;

/// <summary>
/// The far end of a line to a serial converter that speaks Telnet and RFC 2217, written from the RFCs and not from the product: agrees to
/// what it supports, answers settings with those that it keeps, and passes on data with 0xFF doubled.
/// </summary>
/// <param name="connection">The accepted connection.</param>
public sealed class TelnetConverter(TcpLine connection) : ILine
{
    private const byte Se = 240, Sb = 250, Will = 251, Wont = 252, Do = 253, Dont = 254, Iac = 255;

    private readonly byte[] _received = new byte[4096];
    private readonly Queue<byte> _unread = new();
    private readonly List<byte> _data = [];

    /// <summary>The options that it agrees to: binary transmission, no go-ahead, COM-PORT-OPTION unless told otherwise.</summary>
    public HashSet<byte> Options { get; init; } = [0, 3, 44];

    /// <summary>Whether it answers negotiations.</summary>
    public bool Answers { get; init; } = true;

    /// <summary>The value that it answers to a setting, given its command and the value asked for.</summary>
    public Func<byte, byte[], byte[]> Keeps { get; init; } = (_, asked) => asked;

    /// <summary>What it was asked to set, in order: the command and its value.</summary>
    public List<byte[]> Settings { get; } = [];

    public TimeSpan CharacterTime => TimeSpan.Zero;

    /// <summary>Accepts a connection and answers the negotiation until the near end has opened its line or failed to.</summary>
    public static async Task<TelnetConverter> ServeAsync(
        TcpLineListener listener, Task opening, Func<TcpLine, TelnetConverter>? make = null)
    {
        var connection = await listener.AcceptAsync(default);
        var converter = make?.Invoke(connection) ?? new TelnetConverter(connection);
        using var opened = new CancellationTokenSource();
        _ = opening.ContinueWith(_ => opened.Cancel(), default, TaskContinuationOptions.None, TaskScheduler.Default);
        try
        {
            while (await converter.FillAsync(opened.Token))
            {
            }
        }
        catch (Exception error) when (error is OperationCanceledException or LineException)
        {
            // The near end has opened its line, or given up.
        }

        return converter;
    }

    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken ct)
    {
        while (_data.Count == 0)
        {
            if (!await FillAsync(ct))
                return 0;
        }

        var count = Math.Min(buffer.Length, _data.Count);
        _data[..count].CopyTo(buffer.Span);
        _data.RemoveRange(0, count);
        return count;
    }

    public ValueTask WriteAsync(ReadOnlyMemory<byte> octets, CancellationToken ct)
    {
        var doubled = new List<byte>(octets.Length);
        foreach (var octet in octets.Span)
        {
            doubled.Add(octet);
            if (octet == Iac)
                doubled.Add(octet);
        }

        return connection.WriteAsync(doubled.ToArray(), ct);
    }

    /// <summary>Sends octets as they are.</summary>
    public ValueTask WriteRawAsync(ReadOnlyMemory<byte> octets) => connection.WriteAsync(octets, default);

    public ValueTask DisposeAsync() => connection.DisposeAsync();

    /// <summary>Receives octets and deals with all that are whole; false when the near end has closed.</summary>
    private async Task<bool> FillAsync(CancellationToken ct)
    {
        var count = await connection.ReadAsync(_received, ct);
        foreach (var octet in _received.AsSpan(0, count))
            _unread.Enqueue(octet);
        while (TakeItem(out var answer))
        {
            if (Answers && answer.Length > 0)
                await connection.WriteAsync(answer, default);
        }

        return count > 0;
    }

    /// <summary>Takes a data octet or a command from the received octets, once it is whole.</summary>
    private bool TakeItem(out byte[] answer)
    {
        answer = [];
        var octets = _unread.Take(64).ToArray();
        switch (octets)
        {
            case [not Iac, ..]:
                while (_unread.TryPeek(out var octet) && octet != Iac)
                    _data.Add(_unread.Dequeue());
                return true;
            case [Iac, Iac, ..]:
                _data.Add(Iac);
                return Take(2);
            case [Iac, >= Will, var option, ..]:
                answer = AnswerTo(octets[1], option);
                return Take(3);
            case [Iac, Sb, ..] when Array.FindIndex(octets, 2, octet => octet == Se) is > 0 and var end && octets[end - 1] == Iac:
                var message = new List<byte>();
                for (var at = 2; at < end - 1; at++)
                {
                    message.Add(octets[at]);
                    if (octets[at] == Iac)
                        at++;
                }

                Settings.Add([.. message[1..]]);
                answer = [Iac, Sb, 44, (byte)(message[1] + 100), .. Keeps(message[1], [.. message[2..]]), Iac, Se];
                return Take((int)end + 1);
            default:
                return false;
        }
    }

    private byte[] AnswerTo(byte verb, byte option) => (verb, Options.Contains(option)) switch
    {
        (Will, true) => [Iac, Do, option],
        (Will, false) => [Iac, Dont, option],
        (Do, true) => [Iac, Will, option],
        (Do, false) => [Iac, Wont, option],
        _ => [],
    };

    private bool Take(int count)
    {
        for (var i = 0; i < count; i++)
            _unread.Dequeue();
        return true;
    }
}
