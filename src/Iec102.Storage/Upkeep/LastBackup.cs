using System.Text.Json;
using NodaTime;
using NodaTime.Serialization.SystemTextJson;

namespace Iec102.Storage.Upkeep;

/// <summary>The last backup of a data directory, as is noted in the directory itself.</summary>
/// <param name="At">When it was made.</param>
/// <param name="File">The file.</param>
/// <param name="Bytes">Its size.</param>
public sealed record LastBackup(Instant At, string File, long Bytes)
{
    private static readonly JsonSerializerOptions Json =
        new JsonSerializerOptions(JsonSerializerDefaults.Web).ConfigureForNodaTime(DateTimeZoneProviders.Tzdb);

    /// <summary>Reads the note; null when there is none that can be read.</summary>
    public static LastBackup? Of(DataDirectory directory)
    {
        try
        {
            return JsonSerializer.Deserialize<LastBackup>(System.IO.File.ReadAllText(directory.LastBackupFile), Json);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Writes the note. Who may only read the directory can make backups nevertheless; the server does not know of them then.</summary>
    internal void Note(DataDirectory directory)
    {
        try
        {
            System.IO.File.WriteAllText(directory.LastBackupFile, JsonSerializer.Serialize(this, Json));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }
}
