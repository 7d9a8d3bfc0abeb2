using System.Security.Cryptography;
using Iec102.Fleet;
using Iec102.Fleet.Changes;
using Iec102.Hocon;

namespace Iec102.Server.Api;

/// <summary>The fleet file of this server, which the API may change: one change at a time, and only of the file that was shown.</summary>
/// <param name="path">The file.</param>
/// <param name="read">Reads the fleet, with files from another source, as this server reads it.</param>
/// <param name="saved">Has the file read at once.</param>
internal sealed class FleetFile(string path, Func<HoconOptions, FleetReading> read, Action saved)
{
    private const int HashLength = 32;
    private readonly Lock _gate = new();

    /// <summary>The file.</summary>
    public string Path => path;

    /// <summary>The hash of the file as it is on the disk; null when it cannot be read.</summary>
    public string? Hash
    {
        get
        {
            try
            {
                return HashOf(Octets());
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return null;
            }
        }
    }

    /// <summary>Makes changes, and saves them if that is wanted and nothing is wrong with the file then.</summary>
    /// <param name="changes">The changes.</param>
    /// <param name="basis">The hash of the file that they were made for; null for whichever is there.</param>
    /// <param name="save">Whether the file is to be written.</param>
    /// <returns>The changed file; null when the file is not the one that the changes were made for.</returns>
    /// <exception cref="IOException">The file cannot be read or written.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not read or write it.</exception>
    public ChangedFleetFile? Change(FleetChanges changes, string? basis, bool save)
    {
        lock (_gate)
        {
            var octets = Octets();
            var hash = HashOf(octets);
            if (basis is not null && basis != hash)
                return null;
            var (text, encoding) = TextFile.Decode(octets);
            var (changed, refused) = FleetFileText.Change(text, path, changes);
            byte[] written = [.. encoding.Preamble, .. encoding.GetBytes(changed)];
            var problems = refused.Count > 0 ? refused
                : TextFile.Decode(written).Text != changed
                ? [new FleetProblem(path, 1, 1, "", "the encoding of the file lacks a character: save the file as UTF-8 first.")]
                : read(HoconOptions.Default with { ReadFile = file => file == path ? changed : HoconOptions.Default.ReadFile(file) })
                    .Problems;
            var isSaved = save && problems.Count == 0 && changed != text;
            if (isSaved)
            {
                FileReplacement.Replace(path, written);
                saved();
            }

            return new ChangedFleetFile(hash, HashOf(written), DifferenceOf(text, changed), problems, isSaved);
        }
    }

    private byte[] Octets() => RegularFile.Read(path, TextFile.MostOctets);

    private IReadOnlyList<string> DifferenceOf(string text, string changed) =>
        text == changed ? [] : LineDifference.Of(text, changed, each => FleetSecrets.Masked(each, path));

    private static string HashOf(byte[] octets) => Convert.ToHexStringLower(SHA256.HashData(octets))[..HashLength];
}

/// <summary>What a change of the fleet file has come to.</summary>
/// <param name="Before">The hash of the old file.</param>
/// <param name="After">The hash of the new file.</param>
/// <param name="Difference">What differs, without secrets.</param>
/// <param name="Problems">Why the new file cannot be saved.</param>
/// <param name="IsSaved">Whether it was.</param>
internal sealed record ChangedFleetFile(
    string Before, string After, IReadOnlyList<string> Difference, IReadOnlyList<FleetProblem> Problems, bool IsSaved);
