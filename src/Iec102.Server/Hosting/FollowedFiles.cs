using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.FileProviders.Physical;

namespace Iec102.Server.Hosting;

/// <summary>
/// Looks at files every few seconds and calls back once when one has changed, appeared or vanished. It looks up each file by its path and
/// so also sees what file system notifications miss: a file that has replaced another, a mounted file, one on a network drive.
/// </summary>
internal sealed class FollowedFiles : IDisposable
{
    private readonly List<IDisposable> _held = [];

    /// <summary>Begins to follow files.</summary>
    /// <param name="files">Full paths.</param>
    /// <param name="changed">Called from any thread.</param>
    public FollowedFiles(IEnumerable<string> files, Action changed)
    {
        foreach (var ofRoot in files.GroupBy(file => Path.GetPathRoot(file)!, StringComparer.Ordinal))
        {
            var provider = new PhysicalFileProvider(ofRoot.Key, ExclusionFilters.None)
            {
                UsePollingFileWatcher = true,
                UseActivePolling = true,
            };
            _held.Add(provider);
            foreach (var file in ofRoot)
                _held.Add(provider.Watch(file[ofRoot.Key.Length..]).RegisterChangeCallback(_ => changed(), null));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _held.ForEach(one => one.Dispose());
}
