using System.Net;
using Iec102.Fleet;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Features;

namespace Iec102.Server.Api;

/// <summary>
/// Decides who may call what. If keys are configured, every call except the health probes needs one with a sufficient role: as
/// <c>Authorization: Bearer KEY</c>, or the session that a person has got for it (<see cref="Sessions"/>). The Host header must name this
/// server, so that a page in a browser cannot reach it under another name; and <see cref="ForeignOrigin"/> keeps such pages out. Another
/// node passes calls on with <see cref="NodeKey"/>.
/// </summary>
/// <param name="configuration">Returns the fleet, which has the keys, at the moment of a call: the fleet file may change.</param>
/// <param name="hosts">The names by which the server may be called, besides loopback.</param>
internal sealed class ApiAccess(Func<FleetConfiguration> configuration, IReadOnlySet<string> hosts)
{
    private const string How = "as 'Authorization: Bearer KEY', or with --key or IEC102_API_KEY on the command line";

    /// <summary>Middleware in front of all endpoints: makes the caller known, or refuses the call.</summary>
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Features.Get<OwnCall>() is { } own)
        {
            // The reader of the page was let in when it was opened, but the key may be gone since.
            if (Caller.Of(own.Reader, configuration().Api) is { } reader)
                await LetInAsync(context, reader, next);
            else
                await RefuseAsync(context);
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
            {
                var name = NodeKey.NameOf(context.Request.Headers);
                await LetInAsync(context, new Caller(name, passedOn, Caller.AddressOf(context)) { IsNode = true }, next);
            }
            else
            {
                await Problem.Write(
                    context, StatusCodes.Status401Unauthorized,
                    "The key of the nodes is wrong: iec102.cluster.key must be the same on every node.");
            }

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

        if (await FindAsync(context, api) is { } caller)
            await LetInAsync(context, caller, next);
        else if (context.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is not null)
            await next(context);
        else
            await RefuseAsync(context);
    }

    /// <summary>Middleware behind it: refuses what the role of the caller does not allow.</summary>
    public static Task CheckRoleAsync(HttpContext context, RequestDelegate next) =>
        context.GetEndpoint()?.Metadata.GetMetadata<NeedsOperate>() is not null
        && context.Features.GetRequiredFeature<Caller>() is { Role: not ApiRole.Operate } caller
            ? Problem.Write(
                context, StatusCodes.Status403Forbidden,
                $"The key '{caller.Name}' may only read; this call needs a key with the role operate.")
            : next(context);

    /// <summary>What the caller of a call may do.</summary>
    public static ApiRole RoleOf(HttpContext context) => context.Features.GetRequiredFeature<Caller>().Role;

    /// <summary>Who calls, for people.</summary>
    public static string NameOf(HttpContext context) =>
        context.Features.GetRequiredFeature<Caller>() is { Name: Caller.Anonymous } caller
            ? caller.Address
            : context.Features.GetRequiredFeature<Caller>().Name;

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

    private static Task LetInAsync(HttpContext context, Caller caller, RequestDelegate next)
    {
        if (context.Features.Get<ApiConnection>() is { } connection)
            connection.IsKnown = true;
        context.Features.Set(caller);
        context.User = caller.ToUser();
        return next(context);
    }

    /// <summary>Who calls; null when there are keys, and neither the call nor its cookie has one that is known.</summary>
    private static async Task<Caller?> FindAsync(HttpContext context, ApiConfiguration api)
    {
        const string scheme = "Bearer ";
        var address = Caller.AddressOf(context);
        if (api.Keys.Count == 0)
            return Caller.OfAnybody(address);
        if (context.Request.Headers.Authorization.Count > 0)
        {
            var header = context.Request.Headers.Authorization.ToString();
            return header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) && ApiKeys.Find(header[scheme.Length..], api) is { } key
                ? Caller.Of(key, address)
                : null;
        }

        return (await context.AuthenticateAsync(Sessions.Scheme)).Principal is { } user && Caller.Of(user, api) is { } known
            ? known with { Address = address }
            : null;
    }

    private static async Task RefuseAsync(HttpContext context)
    {
        var request = context.Request;
        if (HttpMethods.IsGet(request.Method) && request.GetTypedHeaders().Accept.Any(one => one.MediaType == "text/html"))
        {
            // A person, who can sign in.
            context.Response.Redirect($"{Sessions.Page}?return={Uri.EscapeDataString(request.Path + request.QueryString)}");
            return;
        }

        context.Response.Headers.WWWAuthenticate = "Bearer";
        await Problem.Write(
            context, StatusCodes.Status401Unauthorized,
            request.Headers.Authorization.Count > 0
                ? $"The API key that was sent is not known: send one from iec102.api.keys, {How}."
                : $"An API key is needed: send one from iec102.api.keys, {How}.");
    }

    private static string Normalise(string url) =>
        url.Replace("://*", "://0.0.0.0", StringComparison.Ordinal).Replace("://+", "://0.0.0.0", StringComparison.Ordinal);

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    /// <summary>Loopback, a bound name, or, when bound to all addresses, any literal address: a rebound name is never a literal.</summary>
    private bool IsOwnName(string host) =>
        IsLoopback(host) || hosts.Contains(host) || (hosts.Contains("*") && IPAddress.TryParse(host.Trim('[', ']'), out _));
}

/// <summary>Marks an endpoint that needs no key.</summary>
internal sealed record OpenToAll : IAllowAnonymous;

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
