using System.Collections;
using Iec102.Acquisition.Profiles;

namespace Iec102.Storage.Tests;

/// <summary>Intervals that let something happen while they are stored: when as many rows as the position says have been written.</summary>
internal sealed class WhenReached(IReadOnlyList<RecordedInterval> intervals, int position, Action happens) : IReadOnlyList<RecordedInterval>
{
    private int _enumerations;

    public int Count => intervals.Count;

    public RecordedInterval this[int index] => intervals[index];

    public IEnumerator<RecordedInterval> GetEnumerator()
    {
        // The first two statements look for the oldest and the newest end.
        var storing = ++_enumerations > 2;
        for (var i = 0; i < intervals.Count; i++)
        {
            if (storing && i == position)
                happens();
            yield return intervals[i];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
