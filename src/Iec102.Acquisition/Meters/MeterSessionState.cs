using Iec102.Acquisition.Profiles;
using Iec102.Acquisition.Tasks;
using Iec102.Protocol.Time;
using NodaTime;

namespace Iec102.Acquisition.Meters;

/// <summary>What an identification means for a meter whose history belongs to a serial number.</summary>
internal enum IdentityVerdict
{
    /// <summary>The meter we know, or the first one we see here.</summary>
    Known,

    /// <summary>Another meter, and an operator said that it replaces the one we knew.</summary>
    Replacement,

    /// <summary>Another meter: nothing of it may be recorded.</summary>
    Wrong,
}

/// <summary>
/// The session with a meter: its link epoch, who answered, its clock and its summer-time habit. Facts that outlive a session are kept.
/// </summary>
internal sealed class MeterSessionState
{
    private readonly DateTimeZone _zone;
    private readonly uint? _configuredSerial;
    private readonly SummerTimeHabit? _configuredHabit;
    private TimeSpan _lastUsed;
    private bool _replacementDeclared;

    public MeterSessionState(DateTimeZone zone, uint? configuredSerial, SummerTimeHabit? configuredHabit)
    {
        _zone = zone;
        _configuredSerial = configuredSerial;
        _configuredHabit = configuredHabit;
        Habit = configuredHabit ?? SummerTimeHabit.SuBit;
    }

    /// <summary>The epoch in which the session was opened; kept when it is lost, since the next login names it.</summary>
    public int Epoch { get; private set; }

    /// <summary>A login was confirmed and nothing has ended the session since.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>The serial number that the history belongs to; null until one is known.</summary>
    public uint? KnownSerial { get; private set; }

    /// <summary>How the meter labels summer time.</summary>
    public SummerTimeHabit Habit { get; private set; }

    /// <summary>The clock as read in this session.</summary>
    public ClockReading? Clock { get; private set; }

    /// <summary>How the meter is set up, as far as it is known.</summary>
    public MeterSetUp SetUp { get; private set; } = new();

    /// <summary>What the profile actors need.</summary>
    public MeterSession ForProfiles => new(KnownSerial ?? 0, Habit, Clock?.Offset, SetUp.Firmware, SetUp.Periods, SetUp.Kept);

    public void Remember(uint? serial, SummerTimeHabit? habit, IReadOnlyList<ConfigurationRead> configuration)
    {
        KnownSerial = serial;
        SetUp = MeterSetUp.Of(configuration);
        Habit = _configuredHabit ?? habit ?? Habit;
    }

    /// <summary>It was opened with the password that may set the clock.</summary>
    public bool MayWrite { get; private set; }

    public void Open(int epoch, TimeSpan now, bool mayWrite = false) =>
        (Epoch, IsOpen, MayWrite, Clock, _lastUsed) = (epoch, true, mayWrite, null, now);

    public void Lose() => IsOpen = false;

    public void Used(TimeSpan now) => _lastUsed = now;

    public bool IsUsable(TimeSpan now, TimeSpan idle) => IsOpen && now - _lastUsed < idle;

    /// <summary>The clock that was read is no longer comparable with ours.</summary>
    public void ForgetClock() => Clock = null;

    /// <summary>An operator declares the next meter that answers to be the right one.</summary>
    public void DeclareReplaced() => _replacementDeclared = true;

    /// <summary>Judges the identification read after a login.</summary>
    public IdentityVerdict Judge(uint serial)
    {
        if (_configuredSerial is { } configured && configured != serial)
            return IdentityVerdict.Wrong;
        if (KnownSerial is null || KnownSerial == serial)
        {
            KnownSerial = serial;
            return IdentityVerdict.Known;
        }

        // A serial number in the configuration also counts as the operator's declaration.
        if (!_replacementDeclared && _configuredSerial is null)
            return IdentityVerdict.Wrong;
        _replacementDeclared = false;
        KnownSerial = serial;
        SetUp = new MeterSetUp();
        return IdentityVerdict.Replacement;
    }

    /// <summary>Takes an answer that says how the meter is set up.</summary>
    public void TakeSetUp(ConfigurationRead answer) => SetUp = SetUp.With(answer);

    /// <summary>Takes a clock answer; returns also whether it changed the habit.</summary>
    public (ClockReading? Reading, bool HabitChanged) TakeClock(TimeTagB tag, Instant answeredAt, TimeSpan roundTrip)
    {
        var habit = _configuredHabit ?? ClockComparison.DetectHabit(tag, answeredAt, _zone, Habit);
        var changed = habit != Habit;
        Habit = habit;
        Clock = ClockComparison.Compare(tag, answeredAt, roundTrip, _zone, habit);
        return (Clock, changed);
    }
}
