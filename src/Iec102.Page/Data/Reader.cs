using System.Security.Claims;

namespace Iec102.Page.Data;

/// <summary>What a page may know of who reads it. Whatever it shows, the server itself refuses what a reader may not do.</summary>
public static class Reader
{
    /// <summary>The claim with the digest of the key; only who has signed in has it.</summary>
    public const string KeyClaim = "iec102/key";

    /// <summary>The role that may change something.</summary>
    public const string Operate = "operate";

    /// <summary>Whether the reader has signed in; where there are no keys, nobody has.</summary>
    public static bool HasSignedIn(ClaimsPrincipal reader) => reader.HasClaim(claim => claim.Type == KeyClaim);

    /// <summary>Whether the reader may change something.</summary>
    public static bool MayOperate(ClaimsPrincipal reader) => reader.IsInRole(Operate);
}
