using Iec102.Faults.Tests.Networks;
using Iec102.Faults.Tests.Sites;

namespace Iec102.Faults.Tests;

/// <summary>Promise R10: a substation works on while it is cut off. <c>scripts/soak.sh --cut 10</c> cuts it off for ten minutes.</summary>
public sealed class SubstationTests
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    /// <summary>How long a request for a piece of a curve takes at most.</summary>
    private static readonly TimeSpan LongestRequest = TimeSpan.FromSeconds(3);

    /// <summary>
    /// Current values are read every second, and may have to wait for a request of the curve and one of the gateway's client.
    /// </summary>
    private static readonly TimeSpan Undisturbed = Period + LongestRequest + LongestRequest;

    [NetworkFact]
    public async Task Cut_off_it_reads_and_serves_on_and_its_curves_are_complete_soon_after()
    {
        var substation = await Substation.CutOffAsync(TimeSpan.FromSeconds(20));

        substation.LineSilence.ShouldBeLessThan(Undisturbed);
        substation.OldestValue.ShouldBeLessThan(Undisturbed);
        substation.ClientWait.ShouldBeLessThan(Undisturbed);
        substation.ClientFailures.ShouldBeEmpty();
        substation.ClientAnswers.ShouldBeGreaterThan(20);
        substation.Missing.ShouldBeGreaterThan(0);
        substation.CompleteAfter.ShouldBeLessThan(TimeSpan.FromMinutes(1));
    }
}
