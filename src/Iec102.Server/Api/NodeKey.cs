using System.Security.Cryptography;
using System.Text;
using Iec102.Fleet;

namespace Iec102.Server.Api;

/// <summary>
/// How nodes call one another: the headers of a call that a node passes on. The node that was called has looked at who calls, and says with
/// the nodes' common key what that caller may do. Without such a key, the caller's own key is passed on.
/// </summary>
internal static class NodeKey
{
    /// <summary>The header with the common key.</summary>
    public const string Key = "Iec102-Node-Key";

    /// <summary>The header with the role of the original caller.</summary>
    public const string Role = "Iec102-Node-Role";

    /// <summary>The header with the name of the original caller, escaped as in an address.</summary>
    public const string Name = "Iec102-Node-Caller";

    /// <summary>The header with the id of the node that passes the call on; such a call is never passed on again.</summary>
    public const string From = "Iec102-Node";

    private const string Operate = "operate";
    private const string Read = "read";

    /// <summary>Whether a node has passed this call on.</summary>
    public static bool IsPassedOn(HttpContext context) => context.Request.Headers.ContainsKey(From);

    /// <summary>Says in a request to another node who passes it on, and for whom: a call, or this node itself, which only reads.</summary>
    public static void Add(HttpRequestMessage request, string self, SecretText? key, HttpContext? call)
    {
        // Whatever the caller may have said under these names.
        foreach (var name in (ReadOnlySpan<string>)[From, Key, Role, Name])
            request.Headers.Remove(name);
        request.Headers.Add(From, self);
        request.Headers.Authorization = null;
        if (key is null)
        {
            if (call?.Request.Headers.Authorization.ToString() is { Length: > 0 } own)
                request.Headers.TryAddWithoutValidation("Authorization", own);
            return;
        }

        request.Headers.Add(Key, key.Reveal());
        request.Headers.Add(Role, call is not null && ApiAccess.RoleOf(call) == ApiRole.Operate ? Operate : Read);
        request.Headers.Add(Name, Uri.EscapeDataString(call is null ? $"node {self}" : ApiAccess.NameOf(call)));
    }

    /// <summary>The name of the original caller; that of the node when it is an older one, which does not say it.</summary>
    public static string NameOf(IHeaderDictionary headers) =>
        headers[Name].ToString() is { Length: > 0 } name ? Uri.UnescapeDataString(name) : $"node {headers[From]}";

    /// <summary>The role that a call has by the key of the nodes; null when the key is wrong, or the role is unknown.</summary>
    public static ApiRole? RoleOf(IHeaderDictionary headers, SecretText? key)
    {
        // Digests of equal length, compared in constant time, so that the response time reveals nothing.
        if (key is null || !CryptographicOperations.FixedTimeEquals(Digest(headers[Key].ToString()), Digest(key.Reveal())))
            return null;
        return headers[Role].ToString() switch
        {
            Operate => ApiRole.Operate,
            Read => ApiRole.Read,
            _ => null,
        };
    }

    private static byte[] Digest(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
