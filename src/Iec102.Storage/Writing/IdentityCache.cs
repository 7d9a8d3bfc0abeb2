using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization;
using Iec102.Acquisition.Meters;
using Iec102.Protocol.Time;

namespace Iec102.Storage.Writing;

/// <summary>
/// What the database knows of each meter that its actor must know before it reads: the serial number and how it labels summer time. It is
/// kept in a small file of this server too, so that a server that starts while its database is away can read its meters all the same.
/// </summary>
/// <param name="file">The file.</param>
internal sealed class IdentityCache(string file)
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
    };

    private readonly Lazy<ConcurrentDictionary<string, Known>> _meters = new(() => Read(file));

    private sealed record Known(uint? SerialNumber, SummerTimeHabit? Habit);

    /// <summary>
    /// What was last known of a meter; null when nothing was. Its facts are not kept: they are read again, and stored once all the same.
    /// </summary>
    public KnownIdentity? Of(string meter) => _meters.Value.TryGetValue(meter, out var known)
        ? new KnownIdentity(meter, known.SerialNumber, known.Habit, [], [])
        : null;

    /// <summary>Takes what a batch has stored and what was answered after it; writes the file when it says anything new.</summary>
    public void Take(WriteBatch batch, BatchStored stored)
    {
        var isNew = false;
        foreach (var known in stored.Answers.Values.OfType<KnownIdentity>())
            Set(known.Meter, _ => new Known(known.SerialNumber, known.Habit));
        foreach (var (meter, identity) in batch.Identities)
            Set(meter, before => before with { SerialNumber = identity.Identification.SerialNumber });
        foreach (var (meter, habit) in batch.Habits)
            Set(meter, before => before with { Habit = habit.Habit });
        if (isNew)
            Write();

        void Set(string meter, Func<Known, Known> change)
        {
            var before = _meters.Value.GetValueOrDefault(meter);
            var now = change(before ?? new Known(null, null));
            isNew |= now != before;
            _meters.Value[meter] = now;
        }
    }

    /// <summary>A file that is not whole is as good as none: it is written anew when the database answers.</summary>
    private static ConcurrentDictionary<string, Known> Read(string file)
    {
        try
        {
            return new(JsonSerializer.Deserialize<Dictionary<string, Known>>(File.ReadAllText(file), Format) ?? []);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return [];
        }
    }

    /// <summary>Without the file the server works too, as long as it does not start while the database is away.</summary>
    private void Write()
    {
        try
        {
            File.WriteAllText($"{file}.partial", JsonSerializer.Serialize(_meters.Value.OrderBy(one => one.Key, StringComparer.Ordinal)
                .ToDictionary(), Format));
            File.Move($"{file}.partial", file, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Tried again with the next batch that says anything new.
        }
    }
}
