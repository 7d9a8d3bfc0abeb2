using System.Security.Cryptography;
using System.Text;
using Iec102.Fleet;

namespace Iec102.Server.Api;

/// <summary>Finds out whose a key is.</summary>
internal static class ApiKeys
{
    /// <summary>The entry of the fleet file for a key; null when there is none.</summary>
    public static ApiKey? Find(string text, ApiConfiguration api)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(text.Trim()), digest);
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
