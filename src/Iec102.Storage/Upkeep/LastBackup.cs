using System.Text.Json;
using NodaTime;
using NodaTime.Text;

namespace Iec102.Storage.Upkeep;

/// <summary>The last backup of a data directory, as is noted in the directory itself.</summary>
/// <param name="At">When it was made.</param>
/// <param name="File">The file.</param>
/// <param name="Bytes">Its size.</param>
public sealed record LastBackup(Instant At, string File, long Bytes)
{
    private sealed record Noted(string At, string File, long Bytes);

    /// <summary>Reads the note; null when there is none that can be read.</summary>
    public static LastBackup? Of(DataDirectory directory)
    {
        try
        {
            var noted = JsonSerializer.Deserialize<Noted>(System.IO.File.ReadAllText(directory.LastBackupFile));
            return noted is { At: { } at, File: { } file } && InstantPattern.ExtendedIso.Parse(at).TryGetValue(default, out var when)
                ? new LastBackup(when, file, noted.Bytes)
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Writes the note.</summary>
    internal void Note(DataDirectory directory)
    {
        try
        {
            System.IO.File.WriteAllText(
                directory.LastBackupFile, JsonSerializer.Serialize(new Noted(InstantPattern.ExtendedIso.Format(At), File, Bytes)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Who may only read the directory can make backups nevertheless; the server does not know of them then.
        }
    }
}
