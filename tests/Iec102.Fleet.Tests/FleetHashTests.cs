using System.Text.RegularExpressions;

namespace Iec102.Fleet.Tests;

/// <summary>Nodes whose hashes are the same read the same fleet.</summary>
public partial class FleetHashTests
{
    private const string Whole = """
        store.postgres = "Host=db;Database=iec102"
        cluster.key = "0123456789abcdef"
        ports.p { tcp = "192.0.2.1:4001", node = n-1, dial { number = 1, init = ["AT+CPIN=1234"] } }
        ports.q { tcp = "192.0.2.2:4001", nodes = [n-1], gateway { listen = "127.0.0.1:1", keys = [ 5 ] } }
        meters.m { port = p, link-address = 5, point-address = 1, password = 9, write-password = 10 }
        retention.profiles = 30d
        alarms.webhook { url = "https://m.example/a", secret = "0123456789abcdeX" }
        alarms.email { host = m.example, user = u, password = "sesame", from = "a@m.example", to = ["b@m.example"] }
        """;

    private static readonly string Hash = FleetHash.Of(FleetText.Fleet(Whole));

    [Theory]
    [InlineData("0123456789abcdef", "0123456789abcdeF")]
    [InlineData("192.0.2.1:4001", "192.0.2.1:4002")]
    [InlineData("node = n-1,", "node = n-2,")]
    [InlineData("nodes = [n-1]", "nodes = [n-2]")]
    [InlineData("1234", "1235")]
    [InlineData("[ 5 ]", "[ 6 ]")]
    [InlineData("password = 9", "password = 8")]
    [InlineData("write-password = 10", "write-password = 11")]
    [InlineData("30d", "31d")]
    [InlineData("abcdeX", "abcdeY")]
    [InlineData("sesame", "sesam")]
    [InlineData("b@m", "c@m")]
    [InlineData("link-address = 5", "link-address = 5, name = pump")]
    public void Any_difference_shows(string from, string to) =>
        FleetHash.Of(FleetText.Fleet(Whole.Replace(from, to))).ShouldNotBe(Hash);

    [Fact]
    public void What_is_each_nodes_own_and_how_the_file_is_written_does_not_show()
    {
        var written = $"# another\n{Whole.Replace("Host=db", "Host=other")}\nnode {{ id = n-1, url = \"http://localhost\" }}";
        FleetHash.Of(FleetText.Fleet(written)).ShouldBe(Hash);
        Hash.ShouldMatch(Digits().ToString());
    }

    [GeneratedRegex("^[0-9a-f]{12}$")]
    private static partial Regex Digits();
}
