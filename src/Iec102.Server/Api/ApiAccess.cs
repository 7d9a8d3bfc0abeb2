using System.Net;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Iec102.Fleet;
using Microsoft.AspNetCore.Http.Features;

namespace Iec102.Server.Api;

/// <summary>
/// Decides who may call what. If keys are configured, every call except the health probes needs one with a sufficient role, as
/// <c>Authorization: Bearer KEY</c>. The Host header must name this server, so that a page in a browser cannot reach it under another name;
/// and <see cref="ForeignOrigin"/> keeps such pages from changing anything. Another node passes calls on with <see cref="NodeKey"/>.
/// </summary>
/// <param name="configuration">Returns the fleet, which has the keys, at the moment of a call: the fleet file may change.</param>
/// <param name="hosts">The names by which the server may be called, besides loopback.</param>
internal sealed class ApiAccess(Func<FleetConfiguration> configuration, IReadOnlySet<string> hosts)
{
    private const string How = "as 'Authorization: Bearer KEY', or with --key or IEC102_API_KEY on the command line";

    /// <summary>Middleware in front of all endpoints.</summary>
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Features.Get<Caller>() is { } reader)
        {
            // A call of the page's own, which has no connection; its reader was let in before.
            await LetInAsync(context, reader, next);
            return;
        }

        if (!IsOwnName(context.Request.Host.Host))
        {
            await Problem.Write(
                context, StatusCodes.Status421MisdirectedRequest,
                "The Host header does not name this server; call it by the address that it is bound to.");
            return;
        }

        if (ForeignOrigin.Refuse(context.Request) is var (status, sentence))
        {
            await Problem.Write(context, status, sentence);
            return;
        }

        var fleet = configuration();
        if (context.Request.Headers.ContainsKey(NodeKey.Key))
        {
            if (NodeKey.RoleOf(context.Request.Headers, fleet.Cluster.Key) is { } passedOn)
                await LetInAsync(context, new Caller("another node", passedOn), next);
            else
                await Problem.Write(
                    context, StatusCodes.Status401Unauthorized,
                    "The key of the nodes is wrong: iec102.cluster.key must be the same on every node.");
            return;
        }

        var api = fleet.Api;
        if (api.Keys.Count == 0 && !api.AllowAnonymous && context.Connection.LocalIpAddress is { } local && !IPAddress.IsLoopback(local))
        {
            // RefuseBinding has kept such a configuration from coming into force; should it ever fail to, this address stays shut.
            await Problem.Write(
                context, StatusCodes.Status403Forbidden,
                $"No API keys are configured, so nobody is served at {local}: add iec102.api.keys to the fleet file, or set "
                + "iec102.api.allow-anonymous = true to allow everybody.");
            return;
        }

        var open = api.Keys.Count == 0 || context.GetEndpoint()?.Metadata.GetMetadata<OpenToAll>() is not null;
        if (!open)
        {
            if (Authenticate(context.Request.Headers.Authorization.ToString(), api) is not { } key)
            {
                context.Response.Headers.WWWAuthenticate = "Bearer";
                await Problem.Write(
                    context, StatusCodes.Status401Unauthorized,
                    context.Request.Headers.Authorization.Count > 0
                        ? $"The API key that was sent is not known: send one from iec102.api.keys, {How}."
                        : $"An API key is needed: send one from iec102.api.keys, {How}.");
                return;
            }

            await LetInAsync(context, new Caller(key.Name, key.Role), next);
        }
        else if (api.Keys.Count == 0)
            await LetInAsync(context, new Caller("", ApiRole.Operate), next);
        else
            // The health probes, which are open to all, make nobody known.
            await next(context);
    }

    /// <summary>What the caller of a call may do.</summary>
    public static ApiRole RoleOf(HttpContext context) => context.Features.GetRequiredFeature<Caller>().Role;

    /// <summary>Who calls, for people.</summary>
    public static string NameOf(HttpContext context) => context.Features.GetRequiredFeature<Caller>().Name is { Length: > 0 } name
        ? name
        : context.Connection.RemoteIpAddress?.ToString() ?? "localhost";

    /// <summary>Whether a text is an address on which the server can listen, such as http://127.0.0.1:8102 or http://*:8102.</summary>
    public static bool IsAddress(string url) =>
        Uri.TryCreate(Normalise(url), UriKind.Absolute, out var address) && address.Scheme is ("http" or "https");

    /// <summary>Why the server must not be bound to these addresses; null when it may.</summary>
    public static string? RefuseBinding(IEnumerable<string> urls, ApiConfiguration api)
    {
        if (api.Keys.Count > 0 || api.AllowAnonymous)
            return null;
        return urls.FirstOrDefault(url => !IsLoopback(new Uri(Normalise(url)).Host)) is { } exposed
            ? $"{exposed} is not a loopback address and no API keys are configured: add iec102.api.keys to the fleet file, "
                + "or set iec102.api.allow-anonymous = true to allow everybody."
            : null;
    }

    /// <summary>The host names under which urls bind the server; wildcards accept this machine's names.</summary>
    public static HashSet<string> HostsOf(IEnumerable<string> urls)
    {
        var hosts = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var host in urls.Select(url => new Uri(Normalise(url)).Host.Trim('[', ']')))
        {
            hosts.Add(host);
            if (host is "0.0.0.0" or "::")
                hosts.UnionWith(["*", Dns.GetHostName()]);
        }

        return hosts;
    }

    private static async Task LetInAsync(HttpContext context, Caller caller, RequestDelegate next)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<NeedsOperate>() is not null && caller.Role != ApiRole.Operate)
        {
            await Problem.Write(
                context, StatusCodes.Status403Forbidden,
                $"The key '{caller.Name}' may only read; this call needs a key with the role operate.");
            return;
        }

        if (context.Features.Get<ApiConnection>() is { } connection)
            connection.IsKnown = true;
        context.Features.Set(caller);
        context.User = caller.ToUser();
        await next(context);
    }

    private static string Normalise(string url) =>
        url.Replace("://*", "://0.0.0.0", StringComparison.Ordinal).Replace("://+", "://0.0.0.0", StringComparison.Ordinal);

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    /// <summary>Loopback, a bound name, or, when bound to all addresses, any literal address: a rebound name is never a literal.</summary>
    private bool IsOwnName(string host) =>
        IsLoopback(host) || hosts.Contains(host) || (hosts.Contains("*") && IPAddress.TryParse(host.Trim('[', ']'), out _));

    private static ApiKey? Authenticate(string header, ApiConfiguration api)
    {
        const string scheme = "Bearer ";
        if (!header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
            return null;
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(header[scheme.Length..].Trim()), digest);
        ApiKey? found = null;
        foreach (var key in api.Keys)
        {
            // All keys are compared, each in constant time, so that the response time reveals nothing.
            if (CryptographicOperations.FixedTimeEquals(digest, Convert.FromHexString(key.Sha256)))
                found = key;
        }

        return found;
    }
}

