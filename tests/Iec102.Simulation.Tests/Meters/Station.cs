using Iec102.Protocol.Application;
using Iec102.Protocol.Link;
using Iec102.Simulator.Data;
using Iec102.Simulator.Meters;
using NodaTime;

namespace Iec102.Simulation.Tests;

/// <summary>
/// A simulated meter with its link layer and everything that can happen to it. It checks that nothing is requested from it outside a
/// session that the master has opened.
/// </summary>
internal sealed class Station : ISlaveApplication
{
    private readonly World _world;
    private readonly MeterClockTime _clock;
    private readonly SortedSet<ushort> _opened = [];
    private LinkSlave _slave;
    private TimeSpan _deadUntil;
    private int _pollsToWait;
    private byte[]? _refusal;
    private bool _isRefusing;

    public Station(World world, MeterOptions options, long dataSeed)
    {
        _world = world;
        _clock = new MeterClockTime(world);
        Meter = new SimulatedMeter(options, point => new MeterData(dataSeed, options.SerialNumber, point), _clock);
        _slave = new LinkSlave(options.LinkAddress, this);
    }

    public SimulatedMeter Meter { get; }

    /// <summary>How far the meter's clock is ahead of true time.</summary>
    public TimeSpan ClockOffset
    {
        get => _clock.Offset;
        set
        {
            _world.Note($"{Meter.Options.Id}: the clock jumps to {value}");
            _clock.Offset = value;
        }
    }

    /// <summary>Types that are currently refused with cause 14.</summary>
    public IReadOnlyList<TypeIdentification> RefusedTypes { get; set; } = [];

    /// <summary>How often the meter is busy, so that it refuses a frame for now or has no data yet.</summary>
    public double Busyness { get; set; }

    /// <summary>
    /// Whether every way of reading a curve has been refused at least once: the server may then let the curve rest for a day.
    /// </summary>
    public bool HasRefusedCurves { get; private set; }

    public ReadOnlyMemory<byte> OnFrame(in Frame frame) => _world.Elapsed < _deadUntil ? default : _slave.OnFrame(frame);

    /// <summary>Switches the meter off for a time; it forgets link, session and answers.</summary>
    public void Reboot(TimeSpan darkness)
    {
        _world.Note($"{Meter.Options.Id}: starts anew after {darkness}");
        _deadUntil = _world.Elapsed + darkness;
        _slave = new LinkSlave(Meter.Options.LinkAddress, this);
        ForgetSession();
    }

    /// <summary>Makes the meter silent for a time; it forgets nothing.</summary>
    public void FallSilent(TimeSpan silence)
    {
        _world.Note($"{Meter.Options.Id}: silent for {silence}");
        _deadUntil = _world.Elapsed + silence;
    }

    public void ForgetSession()
    {
        _world.Note($"{Meter.Options.Id}: forgets its session");
        ForgetAnswer();
        Meter.OnReset();
    }

    public void OnReset()
    {
        _opened.Clear();
        ForgetAnswer();
        Meter.OnReset();
    }

    public RequestVerdict OnRequest(in Asdu request)
    {
        var header = request.Header;
        if (header.Type != TypeIdentification.Login && !_opened.Contains(header.PointAddress))
            throw new ViolationException(
                $"{Meter.Options.Id}: type {header.Type} was requested from point {header.PointAddress} outside a session.");
        ForgetAnswer();
        if (_world.Chance.Is(Busyness))
            return RequestVerdict.Reject;
        if (header.Type == TypeIdentification.Login)
            _opened.Add(header.PointAddress);
        else if (header.Type == TypeIdentification.EndSession)
            _opened.Remove(header.PointAddress);
        _pollsToWait = _world.Chance.Is(Busyness) ? _world.Chance.From(1, 3) : 0;
        if (!RefusedTypes.Contains(header.Type))
            return Meter.OnRequest(request) == RequestVerdict.Accept && _world.Chance.Is(Busyness)
                ? RequestVerdict.AcceptBusy
                : RequestVerdict.Accept;
        HasRefusedCurves |= header.Type == TypeIdentification.ReadIncrementalTotals;
        _isRefusing = true;
        _refusal = request.Octets.ToArray();
        (header with { Cause = CauseOfTransmission.TypeNotAvailable }).Write(_refusal);
        return RequestVerdict.Accept;
    }

    public int NextAnswer(Span<byte> destination)
    {
        if (_pollsToWait > 0)
        {
            _pollsToWait--;
            return 0;
        }

        if (!_isRefusing)
            return Meter.NextAnswer(destination);
        if (_refusal is not { } refusal)
            return 0;
        _refusal = null;
        refusal.CopyTo(destination);
        return refusal.Length;
    }

    /// <summary>Whether the meter still holds the interval of a curve that ends then.</summary>
    public bool Holds(Instant end) => end > Meter.HistoryStart;

    private void ForgetAnswer() => (_isRefusing, _refusal, _pollsToWait) = (false, null, 0);

    /// <summary>The time according to the meter's clock.</summary>
    private sealed class MeterClockTime(World world) : TimeProvider
    {
        public TimeSpan Offset { get; set; }

        public override DateTimeOffset GetUtcNow() => (world.Now + Duration.FromTimeSpan(Offset)).ToDateTimeOffset();
    }
}
