using Iec102.Acquisition.Alarms;
using Iec102.Fleet;
using Iec102.Server.Alarms;

namespace Iec102.Server.Tests.Alarms;

/// <summary>The webhook, against a real receiver.</summary>
public sealed class WebhookTests : IDisposable
{
    private readonly Receiver _receiver = new();
    private readonly Webhook _webhook = new(TimeProvider.System);

    private FleetConfiguration Fleet => Example.Fleet(
        new AlarmsConfiguration { Webhook = new WebhookConfiguration(new Uri(_receiver.Url), new SecretText(Receiver.Secret)) });

    public void Dispose()
    {
        _webhook.Dispose();
        _receiver.Dispose();
    }

    [Fact]
    public async Task A_change_is_posted_with_a_signature_that_holds_for_this_text_and_time_only()
    {
        await _webhook.SendAsync([Example.Raised(1)], Fleet, default);

        var posted = _receiver.Received.ShouldHaveSingleItem();
        posted.IsSignedWith(Receiver.Secret).ShouldBeTrue();
        posted.IsSignedWith("another secret of the same length").ShouldBeFalse();
        (posted with { Body = posted.Body.Replace("raised", "cleared", StringComparison.Ordinal) }).IsSignedWith(Receiver.Secret)
            .ShouldBeFalse();
        ((string?)posted.Json["change"], (string?)posted.Json["alarm"]!["id"], (string?)posted.Json["alarm"]!["name"])
            .ShouldBe(("raised", "meter.m-1.password", "Pump house"));
    }

    [Fact]
    public async Task What_is_posted_again_has_the_same_key_and_another_change_another_one()
    {
        _receiver.Answers.Enqueue(500);
        var failure = await Should.ThrowAsync<NoticeException>(() => _webhook.SendAsync([Example.Raised(1)], Fleet, default));
        (failure.IsFinal, failure.Message).ShouldBe((false, $"{_receiver.Url[..^"/alarms/".Length]} answered 500 Internal Server Error."));
        await _webhook.SendAsync([Example.Raised(1)], Fleet, default);
        await _webhook.SendAsync([Example.Change(AlarmChangeKind.Cleared, 1)], Fleet, default);

        var keys = _receiver.Received.Select(posted => posted.Key).ToList();
        (keys[0] == keys[1], keys[1] == keys[2]).ShouldBe((true, false));
    }

    [Theory]
    [InlineData(400, true)]
    [InlineData(413, true)]
    [InlineData(401, false)]
    [InlineData(404, false)]
    [InlineData(429, false)]
    [InlineData(302, false)]
    public async Task Only_a_text_that_the_receiver_does_not_want_is_given_up_at_once(int status, bool isFinal)
    {
        _receiver.Answers.Enqueue(status);
        (await Should.ThrowAsync<NoticeException>(() => _webhook.SendAsync([Example.Raised(1)], Fleet, default))).IsFinal.ShouldBe(isFinal);
        _receiver.Received.Count.ShouldBe(1, "No other address may get what is signed for this one.");
    }

    [Fact]
    public async Task A_receiver_that_is_not_there_is_named_without_what_may_be_secret_in_its_address()
    {
        _receiver.Dispose();
        var fleet = Example.Fleet(new AlarmsConfiguration
        {
            Webhook = new WebhookConfiguration(new Uri($"{_receiver.Url}?token=sesame"), new SecretText(Receiver.Secret)),
        });
        var failure = await Should.ThrowAsync<NoticeException>(() => _webhook.TestAsync(fleet, default));
        failure.Message.ShouldContain("refused");
        failure.Message.ShouldNotContain("sesame");
    }
}
