using Iec102.Acquisition.Profiles;
using NodaTime;

namespace Iec102.Acquisition.Tests.Profiles;

public sealed class NeverReachedTests : ProfileBench
{
    [Fact]
    public void A_meter_that_was_never_reached_lacks_what_is_expected_of_it_and_more_with_time()
    {
        Settings = Settings with { From = Hour(Moment) - Duration.FromDays(2) };
        var profile = Start();

        var status = LiveState.ExpectMsg<ProfileStatus>();
        (status.Expected, status.Missing, status.Lost, status.MissingFrom).ShouldBe((48, 48, 0, Settings.From));

        Settle(profile);
        Time.Advance(TimeSpan.FromHours(2));
        LiveState.FishForMessage<ProfileStatus>(one => one.Missing == 50).Expected.ShouldBe(50);
    }
}
