using Iec102.Fleet;
using NodaTime;

namespace Iec102.Acquisition.Profiles;

/// <summary>What is journaled when the meter is seen, before anything is read: usually nothing.</summary>
internal sealed class MeterSight(ProfileSettings settings)
{
    /// <summary>No label reaches further back (protocol notes 3.1).</summary>
    private static readonly Instant FirstLabel = Instant.FromUtc(2000, 1, 2, 0, 0);

    /// <summary>
    /// What a meter in a session says of itself that is not known yet. The meter actor has made sure that the right meter answers.
    /// </summary>
    public IReadOnlyList<IProfileEvent> See(ProfileState before, MeterSession session, Instant now)
    {
        var events = new List<IProfileEvent>();
        var state = before;
        if (state.Start is null)
            Add(StartOf(state, now));
        if (state.SerialNumber is null || (session.SerialNumber != 0 && session.SerialNumber != state.SerialNumber))
            Add(new MeterSeen(session.SerialNumber));
        var setUp = new SetUpSeen(
            session.Firmware ?? state.SetUp.Firmware, PeriodRule.Configured(settings.Curve, session.Periods) ?? state.SetUp.PeriodMinutes,
            DepthOf(session) ?? state.SetUp.DepthDays);
        if (setUp != state.SetUp)
        {
            if (PeriodRule.Change(state, setUp) is { } change)
                Add(change);
            Add(setUp);
        }

        if (before.Start is null)
            AddAll(OutOfReach(state, Instant.MaxValue, now));
        else if (before.DepthOf(settings) != state.DepthOf(settings) && settings.From is null)
            AddAll(WithNewDepth(state, before.DepthOf(settings), now));
        return events;

        void AddAll(IEnumerable<IProfileEvent> more)
        {
            foreach (var one in more)
                Add(one);
        }

        void Add(IProfileEvent @event)
        {
            events.Add(@event);
            state = state.Apply(@event);
        }
    }

    /// <summary>The fleet file names an earlier beginning than before.</summary>
    public IReadOnlyList<IProfileEvent> BeginEarlier(ProfileState state, Instant now)
    {
        var start = StartOf(state, now);
        return [start, .. OutOfReach(state.Apply(start), state.Start!.Value, now)];
    }

    /// <summary>Where the curve begins.</summary>
    public StartSet StartOf(ProfileState state, Instant now) => StartAt(settings, settings.From ?? now - state.DepthOf(settings));

    /// <summary>A beginning on a whole hour, so that the first interval is whole as well.</summary>
    public static StartSet StartAt(ProfileSettings settings, Instant start)
    {
        var phase = IntervalGrid.PhaseOf(settings.Zone, start);
        var assumed = settings.Curve == Curve.Hourly ? 60 : 15;
        return new StartSet(IntervalGrid.Of(60, phase).Floor(Instant.Max(start, FirstLabel)), assumed, phase);
    }

    /// <summary>What is older than the meter keeps when it is first asked for was never there to be read: it is absent, not lost.</summary>
    private IEnumerable<IProfileEvent> OutOfReach(ProfileState state, Instant to, Instant now) =>
        NeverThere(state, Instant.Min(to, state.LostTo(now, settings)), now);

    /// <summary>
    /// The meter has told how far back it keeps the curve, after the curve was begun with another depth. If it keeps more, the curve begins
    /// earlier; if less, it never had the beginning.
    /// </summary>
    private IEnumerable<IProfileEvent> WithNewDepth(ProfileState state, Duration before, Instant now)
    {
        var start = StartOf(state, now);
        if (start.Start < state.Start)
            return [start];
        var begun = state.Start!.Value + before;
        return NeverThere(state, begun - state.DepthOf(settings) - ProfileState.Margin, now);
    }

    private static IEnumerable<IProfileEvent> NeverThere(ProfileState state, Instant to, Instant now)
    {
        var never = state.Coverage.Open(new TimeRange(state.Start!.Value, to));
        return state.Grid.Count(never) > 0 ? [new RangesLeftOut(never, now, 0, IsProof: true)] : [];
    }

    /// <summary>
    /// How many days the meter says that it keeps this curve (type 182, protocol notes 4.9): it tells that of one integration period. Less
    /// than a week, or more than can be configured, is not believed, since the unit is not certain.
    /// </summary>
    private int? DepthOf(MeterSession session)
    {
        const int fewest = 7;
        return session.Kept is { } kept && kept.PeriodMinutes == (PeriodRule.Configured(settings.Curve, session.Periods) ?? Usual)
            && kept.Days is >= fewest and <= ProfileConfiguration.MostDays
            ? kept.Days
            : null;
    }

    private int Usual => settings.Curve == Curve.Hourly ? 60 : 15;
}
