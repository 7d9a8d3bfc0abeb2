using Akka.Actor;
using Iec102.Acquisition.Meters.Facts;
using Iec102.Acquisition.Ports;
using Iec102.Acquisition.Profiles;
using Iec102.Fleet;
using Iec102.Protocol;
using NodaTime;

namespace Iec102.Acquisition.Meters;

/// <content>What is due next, and sending it.</content>
public sealed partial class MeterActor
{
    private static readonly TimeSpan ShortChunk = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan LeastWait = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LongChunk = TimeSpan.FromSeconds(30);

    /// <summary>The hours of all meters end together; they are asked for them one after the other within this time.</summary>
    private static readonly Duration Spread = Duration.FromMinutes(1);

    /// <summary>Does what can be done now: the one place where the next exchange begins.</summary>
    private void Advance()
    {
        var now = Now;
        // Messages end an exchange, a port's absence and a demotion; a timer for what is due meanwhile would only run in circles.
        if (_agenda is not { } agenda)
            return;
        if (_running is not null)
        {
            // Meanwhile the profiles find out what they need, so that facts do not delay them.
            if (_running.Purpose == Purpose.Fact && agenda.BeforeCurves(_session.SetUp, now) is null)
                AskProfiles(now);
            return;
        }

        if (!Reachable(now))
        {
            RefuseSession();
            if (now < _notBefore)
                WakeAt(_notBefore, now);
            return;
        }

        foreach (var lane in _lanes)
            lane.GiveUpWaiting(now);
        if (_sessionsWanted.Count > 0 && _session.IsUsable(Clock, _configuration.SessionIdle))
            GiveSession();
        if (NextWork(agenda, now) is not { } next)
        {
            ScheduleWake(agenda, now);
            return;
        }

        if (_session.IsUsable(Clock, _configuration.SessionIdle))
            next();
        else
            LogIn();
    }

    private bool Reachable(Instant now) =>
        _portState != PortState.BackingOff && now >= _notBefore && (_status.State != MeterState.Demoted || _onDemand.Count > 0 || _job is not null);

    /// <summary>What is due, most urgent first; it needs a session.</summary>
    private Action? NextWork(FactAgenda agenda, Instant now)
    {
        if (_clockToSet is not null)
            return SetClock;
        if (NextOfJob(now) is { } wanted)
            return () => ReadFact(wanted);
        if (_onDemand.Count > 0)
            return ReadOnDemand;
        if (now >= _currentDue)
            return () => Send(Purpose.CurrentValues, ReadCurrentValues(), RequestClass.LiveValues, ExchangeTimeout);
        if (now >= _clockDue)
            return () => Send(Purpose.Clock, Request.ReadCurrentTime(_configuration.PointAddress), RequestClass.ClockAndEvents, ExchangeTimeout);
        if (agenda.BeforeCurves(_session.SetUp, now) is { } first)
            return () => ReadFact(first);
        var fact = agenda.Next(_session.SetUp, now);
        if (_lanes.Find(lane => lane.At == ProfileLane.Step.Ready) is { } ready && (fact is null || _curvesTurn))
            return () => ReadChunk(ready);
        if (fact is not null)
            return () => ReadFact(fact);
        if (_sessionsWanted.Count > 0)
            return LogIn;
        return _lanes.Exists(lane => lane.IsDue(now)) ? () => AskProfilesAndWait(agenda) : null;
    }

    private void AskProfilesAndWait(FactAgenda agenda)
    {
        var now = Now;
        AskProfiles(now);
        ScheduleWake(agenda, now);
    }

    private void ReadChunk(ProfileLane ready)
    {
        _curvesTurn = false;
        ready.PutOnTheWire();
        Send(new Exchange(Purpose.Chunk, ready.Chunk!.Request, ready), RequestClass.History, HistoryTimeout);
    }

    private void AskProfiles(Instant now)
    {
        foreach (var lane in _lanes.Where(lane => lane.IsDue(now)))
        {
            lane.Ask(now);
            if (lane.SegmentToBegin is { } serial)
                lane.Profile.Tell(new BeginSegment(serial));
            else
                lane.Profile.Tell(new GetNextChunk(_session.ForProfiles, ChunkOctets(now)));
        }
    }

    /// <summary>About 3 s of the line when others wait for it, else as long as our own current values can wait, at most 30 s.</summary>
    private int ChunkOctets(Instant now)
    {
        var untilCurrent = (_currentDue - now).ToTimeSpan();
        var time = _rate.OthersWait || untilCurrent < ShortChunk ? ShortChunk : untilCurrent < LongChunk ? untilCurrent : LongChunk;
        return (int)Math.Min(time.TotalSeconds * _rate.OctetsPerSecond, int.MaxValue);
    }

