using Akka.Event;
using Akka.TestKit.Xunit2;
using Iec102.Server.Hosting;

namespace Iec102.Server.Tests.Hosting;

public sealed class SettingClockTests : TestKit
{
    [Fact]
    public void A_clock_that_nobody_knows_about_is_not_synchronised_and_the_log_says_so_once()
    {
        bool? state = null;
        Sys.EventStream.Subscribe(TestActor, typeof(Warning));
        Sys.EventStream.Subscribe(TestActor, typeof(Info));
        var clock = new SettingClock(() => state, Logging.GetLogger(Sys, "host-clock"));

        clock.IsSynchronised.ShouldBeFalse();
        clock.IsSynchronised.ShouldBeFalse();
        ExpectMsg<Warning>().ToString().ShouldContain("not known whether");

        state = true;
        clock.IsSynchronised.ShouldBeTrue();
        ExpectMsg<Info>().ToString().ShouldContain("is synchronised");

        state = false;
        clock.IsSynchronised.ShouldBeFalse();
        clock.IsSynchronised.ShouldBeFalse();
        ExpectMsg<Warning>().ToString().ShouldContain("NTP");
        ExpectNoMsg(TimeSpan.FromMilliseconds(50));
    }
}
