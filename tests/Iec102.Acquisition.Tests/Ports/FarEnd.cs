using Akka.Actor;
using Iec102.Protocol.Application;
using Iec102.Protocol.Link;
using Iec102.Simulator.Lines;
using Iec102.Testing;

namespace Iec102.Acquisition.Tests.Ports;

/// <summary>A frame of the master as the far end saw it.</summary>
internal sealed record SeenFrame(TimeSpan At, byte[] Octets)
{
    public ushort Link => Octets[0] == 0x10 ? (ushort)(Octets[2] | (Octets[3] << 8)) : (ushort)(Octets[5] | (Octets[6] << 8));

    public ControlField Control => new(Octets[0] == 0x10 ? Octets[1] : Octets[4]);

    public TypeIdentification? Type => Octets[0] == 0x68 ? (TypeIdentification)Octets[7] : null;

    public ushort? Point => Octets[0] == 0x68 ? (ushort)(Octets[10] | (Octets[11] << 8)) : null;
}

/// <summary>
/// The meters behind a line, and what happens to frames on the way. Everything it does happens at virtual moments, on the test's thread.
/// </summary>
internal sealed class FarEnd(VirtualScheduler scheduler)
{
    private readonly List<ScriptedMeter> _meters = [];
    private FrameReader _reader = new();
    private MemoryLine? _line;
    private LineSession? _session;

    public TimeSpan Now => scheduler.MonotonicClock;

    /// <summary>From the end of a request to the beginning of its answer.</summary>
    public TimeSpan Latency { get; set; } = TimeSpan.FromMilliseconds(10);

    /// <summary>What an octet costs on the wire, each way.</summary>
    public TimeSpan OctetTime { get; set; }

    /// <summary>Own frames come back, as on an optical head.</summary>
    public bool Echoes { get; set; }

    /// <summary>How often an answer is delivered: 0 loses it.</summary>
    public Func<byte[], int> CopiesOfAnswer { get; set; } = _ => 1;

    /// <summary>Whether a frame of the master arrives.</summary>
    public Func<SeenFrame, bool> Arrives { get; set; } = _ => true;

    /// <summary>Further delay of an answer.</summary>
    public Func<byte[], TimeSpan> DelayOfAnswer { get; set; } = _ => TimeSpan.Zero;

    /// <summary>Simulated meters that stand here beside the scripted ones; a new line is a new connection to them.</summary>
    public SimulatedLine? Simulated { get; set; }

    /// <summary>What the simulated meters answer comes octet by octet, with so much time between.</summary>
    public TimeSpan? OctetGap { get; set; }

    /// <summary>Every frame that the master has sent.</summary>
    public List<SeenFrame> Seen { get; } = [];

    /// <summary>Octets written by the master that were no frame: two writes mixed up would show here.</summary>
    public long Garbage => _reader.JunkOctets + _reader.ChecksumErrors;

    public ScriptedMeter Add(ushort link)
    {
        var meter = new ScriptedMeter(link);
        _meters.Add(meter);
        return meter;
    }

    public void Receive(MemoryLine line, ReadOnlySpan<byte> octets)
    {
        if (_line != line)
            (_reader, _session) = (new FrameReader(), Simulated?.Connect());
        _line = line;
        foreach (var answer in _session?.AnswersTo(octets) ?? [])
            SendSimulated(line, answer);
        if (Echoes)
            Send(line, octets.ToArray(), octets.Length * OctetTime);
        while (_reader.TryRead(ref octets, out var frame))
        {
            var seen = new SeenFrame(Now, frame.Octets.ToArray());
            Seen.Add(seen);
            if (!Arrives(seen))
                continue;
            foreach (var meter in _meters)
                Answer(line, frame.Octets.Length, meter.OnFrame(frame));
        }
    }

    private void Answer(MemoryLine line, int requestLength, byte[] answer)
    {
        if (answer.Length == 0)
            return;
        var delay = Latency + (requestLength + answer.Length) * OctetTime + DelayOfAnswer(answer);
        for (var copy = CopiesOfAnswer(answer); copy > 0; copy--)
            Send(line, answer, delay);
    }

    private void SendSimulated(MemoryLine line, byte[] answer)
    {
        if (OctetGap is not { } gap)
        {
            Send(line, answer, Latency);
            return;
        }

        for (var at = 0; at < answer.Length; at++)
            Send(line, [answer[at]], Latency + at * gap);
    }

    private void Send(MemoryLine line, byte[] octets, TimeSpan delay) =>
        ((IActionScheduler)scheduler).ScheduleOnce(delay, () => line.Deliver(octets));
}
