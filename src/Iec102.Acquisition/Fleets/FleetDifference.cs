using Iec102.Fleet;

namespace Iec102.Acquisition.Fleets;

/// <summary>Says in words what differs between two configurations.</summary>
internal static class FleetDifference
{
    /// <summary>Names beyond this number are only counted.</summary>
    private const int MostNames = 10;

    /// <summary>Such as <c>port north changed; meters m-1, m-2 added</c>.</summary>
    public static string Describe(FleetConfiguration before, FleetConfiguration after)
    {
        var parts = new List<string>();
        Compare("port", "ports", before.Ports.ToDictionary(port => port.Id), after.Ports.ToDictionary(port => port.Id));
        Compare("meter", "meters", before.Meters.ToDictionary(meter => meter.Id), after.Meters.ToDictionary(meter => meter.Id));
        if (before.Api != after.Api)
            parts.Add("API access changed");
        if (before.Retention != after.Retention)
            parts.Add("retention changed");
        if (before.Cluster != after.Cluster)
            parts.Add("rules for the nodes changed");
        return parts.Count == 0 ? "no port or meter is affected" : string.Join("; ", parts);

        void Compare<T>(string one, string several, Dictionary<string, T> old, Dictionary<string, T> now) where T : notnull
        {
            Note(now.Keys.Where(old.ContainsKey).Where(id => !now[id].Equals(old[id])), (what, names) => $"{what} {names} changed");
            Note(now.Keys.Where(id => !old.ContainsKey(id)), (what, names) => $"{what} {names} added");
            Note(old.Keys.Where(id => !now.ContainsKey(id)), (what, names) => $"{what} {names} removed");

            void Note(IEnumerable<string> ids, Func<string, string, string> how)
            {
                var named = ids.ToList();
                if (named.Count > 0)
                    parts.Add(how(named.Count == 1 ? one : several, Names(named)));
            }
        }
    }

    /// <summary>Such as <c>a, b and 3 others</c>.</summary>
    public static string Names(IReadOnlyCollection<string> names) => names.Count <= MostNames
        ? string.Join(", ", names)
        : $"{string.Join(", ", names.Take(MostNames))} and {names.Count - MostNames} others";
}
