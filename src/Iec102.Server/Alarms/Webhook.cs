using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Iec102.Acquisition;
using Iec102.Acquisition.Alarms;
using Iec102.Contract;
using Iec102.Fleet;
using NodaTime;

namespace Iec102.Server.Alarms;

/// <summary>
/// Posts each change of an alarm as JSON. The header <c>Iec102-Signature: t=SECONDS,v1=HEX</c> has the time and the HMAC-SHA256 of the
/// time, a dot and the body; <c>Idempotency-Key</c> is the same whenever the same change is posted.
/// </summary>
internal sealed class Webhook(TimeProvider time) : INoticeWay, IDisposable
{
    public const string SignatureHeader = "Iec102-Signature";
    public const string KeyHeader = "Idempotency-Key";

    // Another address than the one in the fleet file must not get what is signed for it.
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
    {
        Timeout = TimeSpan.FromSeconds(10),
        // Of the answer only the status matters.
        MaxResponseContentBufferSize = 64 * 1024,
    };

    public string Name => "webhook";

    public TimeSpan Gather => TimeSpan.Zero;

    public int MostAtOnce => 1;

    /// <summary>Without path and query, which may hold a secret.</summary>
    public string? To(AlarmsConfiguration alarms) => alarms.Webhook?.Url.GetLeftPart(UriPartial.Authority);

    public bool Wants(AlarmChange change) => change.IsNews
        || change.Kind is AlarmChangeKind.Acknowledged or AlarmChangeKind.Shelved or AlarmChangeKind.Noted;

    public Task SendAsync(IReadOnlyList<AlarmChange> changes, FleetConfiguration fleet, CancellationToken ct)
    {
        var change = changes.Single();
        var moment = change.Alarm.ChangedAt.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        return PostAsync(AlarmChangeModel.Of(change, fleet), $"{change.Alarm.Id}.{Names.Of(change.Kind)}.{moment}", fleet, ct);
    }

    public Task TestAsync(FleetConfiguration fleet, CancellationToken ct) => PostAsync(
        new AlarmChangeModel("test", TimeText.Format(time.Now(), fleet.TimeZone), null), $"test.{Guid.NewGuid()}", fleet, ct);

    public void Dispose() => _client.Dispose();

    /// <summary>The value of the header that proves who has sent a body, and when.</summary>
    public static string Sign(SecretText secret, Instant now, byte[] body)
    {
        var seconds = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        byte[] signed = [.. Encoding.ASCII.GetBytes($"{seconds}."), .. body];
        return $"t={seconds},v1={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret.Reveal()), signed))}";
    }

    private async Task PostAsync(AlarmChangeModel model, string key, FleetConfiguration fleet, CancellationToken ct)
    {
        var webhook = fleet.Alarms.Webhook!;
        var body = JsonSerializer.SerializeToUtf8Bytes(model, ContractJson.Options);
        using var request = new HttpRequestMessage(HttpMethod.Post, webhook.Url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        request.Headers.Add(KeyHeader, key);
        request.Headers.Add(SignatureHeader, Sign(webhook.Secret, time.Now(), body));
        try
        {
            using var response = await _client.SendAsync(request, ct);
            if (response.IsSuccessStatusCode)
                return;
            // What is wrong with the address or with a password can be put right while this waits; what is wrong with the text cannot.
            throw new NoticeException(
                $"{To(fleet.Alarms)} answered {(int)response.StatusCode} {response.ReasonPhrase}.", (int)response.StatusCode is 400 or 413
                    or 415 or 422);
        }
        catch (HttpRequestException e)
        {
            throw new NoticeException($"{To(fleet.Alarms)}: {e.GetBaseException().Message.TrimEnd('.')}.");
        }
    }
}
