using Iec102.Protocol.Application;
using Iec102.Protocol.Link;
using Iec102.Testing;

namespace Iec102.Protocol.Tests;

/// <summary>
/// A link master driven by a test: link 1, a reply timeout of 5 s, 3 retries. Answers are given as octets, and time moves only when the
/// test says so.
/// </summary>
internal sealed class MasterScript
{
    public static readonly TimeSpan RoundTrip = TimeSpan.FromMilliseconds(100);

    private readonly FrameReader _reader = new();
    private bool _busy;

    public MasterScript(LinkTiming? timing = null) => Master = new LinkMaster(1, timing ?? new LinkTiming());

    public LinkMaster Master { get; }

    public TimeSpan Now { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Every frame sent, in order.</summary>
    public List<string> Sent { get; } = [];

    /// <summary>Every ASDU handed over as data.</summary>
    public List<string> Data { get; } = [];

    public ExchangeResult Result => Master.Result;

    public void Begin(Request request, bool restartLink = false, TimeSpan? within = null, TimeSpan? seriesTime = null) =>
        DoBegin(Master.Begin(request, restartLink, Now, Now + (within ?? TimeSpan.FromMinutes(10)), seriesTime));

    public void Probe() => DoBegin(Master.BeginProbe(Now));

    /// <summary>Begins an exchange and checks the frame that is sent.</summary>
    public void BeginSending(Request request, string frame)
    {
        Begin(request);
        Sent[^1].ShouldBe(frame);
    }

    /// <summary>Restarts the link and logs in, as at the beginning of every session.</summary>
    public MasterScript LoggedIn()
    {
        Begin(Request.Login(1, 1), restartLink: true);
        Answer(Worked.LinkStatus, Worked.Ack, Worked.Ack, Worked.LoggedIn);
        Result.ShouldBe(new ExchangeResult(ExchangeOutcome.Completed, CauseOfTransmission.ActivationConfirmation));
        Sent.Clear();
        return this;
    }

    /// <summary>Gives answers, each of them one round trip after the master's frame.</summary>
    public void Answer(params IEnumerable<string> frames)
    {
        foreach (var frame in frames)
            Take(frame, RoundTrip);
    }

    /// <summary>Gives one answer and checks the frame that the master sends in reply; null when it sends none.</summary>
    public void AnswerLeadsTo(string? expected, string frame)
    {
        var before = Sent.Count;
        Answer(frame);
        if (expected is null)
            Sent.Count.ShouldBe(before);
        else
            Sent[before..].ShouldBe([expected]);
    }

    public void Take(string frame, TimeSpan delay)
    {
        Now += delay;
        _reader.Restart();
        ReadOnlySpan<byte> octets = Octets.Of(frame);
        _reader.TryRead(ref octets, out var read).ShouldBeTrue();
        Do(Master.OnFrame(read, Now), frame);
    }

    /// <summary>Stays silent until the master's deadline; returns how long that took.</summary>
    public TimeSpan WaitForDeadline()
    {
        var waited = Master.Deadline - Now;
        Now = Master.Deadline;
        Do(Master.OnDeadline(Now), default);
        return waited;
    }

    /// <summary>Stays silent until the deadline, and checks the frame that the master then sends.</summary>
    public void SilenceLeadsTo(string frame)
    {
        var before = Sent.Count;
        WaitForDeadline();
        Sent[before..].ShouldBe([frame]);
    }

    private void DoBegin(LinkEvents events)
    {
        _busy = true;
        Do(events, default);
    }

    private void Do(LinkEvents events, string? frame)
    {
        if (events.HasFlag(LinkEvents.Data))
            Data.Add(Octets.Hex(Octets.Frame(frame!).Asdu));
        if (events.HasFlag(LinkEvents.Transmit))
            Sent.Add(Octets.Hex(Master.Outgoing));
        events.HasFlag(LinkEvents.Ended).ShouldBe(_busy && !Master.IsBusy);
        _busy = Master.IsBusy;
    }
}

/// <summary>A meter application whose answers are scripted.</summary>
internal sealed class ScriptedApplication : ISlaveApplication
{
    private readonly Queue<byte[]> _answers = new();

    public RequestVerdict Verdict { get; set; } = RequestVerdict.Accept;

    public List<string> Requests { get; } = [];

    public int Resets { get; private set; }

    public void WillAnswer(params IEnumerable<string> frames)
    {
        foreach (var frame in frames)
            _answers.Enqueue(Octets.Frame(frame).Asdu.ToArray());
    }

    public void OnReset()
    {
        Resets++;
        _answers.Clear();
    }

    public RequestVerdict OnRequest(in Asdu request)
    {
        Requests.Add(Octets.Hex(request.Octets));
        return Verdict;
    }

    public int NextAnswer(Span<byte> destination)
    {
        if (!_answers.TryDequeue(out var answer))
            return 0;
        answer.CopyTo(destination);
        return answer.Length;
    }
}
