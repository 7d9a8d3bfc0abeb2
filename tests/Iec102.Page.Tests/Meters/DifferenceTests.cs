using System.Text.Json;
using Iec102.Page.Meters;

namespace Iec102.Page.Tests.Meters;

/// <summary>What differs between two answers of a meter about its settings.</summary>
public class DifferenceTests
{
    [Fact]
    public void Changed_new_and_missing_settings_are_named_by_their_place()
    {
        var before = Json("""{"ratios": {"primaryCurrent": 100}, "powers": [{"power": 50}, {"power": 60}], "old": "x", "readAt": "a"}""");
        var after = Json("""{"ratios": {"primaryCurrent": 200}, "powers": [{"power": 50}, {"power": 65}], "new": true, "readAt": "b"}""");

        Difference.Between(before, after).ShouldBe(
        [
            new Difference("ratios.primaryCurrent", "100", "200"), new Difference("powers[2].power", "60", "65"),
            new Difference("old", "x", null), new Difference("new", null, "true"),
        ]);
    }

    [Fact]
    public void The_moment_of_reading_is_no_difference() =>
        Difference.Between(Json("""{"a": 1, "readAt": "x"}"""), Json("""{"a": 1, "readAt": "y"}""")).ShouldBeEmpty();

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;
}
