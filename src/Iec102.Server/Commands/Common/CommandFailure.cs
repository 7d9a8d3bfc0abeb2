namespace Iec102.Server.Commands.Common;

/// <summary>Ends a command with one plain sentence on standard error and an exit status.</summary>
/// <param name="exitCode">The exit status.</param>
/// <param name="sentence">What happened and what to do.</param>
internal sealed class CommandFailure(int exitCode, string sentence) : Exception(sentence)
{
    /// <summary>The meter or line failed or refused.</summary>
    public const int Failed = 1;

    /// <summary>Wrong usage or configuration.</summary>
    public const int WrongUsage = 2;

    /// <summary>The exit status.</summary>
    public int ExitCode { get; } = exitCode;
}
