using System.Collections;
using Iec102.Acquisition.Profiles;

namespace Iec102.Storage.Tests;

/// <summary>A list of intervals that runs an action while it is being stored, when the given number of rows has been written.</summary>
internal sealed class WhenReached(IReadOnlyList<RecordedInterval> intervals, int position, Action happens) : IReadOnlyList<RecordedInterval>
{
    private int _enumerations;

    public int Count => intervals.Count;

    public RecordedInterval this[int index] => intervals[index];

    public IEnumerator<RecordedInterval> GetEnumerator()
    {
        // The first two enumerations only look for the oldest and the newest end.
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
