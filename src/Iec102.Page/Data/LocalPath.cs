namespace Iec102.Page.Data;

/// <summary>Keeps an address that came with a request from leading away from this server.</summary>
public static class LocalPath
{
    /// <summary>
    /// The path if it is one of this server, otherwise /. Browsers take //host and /\host for other servers, and leave out what is not
    /// visible.
    /// </summary>
    public static string OrRoot(string? path) =>
        path is ['/'] or ['/', not ('/' or '\\'), ..] && !path.Any(char.IsControl) && !path.Contains('\\') ? path : "/";
}
