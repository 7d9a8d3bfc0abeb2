using BenchmarkDotNet.Attributes;
using Iec102.Protocol.Application;
using Iec102.Protocol.Link;
using Iec102.Protocol.Time;
using NodaTime;

namespace Iec102.Benchmarks.Codec;

/// <summary>A frame of 68 octets with the 8 totals of an hour (type 11); the benchmark reads it and writes it again.</summary>
public class TotalsFrame
{
    private const ushort Link = 34572;
    private static readonly AsduHeader Header = new(TypeIdentification.IncrementalTotals, 8, CauseOfTransmission.Request, 1, 11);

    private readonly FrameReader _reader = new();
    private readonly byte[] _frame = new byte[Frame.MaxLength];
    private readonly byte[] _asdu = new byte[Asdu.MaxLength];
    private readonly byte[] _octets;
    private TotalsRow _row;

    public TotalsFrame()
    {
        _row.Time = new TimeTagA(new LocalDateTime(2024, 7, 15, 1, 0), summerTime: true);
        for (var address = 1; address <= 8; address++)
            _row.Set(address, (uint)(1000 * address), address > 6 ? Quality.Invalid : Quality.None);
        _octets = _frame[..Encode()];
        if (_octets.Length != 68)
            throw new InvalidOperationException($"The frame has {_octets.Length} octets.");
        if (Decode() != _row)
            throw new InvalidOperationException("What was read is not what was written.");
    }

    [Benchmark]
    public TotalsRow Decode()
    {
        ReadOnlySpan<byte> octets = _octets;
        return _reader.TryRead(ref octets, out var frame)
            && Asdu.TryRead(frame.Asdu, out var asdu)
            && TotalsCodec.TryReadRow(asdu, 0, out var row)
                ? row
                : default;
    }

    [Benchmark]
    public int Encode()
    {
        var length = TotalsCodec.WriteTotals(_asdu, Header, _row);
        return FrameWriter.WriteVariable(_frame, ControlField.OfMeter(SecondaryFunction.UserData), Link, _asdu.AsSpan(0, length));
    }
}
