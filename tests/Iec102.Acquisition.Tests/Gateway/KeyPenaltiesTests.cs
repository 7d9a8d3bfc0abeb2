using Iec102.Acquisition.Gateway;

namespace Iec102.Acquisition.Tests.Gateway;

/// <summary>A client that tries one key after another is slowed down more and more.</summary>
public class KeyPenaltiesTests
{
    private readonly KeyPenalties _penalties = new();
    private TimeSpan _now = TimeSpan.FromHours(1);

    [Fact]
    public void A_right_key_is_answered_at_once() => Wait("a", isRight: true).ShouldBe(0);

    [Fact]
    public void Wrong_keys_wait_longer_and_longer_up_to_half_a_minute()
    {
        var waits = new List<double>();
        for (var i = 0; i < 8; i++)
        {
            waits.Add(Wait("a", isRight: false));
            _now += TimeSpan.FromSeconds(waits[^1]);
        }

        waits.ShouldBe([1, 2, 4, 8, 16, 30, 30, 30]);
        _penalties.WrongKeysOf("a").ShouldBe(8);
    }

    [Fact]
    public void Another_connection_from_the_same_host_gains_nothing_not_even_with_the_right_key()
    {
        Wait("a", isRight: false).ShouldBe(1);
        Wait("a", isRight: false).ShouldBe(3);
        Wait("a", isRight: false).ShouldBe(7);
        _now += TimeSpan.FromSeconds(2);
        Wait("a", isRight: true).ShouldBe(5);
        Wait("b", isRight: true).ShouldBe(0);
    }

    [Fact]
    public void After_the_right_key_all_is_forgotten()
    {
        Wait("a", isRight: false);
        Wait("a", isRight: false);
        _now += TimeSpan.FromMinutes(1);
        Wait("a", isRight: true).ShouldBe(0);
        Wait("a", isRight: false).ShouldBe(1);
    }

    [Fact]
    public void However_many_hosts_try_only_so_many_are_remembered_and_the_latest_are()
    {
        for (var host = 0; host < 5000; host++)
        {
            Wait($"{host}", isRight: false);
            _now += TimeSpan.FromMilliseconds(1);
        }

        _penalties.WrongKeysOf("4999").ShouldBe(1);
        Enumerable.Range(0, 5000).Sum(host => _penalties.WrongKeysOf($"{host}")).ShouldBe(1000);
    }

    private double Wait(string host, bool isRight) => _penalties.OnLogin(host, isRight, _now).TotalSeconds;
}
