using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Threading.RateLimiting;
using Iec102.Contract;
using Iec102.Page.Data;
using Iec102.Storage;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http.Features;

namespace Iec102.Server.Api;

/// <summary>
/// Signs people in with an API key, which their browser then need not keep: it gets a cookie that no script can read and that is not sent
/// with calls from other sites. The cookie is encrypted with keys of this server's own, names the key by its digest, and lets in only while
/// that key is in the fleet file. It ends with the browser, or after two weeks without a call.
/// </summary>
/// <param name="node">The server.</param>
/// <param name="audit">Where it is recorded.</param>
internal sealed class Sessions(ServerNode node, AuditLog audit) : ISignIn, IDisposable
{
    /// <summary>The name of this kind of authentication.</summary>
    public const string Scheme = "iec102";

    /// <summary>The path of the page on which people sign in.</summary>
    public const string Page = "/sign-in";

    /// <summary>The path to which a page sends the form that signs out.</summary>
    public const string SignOutPath = "/sign-out";

    /// <summary>What the audit log calls it.</summary>
    public const string SignIn = "sign-in";

    private const string SignOut = "sign-out";
    private const int TriesPerMinute = 10;
    private static readonly TimeSpan Idle = TimeSpan.FromDays(14);

    private readonly PartitionedRateLimiter<IPAddress> _tries = PartitionedRateLimiter.Create<IPAddress, IPAddress>(
        address => RateLimitPartition.GetFixedWindowLimiter(NetworkOf(address), _ => new FixedWindowRateLimiterOptions
        {
            PermitLimit = TriesPerMinute,
            Window = TimeSpan.FromMinutes(1),
        }));

    /// <summary>What sessions need of the web server.</summary>
    public static void Add(IServiceCollection services, DataDirectory data)
    {
        services.AddDataProtection().SetApplicationName(Scheme).PersistKeysToFileSystem(new DirectoryInfo(data.SessionsFolder));
        // Of several servers on one computer, each has a form of its own.
        var own = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(data.Path)))[..8];
        services.AddAntiforgery(options =>
            (options.Cookie.Name, options.Cookie.SecurePolicy) = ($"iec102-form-{own}", CookieSecurePolicy.SameAsRequest));
        services.AddAuthentication().AddCookie(Scheme, options =>
        {
            options.Cookie.Name = "iec102-session";
            options.Cookie.HttpOnly = true;
            options.Cookie.SameSite = SameSiteMode.Strict;
            options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            options.CookieManager = new PortCookies();
            options.ExpireTimeSpan = Idle;
        });
        services.AddSingleton<AuditLog>();
        services.AddSingleton<Sessions>();
        services.AddSingleton<ISignIn>(provider => provider.GetRequiredService<Sessions>());
    }

    /// <summary>Adds the calls to the routes.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/session", (HttpContext context) => Results.Json(
                ModelOf(context.Features.GetRequiredFeature<Caller>()), ContractJson.Options))
            .Answers<SessionModel>("Who calls, and what the caller may do.");
        routes.MapPost("/api/session", Task<IResult> (HttpContext context) => SignInAsync(context))
            .WithMetadata(new OpenToAll()).Accepts<SignInModel>("application/json")
            .AddEndpointFilter(CallRules.CheckAsync)
            .Answers<SessionModel>("Signs in with a key; the answer has a cookie in place of it.");
        routes.MapDelete("/api/session", async (HttpContext context) =>
            {
                await SignOutAsync(context);
                return Results.NoContent();
            })
            .WithMetadata(new OpenToAll()).Accepts<object>(isOptional: true, "application/json")
            .WithSummary("Signs out: takes the cookie away.").Produces(StatusCodes.Status204NoContent);
        routes.MapPost(SignOutPath, async (HttpContext context) =>
            {
                await SignOutAsync(context);
                return Results.LocalRedirect(Page);
            })
            .WithMetadata(new OpenToAll()).ExcludeFromDescription();
    }

    /// <inheritdoc/>
    public bool IsSignedIn(HttpContext context) => context.Features.Get<Caller>() is not null;

    /// <inheritdoc/>
    public async Task<SignInOutcome> SignInAsync(HttpContext context, string key)
    {
        var api = node.Fleet.Api;
        if (api.Keys.Count == 0)
            return SignInOutcome.NotNeeded;
        var address = Caller.AddressOf(context);
        // Only wrong keys count, but after too many of them a right one does not help either.
        if (!MayTry(context, permits: 0))
            return SignInOutcome.TooManyTries;
        if (ApiKeys.Find(key, api) is not { } found)
        {
            if (!MayTry(context, permits: 1))
                return SignInOutcome.TooManyTries;
            audit.RecordFailedSignIn(address);
            return SignInOutcome.WrongKey;
        }

        var caller = Caller.Of(found, address);
        await context.SignInAsync(Scheme, caller.ToUser());
        context.Features.Set(caller);
        audit.Record(caller, SignIn, "", StatusCodes.Status200OK);
        return SignInOutcome.SignedIn;
    }

    /// <inheritdoc/>
    public void Dispose() => _tries.Dispose();

    private bool MayTry(HttpContext context, int permits)
    {
        using var lease = _tries.AttemptAcquire(context.Connection.RemoteIpAddress ?? IPAddress.None, permits);
        return lease.IsAcquired;
    }

    private async Task<IResult> SignInAsync(HttpContext context)
    {
        if (await ApiEndpoints.ReadBody<SignInModel>(context) is not { Key: { } key })
            return Problem.Bad("The body must be JSON with the key, as {\"key\": \"...\"}.");
        return await SignInAsync(context, key) switch
        {
            SignInOutcome.SignedIn => Results.Json(ModelOf(context.Features.GetRequiredFeature<Caller>()), ContractJson.Options),
            SignInOutcome.WrongKey => Problem.Of(
                StatusCodes.Status401Unauthorized, "This key is not known: use one whose SHA-256 is in iec102.api.keys of the fleet file."),
            SignInOutcome.TooManyTries => Problem.Of(
                StatusCodes.Status429TooManyRequests,
                $"More than {TriesPerMinute} attempts to sign in came from this address within a minute: wait a minute."),
            _ => Problem.Bad("There are no API keys, so there is nothing to sign in with: every call is let in."),
        };
    }

    private async Task SignOutAsync(HttpContext context)
    {
        if (context.Features.Get<Caller>() is { Key: not null } caller)
            audit.Record(caller, SignOut, "", StatusCodes.Status200OK);
        await context.SignOutAsync(Scheme);
    }

    private static SessionModel ModelOf(Caller caller) => new(caller.Name, Caller.NameOf(caller.Role));

    /// <summary>Whoever has an IPv6 address usually has 2^64 of them.</summary>
    private static IPAddress NetworkOf(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6 || address.IsIPv4MappedToIPv6)
            return address;
        var octets = address.GetAddressBytes();
        octets.AsSpan(8).Clear();
        return new IPAddress(octets);
    }
}
