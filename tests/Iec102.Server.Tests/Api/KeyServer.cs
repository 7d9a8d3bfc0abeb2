using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using Iec102.Fleet;
using Iec102.Server.Hosting;
using Iec102.Storage;

namespace Iec102.Server.Tests.Api;

/// <summary>A server in this process that has an API key of each role, and follows its fleet file.</summary>
public sealed class KeyServer : IAsyncLifetime
{
    public const string ReadKey = "key-of-the-scada";
    public const string OperateKey = "key-of-the-operator";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("iec102-keys-");
    private ServerHost _host = null!;

    /// <summary>Keeps no cookies, and does not follow redirections.</summary>
    public HttpClient Client { get; private set; } = null!;

    public Uri Url => Client.BaseAddress!;

    private string File => Path.Combine(_folder.FullName, "fleet.conf");

    public async Task InitializeAsync()
    {
        await WriteAsync(("scada", "read", ReadKey), ("desk", "operate", OperateKey));
        var fleet = FleetReader.ReadFile(File).Configuration!;
        _host = await ServerHost.StartAsync(
            new ServerOptions(fleet, DataDirectory.Create(Path.Combine(_folder.FullName, "data")), ["http://127.0.0.1:0"])
            {
                FleetFiles = new FleetFiles(File, null),
                LogToConsole = false,
            },
            CancellationToken.None);
        Client = NewClient();
    }

    public async Task DisposeAsync()
    {
        Client.Dispose();
        await _host.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    public HttpClient NewClient() => new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false })
    {
        BaseAddress = new Uri(_host.Urls[0]),
    };

    /// <summary>Writes the fleet file with these keys.</summary>
    public Task WriteAsync(params (string Name, string Role, string Key)[] keys)
    {
        var lines = keys.Select(one => $"{{ name = {one.Name}, role = {one.Role}, sha256 = {Hash(one.Key)} }}");
        return System.IO.File.WriteAllTextAsync(
            File,
            $$"""
            iec102 {
              api.keys = [ {{string.Join(", ", lines)}} ]
              ports { p { tcp = "127.0.0.1:1" } }
              meters { m-1 { port = p, link-address = 1, point-address = 1, password = 1 } }
            }
            """);
    }

    /// <summary>Signs in; returns the cookie as a browser sends it.</summary>
    public async Task<string> SignInAsync(string key)
    {
        using var answer = await Client.PostAsJsonAsync("/api/session", new { key });
        answer.EnsureSuccessStatusCode();
        return CookieOf(answer);
    }

    /// <summary>The cookie of an answer as a browser sends it back.</summary>
    public static string CookieOf(HttpResponseMessage answer) => answer.Headers.GetValues("Set-Cookie").Single().Split(';')[0];

    /// <summary>Calls with headers; a call that is not GET is JSON.</summary>
    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, params (string Name, string Value)[] headers) =>
        SendAsync(method, path, "{}", headers);

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string body, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, path);
        if (method != HttpMethod.Get)
            request.Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return Client.SendAsync(request);
    }

    private static string Hash(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
}
