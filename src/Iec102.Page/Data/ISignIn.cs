using Microsoft.AspNetCore.Http;

namespace Iec102.Page.Data;

/// <summary>What became of an attempt to sign in.</summary>
public enum SignInOutcome
{
    /// <summary>The answer has the cookie.</summary>
    SignedIn,

    /// <summary>The key is not in the fleet file.</summary>
    WrongKey,

    /// <summary>There were too many attempts from this address within a minute.</summary>
    TooManyTries,

    /// <summary>There are no keys, so everybody may do everything.</summary>
    NotNeeded,
}

/// <summary>Signs people in, for the page that asks for their key.</summary>
public interface ISignIn
{
    /// <summary>Whether a request needs no key, or has a session.</summary>
    bool IsSignedIn(HttpContext context);

    /// <summary>Signs in: when the key is right, the answer to the request has the cookie.</summary>
    Task<SignInOutcome> SignInAsync(HttpContext context, string key);
}
