using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Iec102.Server.Tests.EndToEnd;

namespace Iec102.Server.Tests.Alarms;

/// <summary>What was posted to a receiver.</summary>
internal sealed record Posted(string Body, string Signature, string Key)
{
    public JsonNode Json => JsonNode.Parse(Body)!;

    /// <summary>Whether the signature is right, checked as the operations guide says.</summary>
    public bool IsSignedWith(string secret)
    {
        var parts = Signature.Split(',').ToDictionary(part => part.Split('=')[0], part => part.Split('=')[1]);
        var expected = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"{parts["t"]}.{Body}"));
        var age = DateTimeOffset.UtcNow - DateTimeOffset.FromUnixTimeSeconds(long.Parse(parts["t"], null));
        return parts["v1"] == Convert.ToHexStringLower(expected) && age.Duration() < TimeSpan.FromMinutes(5);
    }
}

/// <summary>A receiver of a webhook on a free port.</summary>
internal sealed class Receiver : IDisposable
{
    private readonly HttpListener _listener = new();

    public Receiver()
    {
        Url = $"http://127.0.0.1:{Site.FreePort()}/alarms/";
        _listener.Prefixes.Add(Url);
        _listener.Start();
        _ = ReceiveAsync();
    }

    public const string Secret = "0123456789abcdef";

    public string Url { get; }

    public ConcurrentQueue<Posted> Received { get; } = [];

    /// <summary>What the next posts are answered; 204 when there is nothing.</summary>
    public ConcurrentQueue<int> Answers { get; } = [];

    /// <summary>Whatever is posted is answered 503.</summary>
    public bool IsAway { get; set; }

    public void Dispose() => _listener.Close();

    private async Task ReceiveAsync()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            using var body = new StreamReader(context.Request.InputStream, Encoding.UTF8);
            var (text, headers) = (await body.ReadToEndAsync(), context.Request.Headers);
            Received.Enqueue(new Posted(text, headers["Iec102-Signature"]!, headers["Idempotency-Key"]!));
            context.Response.StatusCode = IsAway ? 503 : Answers.TryDequeue(out var status) ? status : 204;
            context.Response.Close();
        }
    }
}
