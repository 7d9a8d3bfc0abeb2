using Akka.Actor;
using Akka.Event;
using Iec102.Lines.Telnet;
using Iec102.Protocol.Description;
using NodaTime;

namespace Iec102.Acquisition.Ports;

/// <summary>
/// What a port sends: frames to its line, answers to those who asked, changes of links to its meters, and frames in words to watchers.
/// Surrounds <see cref="PortExchanges"/>, which knows requests only by number; only the port's actor calls it.
/// </summary>
internal sealed class PortOutput(
    PortSettings settings, PortLine line, PortMeters meters, PortReport report, ILoggingAdapter log, TimeProvider time) : IExchangeHost
{
    private readonly Dictionary<long, IActorRef> _askers = [];
    private readonly FrameRecorder _recorder = new();
    private long _lastNumber;
    private bool _saidTelnet;

    public FrameWatchers Watchers { get; } = new();

    public Instant Now => time.Now();

    /// <summary>The last frames, valid or not.</summary>
    public RecentFrames Recent() => new(_recorder.Read());

    /// <summary>Notes who has asked, and gives the request a number.</summary>
    public QueuedRequest Enter(ExchangeRequest request, IActorRef asker)
    {
        _askers.Add(++_lastNumber, asker);
        return new QueuedRequest(_lastNumber, request, time.Elapsed() + request.Timeout);
    }

    public void Transmit(ReadOnlyMemory<byte> frame) => line.Send(frame);

    public void Stream(QueuedRequest queued, ReadOnlySpan<byte> asdu) =>
        _askers[queued.Number].Tell(new AsduArrived(queued.Request.Id, asdu.ToArray()));

    public void Trace(bool sent, ReadOnlySpan<byte> octets)
    {
        _recorder.Add(Now, sent, octets);
        if (settings.LogsFrames)
            log.Debug(LogEvents.FrameTraced, settings.Id, sent ? "->" : "<-", FrameDescription.TraceLine(octets));
        if (!Watchers.IsEmpty)
            Watchers.Tell(Now, client: null, sent, octets);
    }

    /// <summary>Notes what the far end has said of itself.</summary>
    public void Hear(Reception reception)
    {
        if (_saidTelnet || !reception.SpeaksTelnet)
            return;
        _saidTelnet = true;
        log.Warning(LogEvents.PortSpeaksTelnet, settings.Id, TelnetHint.Advice);
    }

    /// <summary>The line was closed in order; nothing is said when it was the far end that ended a call.</summary>
    public void LineClosed(LineHold hold, TimeSpan now)
    {
        if (hold.IsWanted)
            log.Info(LogEvents.PortYielded, settings.Id, line.Address);
        else if (hold.IdleEnds <= now)
            log.Info(LogEvents.PortClosed, settings.Id, line.Address, settings.Hold?.TotalSeconds);
    }

    public void Reply(long number, ExchangeEnded ended)
    {
        report.Count();
        if (_askers.Remove(number, out var asker))
            asker.Tell(ended);
    }

    public void Drop(long number) => _askers.Remove(number);

    public bool IsShared(ushort linkAddress) => meters.HasOtherLinkThan(linkAddress);

    public void LinkChanged(LinkStateChanged changed, TimeSpan? nextProbe)
    {
        var names = meters.NamesOf(changed.LinkAddress);
        if (changed.Answers)
            log.Info(LogEvents.LinkAnswers, settings.Id, changed.LinkAddress, names);
        else
            log.Warning(LogEvents.LinkSilent, settings.Id, changed.LinkAddress, names, changed.Error);
        meters.Tell(WithProbe(changed, nextProbe));
    }

    public void LinkProbed(ushort linkAddress, TimeSpan nextProbe) => meters.Tell(new LinkProbed(linkAddress, InWallTime(nextProbe)));

    /// <summary>The change with the moment of the next probe.</summary>
    public LinkStateChanged WithProbe(LinkStateChanged changed, TimeSpan? nextProbe) =>
        changed with { NextProbe = nextProbe is { } at ? InWallTime(at) : null };

    private Instant InWallTime(TimeSpan at) => Now + Duration.FromTimeSpan(at - time.Elapsed());
}
