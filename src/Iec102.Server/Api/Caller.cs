using System.Net;
using System.Security.Claims;
using Iec102.Fleet;
using Iec102.Page.Data;

namespace Iec102.Server.Api;

/// <summary>Who calls.</summary>
/// <param name="Name">The name of the key, <see cref="Anonymous"/>, or the node that passes a call on.</param>
/// <param name="Role">What the caller may do.</param>
/// <param name="Address">From where: the address of the other end of the connection.</param>
internal sealed record Caller(string Name, ApiRole Role, string Address)
{
    /// <summary>The name of a caller where there are no keys.</summary>
    public const string Anonymous = "anonymous";

    private const string AddressClaim = "iec102/address";

    /// <summary>The SHA-256 of the key, as in the fleet file; null where none is needed, and of another node.</summary>
    public string? Key { get; private init; }

    /// <summary>Whether another node passes the call on, which has looked at who calls.</summary>
    public bool IsNode { get; init; }

    /// <summary>Whoever calls where there are no keys.</summary>
    public static Caller OfAnybody(string address) => new(Anonymous, ApiRole.Operate, address);

    /// <summary>Who calls with a key.</summary>
    public static Caller Of(ApiKey key, string address) => new(key.Name, key.Role, address) { Key = key.Sha256 };

    /// <summary>
    /// The caller that a user of the web server stands for: of a cookie, or of the live part of a page. What counts is what the fleet file
    /// says now: null when the key is no longer in it.
    /// </summary>
    public static Caller? Of(ClaimsPrincipal user, ApiConfiguration api)
    {
        var address = user.FindFirstValue(AddressClaim) ?? "";
        if (api.Keys.Count == 0)
            return OfAnybody(address);
        var key = user.FindFirstValue(Reader.KeyClaim);
        return api.Keys.FirstOrDefault(one => one.Sha256 == key) is { } found ? Of(found, address) : null;
    }

    /// <summary>Whether a caller that was let in would be now: its key has not left the fleet file. A node looks after its own.</summary>
    public bool IsStillKnown(ApiConfiguration api) => IsNode || api.Keys.Count == 0 || api.Keys.Any(one => one.Sha256 == Key);

    /// <summary>The caller as a user of the web server.</summary>
    public ClaimsPrincipal ToUser()
    {
        var claims = new List<Claim>
        {
            new(ClaimTypes.Name, Name), new(ClaimTypes.Role, NameOf(Role)), new(AddressClaim, Address),
        };
        if (Key is not null)
            claims.Add(new Claim(Reader.KeyClaim, Key));
        return new ClaimsPrincipal(new ClaimsIdentity(claims, Sessions.Scheme));
    }

    /// <summary>A role as the fleet file writes it.</summary>
    public static string NameOf(ApiRole role) => role == ApiRole.Operate ? Reader.Operate : "read";

    /// <summary>The address of the other end of a connection, as people write it.</summary>
    public static string AddressOf(HttpContext context) => context.Connection.RemoteIpAddress switch
    {
        null => "",
        { IsIPv4MappedToIPv6: true } mapped => mapped.MapToIPv4().ToString(),
        { } address => new IPAddress(address.GetAddressBytes()).ToString(),
    };
}