    private void LogIn()
    {
        if (_status.State != MeterState.Demoted)
            Publish(_status with { State = MeterState.LoggingIn });
        Send(new Exchange(Purpose.Login, Request.Login(_configuration.PointAddress, _configuration.Password.Reveal())),
            _onDemand.Count > 0 ? RequestClass.OnDemand : RequestClass.LiveValues, ExchangeTimeout);
    }

    private void ReadOnDemand()
    {
        var onDemand = _onDemand.Dequeue();
        if (FactAgenda.Knows(onDemand.Command.What))
        {
            BeginJob(onDemand);
            Advance();
            return;
        }

        var (purpose, request) = onDemand.Command.What switch
        {
            "clock" => (Purpose.Clock, Request.ReadCurrentTime(_configuration.PointAddress)),
            "id" => (Purpose.Identification, Request.ReadDeviceIdentification(_configuration.PointAddress)),
            _ => (Purpose.CurrentValues, ReadCurrentValues()),
        };
        Send(new Exchange(purpose, request, OnDemand: onDemand), RequestClass.OnDemand, OnDemandTimeout);
    }

    private Request ReadCurrentValues()
    {
        var groups = _configuration.CurrentValues.Groups;
        Span<byte> objects = stackalloc byte[3];
        var count = 0;
        if (groups.HasFlag(CurrentValueGroups.Totals))
            objects[count++] = ObjectAddress.Totals;
        if (groups.HasFlag(CurrentValueGroups.Powers))
            objects[count++] = ObjectAddress.Powers;
        if (groups.HasFlag(CurrentValueGroups.Voltages))
            objects[count++] = ObjectAddress.CurrentsAndVoltages;
        return Request.ReadInstantaneousValues(_configuration.PointAddress, objects[..count]);
    }

    private void Send(Purpose purpose, Request request, RequestClass @class, TimeSpan timeout) => Send(new Exchange(purpose, request), @class, timeout);

    private void Send(Exchange exchange, RequestClass @class, TimeSpan timeout, ClockWriting? clock = null)
    {
        _running = exchange;
        _lastId = _lastId.Next();
        _port.Tell(new ExchangeRequest(_lastId, _configuration.Id, _configuration.LinkAddress, exchange.Request, @class, _session.Epoch, timeout) { Clock = clock });
        Timers.StartSingleTimer("port", new PortSilent(_lastId, exchange.Request), timeout + PortSilenceLimit);
    }

    private void ScheduleWake(FactAgenda agenda, Instant now)
    {
        var wake = Instant.Min(Instant.Min(_currentDue, _clockDue), agenda.NextDue(_session.SetUp));
        foreach (var lane in _lanes)
            wake = lane.WakeAt is { } at ? Instant.Min(wake, at) : wake;
        if (wake != Instant.MaxValue)
            WakeAt(wake, now);
    }

    private void WakeAt(Instant wake, Instant now)
    {
        // An instant is finer than a timer: what is due within a tick would wake us too early, again and again.
        var wait = (wake - now).ToTimeSpan();
        Timers.StartSingleTimer("wake", new Wake(), wait > LeastWait ? wait : LeastWait);
    }

    private ProfileLane? LaneOf(Curve curve, ProfileLane.Step step) => _lanes.Find(lane => lane.Curve == curve && lane.At == step);

    private void OnReadChunk(ReadChunk chunk)
    {
        LaneOf(chunk.Curve, ProfileLane.Step.Asked)?.MakeReady(chunk);
        Advance();
    }

    private void OnNothingDue(NothingDue nothing)
    {
        LaneOf(nothing.Curve, ProfileLane.Step.Asked)?.WaitUntil(Instant.Max(nothing.NextDue + _spread, Now + Duration.FromSeconds(1)));
        Advance();
    }

    private void OnChunkRecorded(ChunkRecorded recorded)
    {
        LaneOf(recorded.Curve, ProfileLane.Step.Storing)?.WaitUntil(Now);
        Advance();
    }

    private void OnChunkDue(ChunkDue due)
    {
        LaneOf(due.Curve, ProfileLane.Step.Waiting)?.WaitUntil(Now);
        Advance();
    }

    private void OnSegmentBegun(SegmentBegun begun)
    {
        if (LaneOf(begun.Curve, ProfileLane.Step.Asked) is { } lane)
        {
            lane.SegmentToBegin = null;
            lane.WaitUntil(Now);
        }

        Advance();
    }
}
