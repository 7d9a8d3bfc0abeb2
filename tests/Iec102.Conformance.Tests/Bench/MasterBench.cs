using System.Globalization;
using Iec102.Protocol.Application;
using Iec102.Protocol.Link;
using Iec102.Testing;

namespace Iec102.Conformance.Tests;

/// <summary>A link master for link 1 (reply timeout 5 s, 3 repeats) against a scripted meter.</summary>
internal sealed class MasterBench(Transcript transcript)
{
    private static readonly TimeSpan RoundTrip = TimeSpan.FromMilliseconds(100);

    private readonly LinkMaster _master = new(1, new LinkTiming());
    private readonly FrameReader _reader = new();
    private readonly Queue<string> _meanings = new();
    private TimeSpan _now = TimeSpan.FromMinutes(1);
    private bool _toSend;

    /// <summary>How the octets of an answer are explained; by default, every field of the type.</summary>
    public Func<byte[], IEnumerable<string>> Meaning { get; init; } = Decoded.Of;

    /// <summary>Resets the link and logs in as in LM-01, without recording it.</summary>
    public MasterBench LoggedIn()
    {
        transcript.IsMuted = true;
        Ask(Request.Login(1, 1), restartLink: true);
        Follow(LinkMasterCases.StartUp);
        transcript.IsMuted = false;
        return this;
    }

    /// <summary>Tells the master to begin an exchange.</summary>
    public void Ask(Request request, bool restartLink = false) =>
        Do(_master.Begin(request, restartLink, _now, _now + TimeSpan.FromMinutes(10)), []);

    /// <summary>Begins an exchange and follows a script.</summary>
    public void Exchange(Request request, string script)
    {
        Ask(request);
        Follow(script);
    }

    /// <summary>Follows a script: the meter's lines are played, all other lines are checked.</summary>
    public void Follow(string script)
    {
        foreach (var step in Step.Of(script))
            Play(step);
        _toSend.ShouldBeFalse("the master sends more than the script has");
        _meanings.ShouldBeEmpty("data that the script does not explain");
    }

    private void Play(Step step)
    {
        switch (step.Mark)
        {
            case "->":
                _toSend.ShouldBeTrue($"the master does not send {step.Text}");
                _toSend = false;
                Say("->", Octets.Hex(_master.Outgoing.Span), step);
                break;
            case "<-":
                _toSend.ShouldBeFalse($"the master has sent before {step}");
                _now += RoundTrip;
                transcript.Add(step.ToString());
                Take(step.Octets);
                break;
            case "..":
                var seconds = (_master.Deadline - _now).TotalSeconds.ToString(CultureInfo.InvariantCulture);
                var reason = step.Text[(step.Text.IndexOf(" s", StringComparison.Ordinal) + 2)..];
                Say("..", $"{seconds} s{reason}", step);
                _now = _master.Deadline;
                Do(_master.OnDeadline(_now), []);
                break;
            case "=":
                Say("=", _meanings.Count == 0 ? "nothing" : _meanings.Dequeue(), step);
                break;
            case "!":
                Say("!", Outcome(), step);
                break;
            default:
                throw new FormatException($"A script has no line such as {step}.");
        }
    }

    private void Say(string mark, string observed, Step step)
    {
        transcript.Add($"{mark} {observed}");
        step.Check(observed);
    }

    private void Take(ReadOnlySpan<byte> octets)
    {
        while (_reader.TryRead(ref octets, out var frame))
            Do(_master.OnFrame(frame, _now), frame.Asdu.ToArray());
        if (_reader.InsideFrame)
            _master.OnActivity(_now);
    }

    private void Do(LinkEvents events, byte[] asdu)
    {
        if (events.HasFlag(LinkEvents.Data))
        {
            foreach (var meaning in Meaning(asdu))
                _meanings.Enqueue(meaning);
        }

        if (!events.HasFlag(LinkEvents.Transmit))
            return;
        _toSend = true;
        _reader.Restart();
    }

    private string Outcome()
    {
        if (_master.IsBusy)
            return "still running";
        var result = _master.Result;
        var cause = result.Cause == default ? "" : $", cause {(byte)result.Cause}{(result.IsNegative ? " negative" : "")}";
        return $"{result.Outcome}{cause}, link {(_master.IsUp ? "up" : "down")}";
    }
}
