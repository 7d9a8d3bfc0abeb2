using Iec102.Acquisition;
using Iec102.Acquisition.Fleets;
using Iec102.Contract;
using Iec102.Fleet;
using Iec102.Storage.Exports;
using Iec102.Storage.Writing;
using NodaTime;

namespace Iec102.Server.Deliveries;

/// <summary>What a look at a delivery has brought.</summary>
/// <param name="Delivery">The delivery.</param>
/// <param name="Files">What is known of its files; null when that could not be read.</param>
/// <param name="Written">The files that were written.</param>
/// <param name="Empty">The periods of which nothing is stored, seen for the first time.</param>
/// <param name="Problem">Why the look has ended early; null when it has not.</param>
internal sealed record DeliveryLook(
    DeliveryConfiguration Delivery, IReadOnlyList<DeliveredFile>? Files, IReadOnlyList<DeliveredFile> Written, IReadOnlyList<string> Empty,
    DeliveryProblem? Problem);

/// <summary>Why a look has ended early.</summary>
/// <param name="Sentence">In one sentence.</param>
/// <param name="IsSaid">Whether others log it already: the database is away.</param>
internal sealed record DeliveryProblem(string Sentence, bool IsSaid);

/// <summary>
/// Looks at a delivery and writes what is due. The order of the steps makes that a kill at any moment neither forgets nor doubles a file: a
/// part is written, the database is told of its name and contents, the part gets its own name, and the database is told so. What it finds
/// begun, it ends.
/// </summary>
/// <param name="source">Where the contents come from.</param>
/// <param name="table">Where what was delivered is kept.</param>
/// <param name="node">The node; null when the server is alone.</param>
/// <param name="time">The clock.</param>
internal sealed class DeliveryWork(IDeliverySource source, IDeliveryTable table, string? node, TimeProvider time)
{
    /// <summary>The moment as it is stored.</summary>
    private Instant Now => Instant.FromUnixTimeMilliseconds(time.Now().ToUnixTimeMilliseconds());

    /// <summary>Looks at a delivery.</summary>
    /// <param name="fleet">The fleet.</param>
    /// <param name="delivery">The delivery.</param>
    /// <param name="isAsked">Whether the last whole period is wanted now, also before its time.</param>
    /// <param name="ct">Ends it.</param>
    public async Task<DeliveryLook> LookAsync(
        FleetConfiguration fleet, DeliveryConfiguration delivery, bool isAsked, CancellationToken ct)
    {
        var folder = new DeliveryFolder(delivery, node);
        var (written, empty) = (new List<DeliveredFile>(), new List<string>());
        List<DeliveredFile>? files = null;
        try
        {
            var all = table.Read();
            folder.RemoveStaleParts(all);
            files = [.. all.Where(file => file.Name == delivery.Name)];
            var now = time.Now().InZone(fleet.TimeZone).LocalDateTime;
            IEnumerable<Period> periods = DeliveryPlan.Periods(delivery, files, now);
            if (isAsked)
                periods = periods.Append(Period.EndedBy(delivery.What, now.Date)).Distinct();
            foreach (var period in periods)
            {
                ct.ThrowIfCancellationRequested();
                var before = DeliveryPlan.Newest(files, period.Name);
                var newest = await DeliverAsync(fleet, delivery, folder, period, files, ct);
                if (newest is null || newest == before)
                    continue;
                files.RemoveAll(file => (file.Period, file.Version) == (newest.Period, newest.Version));
                files.Add(newest);
                if (newest.Version == 0)
                    empty.Add(period.Name);
                else if (newest.Version != before?.Version || before.Part is not null)
                    written.Add(newest);
            }

            return new DeliveryLook(delivery, files, written, empty, null);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            var sentence = folder.Describe(e) ?? table.Describe(e);
            return new DeliveryLook(delivery, files, written, empty, new DeliveryProblem(sentence ?? e.Message, IsSaid: sentence is null));
        }
    }

    /// <summary>The curves that a file holds, in the order in which they stand there.</summary>
    private static List<DeliveredCurve> CurvesOf(FleetConfiguration fleet, DeliveryConfiguration delivery, Period period) =>
    [
        .. from meter in fleet.Meters.Where(delivery.Has).OrderBy(meter => meter.Id, NaturalOrder.Instance)
           from curve in delivery.Curves.Count > 0 ? delivery.Curves : FleetPlan.CurvesOf(meter).Select(curve => curve.Name())
           select new DeliveredCurve(meter, curve, period.RangeIn(meter.TimeZone, curve == ProfileSeries.DailyClosing)),
    ];

