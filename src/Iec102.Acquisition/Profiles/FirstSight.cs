using Iec102.Fleet;
using NodaTime;

namespace Iec102.Acquisition.Profiles;

/// <summary>What is journaled before anything else: from when on a curve is expected, and of which meter, set up in which way.</summary>
internal static class FirstSight
{
    /// <summary>No label reaches further back (protocol notes 3.1).</summary>
    private static readonly Instant FirstLabel = Instant.FromUtc(2000, 1, 2, 0, 0);

    /// <summary>Whole hours, so that the first interval is whole as well.</summary>
    public static StartSet StartAt(ProfileSettings settings, Instant start)
    {
        var phase = IntervalGrid.PhaseOf(settings.Zone, start);
        var assumed = settings.Curve == Curve.Hourly ? 60 : 15;
        return new StartSet(IntervalGrid.Of(60, phase).Floor(Instant.Max(start, FirstLabel)), assumed, phase);
    }

    /// <summary>What is journaled before a chunk: usually nothing. The meter actor has made sure that the right meter answers.</summary>
    public static List<IProfileEvent> Of(ProfileSettings settings, ProfileState state, MeterSession session, Instant now)
    {
        var events = new List<IProfileEvent>();
        if (state.Start is null)
            Add(StartAt(settings, settings.From ?? now - settings.Depth));
        if (state.SerialNumber is null || (session.SerialNumber != 0 && session.SerialNumber != state.SerialNumber))
            Add(new MeterSeen(session.SerialNumber));
        var setUp = new SetUpSeen(
            session.Firmware ?? state.SetUp.Firmware, PeriodRule.Configured(settings.Curve, session.Periods) ?? state.SetUp.PeriodMinutes);
        if (setUp != state.SetUp)
        {
            if (PeriodRule.Change(state, setUp) is { } change)
                Add(change);
            Add(setUp);
        }

        return events;

        void Add(IProfileEvent @event)
        {
            events.Add(@event);
            state = state.Apply(@event);
        }
    }
}
