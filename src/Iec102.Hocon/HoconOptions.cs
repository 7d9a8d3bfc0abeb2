namespace Iec102.Hocon;

/// <summary>What parsing needs besides the text: environment variables and included files.</summary>
public sealed record HoconOptions
{
    /// <summary>Uses the process environment and the file system.</summary>
    public static HoconOptions Default { get; } = new();

    /// <summary>Looks up an environment variable for a substitution that the text does not define; null when there is none.</summary>
    public Func<string, string?> Environment { get; init; } = System.Environment.GetEnvironmentVariable;

    /// <summary>
    /// Reads an included file, given its path relative to the including file's folder (joined with that folder); returns null when there is
    /// no such file.
    /// An <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/> becomes an error at the include.
    /// </summary>
    public Func<string, string?> ReadFile { get; init; } = path => Path.Exists(path) ? TextFile.Read(path) : null;
}
