using Iec102.Protocol.Link;
using Iec102.Simulator.Data;
using Iec102.Simulator.Meters;
using Iec102.Testing;
using NodaTime;
using NodaTime.Text;

namespace Iec102.Conformance.Tests;

/// <summary>The slave's link layer with a simulated meter behind it (link 1, point 1, key 1) against a scripted master.</summary>
internal sealed class SlaveBench(Transcript transcript)
{
    private readonly SetTime _time = new();
    private readonly FrameReader _reader = new();
    private LinkSlave? _slave;
    private byte[]? _answer;

    /// <summary>The meter's options; to be set before the first frame.</summary>
    public MeterOptions Options { get; set; } = new("worked", 12345678) { Manufacturer = 0x42, HistoryDays = 100 };

    /// <summary>What the meter measured; to be set before the first frame.</summary>
    public IMeterData Data { get; set; } = new WorkedData();

    /// <summary>An application that answers instead of the meter; to be set before the first frame.</summary>
    public ISlaveApplication? Application { get; set; }

    private LinkSlave Slave => _slave ??= new LinkSlave(1, Application ?? new SimulatedMeter(Options, _ => Data, _time));

    /// <summary>Sets the meter's clock.</summary>
    public SlaveBench At(string iso)
    {
        _time.Now = OffsetDateTimePattern.Rfc3339.Parse(iso).Value.ToInstant();
        return this;
    }

    /// <summary>Resets the link and logs in as in LS-01, without recording it.</summary>
    public SlaveBench LoggedIn()
    {
        transcript.IsMuted = true;
        Follow(LinkMasterCases.StartUp);
        transcript.IsMuted = false;
        return this;
    }

    /// <summary>
    /// Follows a script: the master's lines are played, the meter's are checked; lines about the master's state are skipped.
    /// </summary>
    public void Follow(string script)
    {
        foreach (var step in Step.Of(script))
            Play(step);
        _answer.ShouldBeNull("the meter answers more than the script has");
    }

    private void Play(Step step)
    {
        switch (step.Mark)
        {
            case "->":
                _answer.ShouldBeNull($"the meter has answered before {step}");
                transcript.Add(step.ToString());
                _answer = AnswerTo(step.Octets);
                break;
            case "<-":
                var observed = _answer is { Length: > 0 } ? Octets.Hex(_answer) : "silence";
                _answer = null;
                transcript.Add($"<- {observed}");
                step.Check(observed);
                break;
            case "..":
                transcript.Add(step.ToString());
                _time.Now += Duration.FromTimeSpan(step.Time);
                break;
        }
    }

    private byte[] AnswerTo(ReadOnlySpan<byte> octets)
    {
        List<byte> answer = [];
        while (_reader.TryRead(ref octets, out var frame))
            answer.AddRange(Slave.OnFrame(frame).Span);
        return [.. answer];
    }

    private sealed class SetTime : TimeProvider
    {
        public Instant Now { get; set; } = Instant.FromUtc(2024, 7, 15, 0, 30);

        public override DateTimeOffset GetUtcNow() => Now.ToDateTimeOffset();
    }
}
