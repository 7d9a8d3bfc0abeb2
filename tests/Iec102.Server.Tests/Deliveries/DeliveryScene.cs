using Iec102.Fleet;
using Iec102.Protocol.Application;
using Iec102.Server.Deliveries;
using Iec102.Storage.Exports;
using Iec102.Storage.Schema;
using Iec102.Storage.Writing;
using Microsoft.Extensions.Time.Testing;
using NodaTime;
using Period = Iec102.Server.Deliveries.Period;

namespace Iec102.Server.Tests.Deliveries;

/// <summary>
/// A folder, two meters of which a test says what is stored, and a table that can fail: by throwing before or after it does what it is
/// told, as when the process is killed there.
/// </summary>
internal sealed class DeliveryScene : IDeliverySource, IDeliveryTable, IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("iec102-deliveries-");
    private readonly Dictionary<(string, string, int), DeliveredFile> _rows = [];

    public DeliveryScene() => Delivery = new DeliveryConfiguration
    {
        Name = "daily",
        Folder = Folder,
        At = new LocalTime(6, 30),
    };

    private static FleetConfiguration Plain { get; } = FleetReader.Read(
        """
        iec102 {
          ports.north.tcp = "192.0.2.1:4001"
          meters.m-1 { port = north, password = 1, link-address = 1 }
          meters.m-2 { port = north, password = 1, link-address = 2 }
        }
        """,
        "fleet.conf").Configuration!;

    public FleetConfiguration Fleet => Plain with
    {
        Deliveries = IsGone ? [] : [Delivery],
        Retention = new RetentionConfiguration { Profiles = Retention },
    };

    /// <summary>How long curves are kept; null for ever.</summary>
    public TimeSpan? Retention { get; set; }

    public DeliveryConfiguration Delivery { get; set; }

    public bool IsGone { get; set; }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 30, 5, 30, 0, TimeSpan.Zero));

    /// <summary>The numbers of the hours of 29 November that are stored of m-1, and those read again.</summary>
    public List<int> Hours { get; } = [1, 2, 3];

    /// <summary>For how many of the two meters the day is complete.</summary>
    public int Complete { get; set; } = 1;

    /// <summary>Called in front of each step and behind it, with its name; throws to fail or to be killed there.</summary>
    public Action<string> Step { get; set; } = _ => { };

    public string Folder => Path.Combine(_folder.FullName, "out");

    public DeliveryWork Work(string? node = null) => new(this, this, node, Time);

    public Task<DeliveryLook> LookAsync(bool isAsked = false, string? node = null) =>
        Work(node).LookAsync(Fleet, Delivery, isAsked, CancellationToken.None);

    /// <summary>The files in the folder that others fetch, with how many intervals each has, by name.</summary>
    public IReadOnlyList<string> Files() => !Directory.Exists(Folder) ? [] :
    [
        .. Directory.GetFiles(Folder).Select(file => $"{Path.GetFileName(file)} {File.ReadAllLines(file).Length - 1}")
            .Where(file => !file.StartsWith('.')).Order(StringComparer.Ordinal),
    ];

    /// <summary>The names of the parts in the folder.</summary>
    public IReadOnlyList<string> Parts() =>
        Directory.Exists(Folder) ? [.. Directory.GetFiles(Folder, ".*").Select(file => Path.GetFileName(file))] : [];

    public void Dispose() => _folder.Delete(recursive: true);

    public long Stored(IReadOnlyList<DeliveredCurve> curves)
    {
        Step("stored");
        return curves.Sum(one => ShownOf(one).Count);
    }

    public ProfileSeries Read(DeliveredCurve curve) => new(curve.Meter.Id, curve.Curve, curve.Meter.TimeZone, IntervalsOf(curve));

    public Task<DeliveredMeters?> CompleteAsync(FleetConfiguration fleet, Period period, IReadOnlyList<DeliveredCurve> curves) =>
        Task.FromResult<DeliveredMeters?>(new DeliveredMeters(Complete, 2));

    IReadOnlyList<DeliveredFile> IDeliveryTable.Read()
    {
        Step("read");
        return Rows;
    }

    /// <summary>What the table holds.</summary>
    public IReadOnlyList<DeliveredFile> Rows =>
        [.. _rows.Values.OrderBy(one => one.Period, StringComparer.Ordinal).ThenBy(one => one.Version)];

    public void Forget() => _rows.Clear();

    public bool Add(DeliveredFile file) => Do("add", () => _rows.TryAdd((file.Name, file.Period, file.Version), file));

    public void Replace(DeliveredFile file) => Do("replace", () => _rows[(file.Name, file.Period, file.Version)] = file);

    public void Remove(DeliveredFile file) => Do("remove", () => _rows.Remove((file.Name, file.Period, file.Version)));

    public string? Describe(Exception problem) => problem is TimeoutException ? null : problem.Message;

    private T Do<T>(string name, Func<T> work)
    {
        Step($"before {name}");
        var done = work();
        Step($"after {name}");
        return done;
    }

    private List<int> ShownOf(DeliveredCurve curve) =>
        curve.Meter.Id == "m-1" && curve.Range.Contains(Instant.FromUtc(2026, 11, 29, 12, 0)) ? Hours : [];

    private IEnumerable<StoredInterval> IntervalsOf(DeliveredCurve curve)
    {
        foreach (var group in ShownOf(curve).GroupBy(hour => hour))
        {
            Step("interval");
            var row = new TotalsRow();
            row.Set(ObjectAddress.FirstTotal, (uint)(group.Key * 100 + group.Count()), default);
            yield return new StoredInterval(
                curve.Range.From + Duration.FromHours(group.Key), row, 60, group.Count() - 1, 1, 11, default, curve.Range.To);
        }
    }

    /// <summary>The contents of a file.</summary>
    public string TextOf(string file) => File.ReadAllText(Path.Combine(Folder, file));
}
