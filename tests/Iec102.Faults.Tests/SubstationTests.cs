using Iec102.Faults.Tests.Networks;
using Iec102.Faults.Tests.Sites;

namespace Iec102.Faults.Tests;

/// <summary>Promise R10: a substation works on while it is cut off. <c>scripts/soak.sh --cut 10</c> cuts it off for ten minutes.</summary>
public sealed class SubstationTests
{
    private static readonly TimeSpan Undisturbed = TimeSpan.FromSeconds(5);

    [NetworkFact]
    public async Task Cut_off_it_reads_and_serves_on_and_its_curves_are_complete_soon_after()
    {
        var substation = await Substation.CutOffAsync(TimeSpan.FromSeconds(40));

        substation.LineSilence.ShouldBeLessThan(Undisturbed);
        substation.OldestValue.ShouldBeLessThan(Undisturbed);
        substation.ClientWait.ShouldBeLessThan(Undisturbed);
        substation.ClientFailures.ShouldBeEmpty();
        substation.ClientAnswers.ShouldBeGreaterThan(40);
        substation.Missing.ShouldBeGreaterThan(0);
        substation.CompleteAfter.ShouldBeLessThan(TimeSpan.FromMinutes(1));
    }
}
