using Iec102.Server.Tests;
using Iec102.Server.Tests.EndToEnd;
using Xunit.Abstractions;

// The long classes wait most of the time, for lines and processes of their own, so that three share two processors well.
[assembly: CollectionBehavior(MaxParallelThreads = 3)]
[assembly: TestCollectionOrderer(LongestFirst.Name, LongestFirst.Assembly)]

namespace Iec102.Server.Tests;

/// <summary>Begins with the classes that take longest: what begins last is what the others have to wait for.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    internal const string Name = $"{Assembly}.{nameof(LongestFirst)}";
    internal const string Assembly = "Iec102.Server.Tests";

    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) =>
        testCollections
            .OrderByDescending(one => one.DisplayName.Contains(nameof(KillTests), StringComparison.Ordinal))
            .ThenByDescending(one => one.DisplayName.Contains($".{nameof(EndToEnd)}.", StringComparison.Ordinal));
}