/// <summary>Who calls.</summary>
/// <param name="Name">The name of the key; empty when none is needed.</param>
/// <param name="Role">What the caller may do.</param>
internal sealed record Caller(string Name, ApiRole Role)
{
    /// <summary>The caller that a user of the web server stands for.</summary>
    public static Caller Of(ClaimsPrincipal user) =>
        new(user.Identity?.Name ?? "", user.IsInRole(nameof(ApiRole.Operate)) ? ApiRole.Operate : ApiRole.Read);

    /// <summary>The caller as a user of the web server, whom the live part of a page keeps.</summary>
    public ClaimsPrincipal ToUser() =>
        new(new ClaimsIdentity([new Claim(ClaimTypes.Name, Name), new Claim(ClaimTypes.Role, Role.ToString())], "iec102"));
}

/// <summary>Marks an endpoint that needs no key.</summary>
internal sealed record OpenToAll;

/// <summary>Marks an endpoint that needs the role operate.</summary>
internal sealed record NeedsOperate;

/// <summary>Errors as application/problem+json, each with one sentence that says what to do.</summary>
internal static class Problem
{
    /// <summary>An error as the result of an endpoint.</summary>
    public static IResult Of(int status, string sentence) => Results.Problem(detail: sentence, statusCode: status);

    /// <summary>Status 400, for a call that cannot be understood.</summary>
    public static IResult Bad(string sentence) => Of(StatusCodes.Status400BadRequest, sentence);

    /// <summary>Status 404, for something that does not exist.</summary>
    public static IResult NotFound(string sentence) => Of(StatusCodes.Status404NotFound, sentence);

    /// <summary>Writes an error as the response to a call, outside an endpoint.</summary>
    public static Task Write(HttpContext context, int status, string sentence) => Of(status, sentence).ExecuteAsync(context);
}
