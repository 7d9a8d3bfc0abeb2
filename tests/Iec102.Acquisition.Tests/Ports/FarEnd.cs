using Akka.Actor;
using Iec102.Protocol.Application;
using Iec102.Protocol.Link;
using Iec102.Simulator.Lines;
using Iec102.Testing;

namespace Iec102.Acquisition.Tests.Ports;

/// <summary>A frame of the master as it arrived at the far end.</summary>
internal sealed record SeenFrame(TimeSpan At, byte[] Octets)
{
    public ushort Link => Octets[0] == 0x10 ? (ushort)(Octets[2] | (Octets[3] << 8)) : (ushort)(Octets[5] | (Octets[6] << 8));

    public ControlField Control => new(Octets[0] == 0x10 ? Octets[1] : Octets[4]);

    public TypeIdentification? Type => Octets[0] == 0x68 ? (TypeIdentification)Octets[7] : null;

    public ushort? Point => Octets[0] == 0x68 ? (ushort)(Octets[10] | (Octets[11] << 8)) : null;
}

/// <summary>
/// The meters behind a line, and what happens to frames on the way. Everything happens at moments of virtual time, on the test's thread.
/// </summary>
internal sealed class FarEnd(VirtualScheduler scheduler)
{
    private readonly List<ScriptedMeter> _meters = [];
    private FrameReader _reader = new();
    private MemoryLine? _line;
    private LineSession? _session;

    public TimeSpan Now => scheduler.MonotonicClock;

    /// <summary>The time from the end of a request to the beginning of its answer.</summary>
    public TimeSpan Latency { get; set; } = TimeSpan.FromMilliseconds(10);

    /// <summary>How long one octet takes on the wire, in either direction.</summary>
    public TimeSpan OctetTime { get; set; }

    /// <summary>Whether the master's own frames come back to it, as on an optical head.</summary>
    public bool Echoes { get; set; }

    /// <summary>How many times an answer is delivered; 0 loses it.</summary>
    public Func<byte[], int> CopiesOfAnswer { get; set; } = _ => 1;

    /// <summary>What becomes of the octets of an answer on the way.</summary>
    public Func<byte[], byte[]> OnTheWay { get; set; } = answer => answer;

    /// <summary>Whether a frame from the master arrives.</summary>
    public Func<SeenFrame, bool> Arrives { get; set; } = _ => true;

    /// <summary>An extra delay for an answer.</summary>
    public Func<byte[], TimeSpan> DelayOfAnswer { get; set; } = _ => TimeSpan.Zero;

    /// <summary>Simulated meters on the same line as the scripted ones; opening the line again gives them a new connection.</summary>
    public SimulatedLine? Simulated { get; set; }

    /// <summary>The pause between the octets of a simulated meter's answer; null to deliver the answer in one piece.</summary>
    public TimeSpan? OctetGap { get; set; }

    /// <summary>Every frame that the master has sent.</summary>
    public List<SeenFrame> Seen { get; } = [];

    /// <summary>How many octets from the master were not part of a valid frame: two writes that were mixed up would show here.</summary>
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
            Send(line, OnTheWay(answer), delay);
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
