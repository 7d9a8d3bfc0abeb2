using Iec102.Lines;
using Iec102.Protocol.Application;
using Iec102.Protocol.Link;

namespace Iec102.Acquisition.Tests.Gateway;

/// <summary>
/// The line of a gateway's client, in memory: the test decides which octets the client sends, and what the gateway sends is kept.
/// </summary>
internal sealed class ClientEnd : ILine
{
    private readonly Lock _gate = new();
    private readonly Queue<byte[]> _arrived = new();
    private readonly List<byte[]> _heard = [];
    private TaskCompletionSource<int>? _reading;
    private TaskCompletionSource? _writing;
    private Memory<byte> _buffer;
    private bool _expectedFrameCountBit = true;

    public TimeSpan CharacterTime => TimeSpan.Zero;

    public bool IsClosed { get; private set; }

    /// <summary>True while the client takes nothing from its line, so that writes to it wait.</summary>
    public bool IsStuck { get; set; }

    public int HeardCount
    {
        get
        {
            lock (_gate)
                return _heard.Count;
        }
    }

    /// <summary>The frames that the client has received since the last call, in hexadecimal.</summary>
    public IReadOnlyList<string> TakeHeard()
    {
        lock (_gate)
        {
            var heard = _heard.Select(Hex).ToList();
            _heard.Clear();
            return heard;
        }
    }

    /// <summary>Sends a fixed frame that carries no frame count bit: FC9 or FC0.</summary>
    public void SendFixed(PrimaryFunction function, ushort link = 1)
    {
        if (function == PrimaryFunction.ResetRemoteLink)
            _expectedFrameCountBit = true;
        Send(Fixed(new ControlField((byte)(0x40 | (byte)function)), link));
    }

    /// <summary>Sends a new poll.</summary>
    public byte[] Poll(ushort link = 1) => SendAndKeep(Fixed(Counted(PrimaryFunction.RequestClass2), link));

    /// <summary>Sends a new request.</summary>
    public byte[] Ask(ReadOnlySpan<byte> asdu, ushort link = 1)
    {
        var frame = new byte[Frame.MaxLength];
        var length = FrameWriter.WriteVariable(frame, Counted(PrimaryFunction.UserData), link, asdu);
        return SendAndKeep(frame[..length]);
    }

    public byte[] Ask(Request request, ushort link = 1) => Ask(request.Asdu, link);

    /// <summary>Sends octets as they are.</summary>
    public void Send(byte[] octets)
    {
        TaskCompletionSource<int> reading;
        lock (_gate)
        {
            if (_reading is null)
            {
                _arrived.Enqueue(octets);
                return;
            }

            octets.CopyTo(_buffer);
            reading = _reading;
            _reading = null;
        }

        reading.SetResult(octets.Length);
    }

    /// <summary>Ends the connection from the client's side.</summary>
    public void Vanish()
    {
        TaskCompletionSource<int>? reading;
        lock (_gate)
        {
            IsClosed = true;
            reading = _reading;
            _reading = null;
        }

        reading?.SetResult(0);
    }

    public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken ct)
    {
        lock (_gate)
        {
            if (IsClosed)
                return new ValueTask<int>(0);
            if (_arrived.TryDequeue(out var octets))
            {
                octets.CopyTo(buffer);
                return new ValueTask<int>(octets.Length);
            }

            _buffer = buffer;
            _reading = new TaskCompletionSource<int>();
            return new ValueTask<int>(_reading.Task);
        }
    }

    public ValueTask WriteAsync(ReadOnlyMemory<byte> octets, CancellationToken ct)
    {
        lock (_gate)
        {
            if (IsStuck)
            {
                _writing = new TaskCompletionSource();
                return new ValueTask(_writing.Task);
            }

            _heard.Add(octets.ToArray());
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        Vanish();
        return ValueTask.CompletedTask;
    }

    public static string Hex(byte[] octets) => string.Join(' ', octets.Select(octet => octet.ToString("x2", null)));

    /// <summary>The frame in which a station sends this ASDU.</summary>
    public static string DataFrame(ReadOnlySpan<byte> asdu, ushort link = 1)
    {
        var frame = new byte[Frame.MaxLength];
        return Hex(frame[..FrameWriter.WriteVariable(frame, ControlField.OfMeter(SecondaryFunction.UserData), link, asdu)]);
    }

    /// <summary>A fixed frame as a station sends it.</summary>
    public static string Says(SecondaryFunction function, ushort link = 1) => Hex(Fixed(ControlField.OfMeter(function), link));

    private ControlField Counted(PrimaryFunction function)
    {
        var control = new ControlField((byte)(0x50 | (_expectedFrameCountBit ? 0x20 : 0) | (byte)function));
        _expectedFrameCountBit = !_expectedFrameCountBit;
        return control;
    }

    private static byte[] Fixed(ControlField control, ushort link)
    {
        var frame = new byte[Frame.FixedLength];
        FrameWriter.WriteFixed(frame, control, link);
        return frame;
    }

    private byte[] SendAndKeep(byte[] frame)
    {
        Send(frame);
        return frame;
    }
}