    /// <summary>Delivers a period, if there is something new; the newest version after that, null when another node is at it.</summary>
    private async Task<DeliveredFile?> DeliverAsync(
        FleetConfiguration fleet, DeliveryConfiguration delivery, DeliveryFolder folder, Period period, List<DeliveredFile> files,
        CancellationToken ct)
    {
        var newest = DeliveryPlan.Newest(files, period.Name);
        if (newest is { Part: not null } begun && (newest = Finish(folder, begun)) is null)
        {
            files.Remove(begun);
            newest = DeliveryPlan.Newest(files, period.Name);
        }

        var curves = CurvesOf(fleet, delivery, period);
        var stored = source.Stored(curves);
        if (stored == 0 && newest is null)
        {
            var none = new DeliveredFile(delivery.Name, period.Name, 0, Now, "", null, "", 0, 0, null, null);
            return table.Add(none) ? none : null;
        }

        var isNew = stored > (newest?.Stored ?? 0);
        // There are fewer when the delivery has fewer meters than before: more of those is to be seen.
        var counted = newest is not null && HasForgotten(fleet, period) ? newest.Stored : stored;
        if (newest is not null && !isNew && newest.Complete == newest.Meters && newest.Stored == counted)
            return newest;
        var meters = await source.CompleteAsync(fleet, period, curves);
        return isNew
            ? await WriteAsync(
                delivery, folder, curves, newest,
                new DeliveredFile(
                    delivery.Name, period.Name, (newest?.Version ?? 0) + 1, Now, "", null, "", 0, stored, meters?.Complete, meters?.Of),
                ct)
            : Update(newest!, counted, meters?.Complete, meters?.Of);
    }

    /// <summary>
    /// Whether the retention has deleted something of a period: a further version of it would lack what the last one has.
    /// </summary>
    private bool HasForgotten(FleetConfiguration fleet, Period period) =>
        fleet.Retention.Profiles is { } kept
        && Now - Duration.FromTimeSpan(kept) > fleet.TimeZone.AtStartOfDay(period.First).ToInstant();

    /// <summary>Writes a version.</summary>
    private async Task<DeliveredFile?> WriteAsync(
        DeliveryConfiguration delivery, DeliveryFolder folder, List<DeliveredCurve> curves, DeliveredFile? newest, DeliveredFile made,
        CancellationToken ct)
    {
        var part = folder.PartOf(DeliveryPlan.FileName(delivery, made.Period, made.Version));
        try
        {
            var (sha256, intervals) = await folder.WriteAsync(part, curves.Select(source.Read), ct);
            made = made with { Sha256 = sha256, Intervals = intervals };
        }
        catch
        {
            TryDelete(folder, part);
            throw;
        }

        if (made.Sha256 == newest?.Sha256)
        {
            folder.Delete(part);
            return Update(newest, made.Stored, made.Complete, made.Meters);
        }

        // Names are taken when the database was replaced by an older one, or when another server delivers there too.
        while (folder.Has(FileOf(made)) && !folder.Has(FileOf(made), made.Sha256))
            made = made with { Version = made.Version + 1 };
        made = made with { File = FileOf(made) };
        var isThere = folder.Has(made.File);
        if (isThere || !table.Add(made with { Part = part }))
        {
            folder.Delete(part);
            return isThere && table.Add(made) ? made : null;
        }

        folder.Rename(part, made.File);
        table.Replace(made);
        return made;

        string FileOf(DeliveredFile file) => DeliveryPlan.FileName(delivery, file.Period, file.Version);
    }

    /// <summary>Ends what was begun before a kill; null when that is to be begun anew.</summary>
    private DeliveredFile? Finish(DeliveryFolder folder, DeliveredFile begun)
    {
        var (part, done) = (begun.Part!, begun with { Part = null });
        var isThere = folder.Has(begun.File, begun.Sha256);
        if (folder.Has(part))
        {
            if (!isThere && (folder.Has(begun.File) || !folder.Has(part, begun.Sha256)))
            {
                // Somebody else has taken the name, or the disk has lost something.
                table.Remove(begun);
                folder.Delete(part);
                return null;
            }

            if (isThere)
                folder.Delete(part);
            else
                folder.Rename(part, begun.File);
        }
        else if (!isThere)
        {
            // It was fetched already, or the folder is another one by now: to be sure it is delivered once more, as a version that says so.
            done = done with { Sha256 = "", Stored = 0 };
        }

        table.Replace(done);
        return done;
    }

    /// <summary>Notes how complete a version is by now, of which nothing more is stored.</summary>
    private DeliveredFile Update(DeliveredFile newest, long stored, int? complete, int? meters)
    {
        var now = newest with { Stored = stored, Complete = complete, Meters = meters };
        if (now != newest)
            table.Replace(now);
        return now;
    }

    private static void TryDelete(DeliveryFolder folder, string part)
    {
        try
        {
            folder.Delete(part);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next look tries it again.
        }
    }
}
