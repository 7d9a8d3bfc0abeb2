using System.Diagnostics;
using Iec102.Acquisition.Ports;
using Iec102.Fleet;
using Iec102.Lines;
using Iec102.Protocol.Link;
using Iec102.Server.Commands.Common;
using Iec102.Server.OneOff;
using NodaTime;

namespace Iec102.Server.Commands.Probing;

/// <summary>Scans a line, in one format after another, and questions each meter that it finds.</summary>
/// <param name="line">The line.</param>
/// <param name="range">The link addresses.</param>
/// <param name="passwords">The passwords to try.</param>
/// <param name="point">The measurement point.</param>
/// <param name="replyTimeout">How long to wait for each address.</param>
/// <param name="zone">The zone of the meters' civil time.</param>
internal sealed class LineProbe(
    ChosenLine line, LinkRange range, IReadOnlyList<NamedPassword> passwords, ushort point, TimeSpan replyTimeout, DateTimeZone zone)
{
    /// <summary>A meter that answers at all gets more time for its answers than an address that may not be in use.</summary>
    private static readonly TimeSpan LeastReplyTimeout = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long after it was opened a line may be deaf without anybody saying so; --connect-delay says it, and is waited for instead.
    /// </summary>
    private static readonly TimeSpan LongestDeafness = TimeSpan.FromSeconds(10);

    private readonly List<MeterFindings> _meters = [];
    private LineFormat _format;
    private long _junkOctets;
    private string? _remark;

    /// <summary>The preset whose password is tried; null when others are.</summary>
    public string? Preset { get; init; }

    /// <summary>The number of the only meter that is looked for, when it was given.</summary>
    public string? MeterNumber { get; init; }

    /// <summary>What was found; null when nothing was.</summary>
    public ProbeReport? Report { get; private set; }

    /// <summary>Why nothing, or not everything, was found, as one sentence.</summary>
    public string? Problem { get; private set; }

    /// <summary>The formats to try, the chosen one first. Any single one when it is set in the converter.</summary>
    private IEnumerable<LineFormat> Formats => !line.HasFormat
        ? [default]
        : (line.Format is { } chosen ? [chosen] : (LineFormat[])[]).Concat(Fleet.Preset.All.Select(preset => preset.Line)).Distinct();

    /// <summary>Scans and asks.</summary>
    /// <param name="error">Where the progress is shown.</param>
    /// <param name="ct">Stops the probe; what was found is kept.</param>
    /// <exception cref="LineException">The line cannot be opened.</exception>
    public async Task RunAsync(TextWriter error, CancellationToken ct)
    {
        var began = Stopwatch.GetTimestamp();
        var tried = new List<LineFormat>();
        foreach (var format in Formats)
        {
            tried.Add(_format = format);
            await ScanAndAskAsync(error, ct);
            if (_meters.Count > 0 || Problem is not null)
                break;
        }

        if (_meters.Count > 0)
            Report = new ProbeReport(
                line, line.HasFormat ? _format : null, range.First, range.Last, Stopwatch.GetElapsedTime(began), zone, _meters)
            {
                Preset = Preset,
                MeterNumber = MeterNumber,
            };
        else
            Problem ??= NothingFound(tried);
    }

    private async Task ScanAndAskAsync(TextWriter error, CancellationToken ct)
    {
        var factory = line.Factory(_format);
        await using var open = await factory.OpenAsync(ct);
        var deafFor = line.ConnectDelay is null ? LongestDeafness : TimeSpan.Zero;
        var scan = new LinkScan(open, replyTimeout, deafFor, TimeProvider.System);
        await ProgressBar.RunAsync(
            error, $"link addresses {range.First} to {range.Last}, {factory.Address}", progress => ScanAsync(scan, progress, ct));
        _junkOctets += scan.JunkOctets;
        _remark = scan.Remark ?? _remark;
        if (scan.Found.Count == 0)
            return;
        await using var port = new OneOffPort(new OpenLineFactory(open, factory), Settings);
        foreach (var address in scan.Found)
            await ProgressBar.RunAsync(error, $"the meter at link {address}", progress => AskAsync(port, factory, address, progress, ct));
    }

    private async Task ScanAsync(LinkScan scan, WorkProgress progress, CancellationToken ct)
    {
        try
        {
            await scan.RunAsync(
                range.Addresses, address => progress.Report((double)(address - range.First) / (range.Last - range.First + 1)), ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            Problem = "The probe was stopped: not every link address was asked.";
        }
        catch (LineException lost)
        {
            Problem = $"{scan.Loss(lost).TrimEnd('.')}: not every link address was asked.";
        }
    }

    private async Task AskAsync(OneOffPort port, ILineFactory factory, ushort address, WorkProgress progress, CancellationToken ct)
    {
        var meter = new OneOffMeter(factory, Settings, new MeterConfiguration
        {
            Id = $"link {address}",
            Port = Settings.Id,
            LinkAddress = address,
            PointAddress = point,
            Password = default,
            TimeZone = zone,
            CurrentValues = OneOffMeter.OnlyWhenAsked,
        });
        var probe = new MeterProbe(port, meter, progress, ct);
        await probe.RunAsync(passwords);
        _meters.Add(probe.Findings);
        if (ct.IsCancellationRequested)
            Problem ??= "The probe was stopped: not every meter was asked everything.";
    }

    private PortSettings Settings => new()
    {
        Id = "line",
        IsTcp = line.Tcp is not null,
        Hold = null,
        Timing = new LinkTiming
        {
            ReplyTimeout = replyTimeout > LeastReplyTimeout ? replyTimeout : LeastReplyTimeout,
            Retries = 2,
            NoContentLimit = TimeSpan.FromSeconds(20),
            CharacterTime = line.HasFormat ? _format.CharacterTime : TimeSpan.Zero,
        },
    };

    private string NothingFound(List<LineFormat> tried)
    {
        var where = (line.Tcp?.Name ?? line.Device) + (line.HasFormat ? $" with {string.Join(" or ", tried)}" : "");
        var addresses = range.First == range.Last ? $"link address {range.First}" : $"link addresses {range.First} to {range.Last}";
        var hint = _remark is not null
            ? _remark
            : _junkOctets > 0
            ? $"{_junkOctets} octets arrived that are not frames: try another line format (--line), or the line has another protocol"
            : "check the wiring and that the meter is powered, and try other link addresses (many meters have the last five digits of "
                + "their number)";
        return $"Nothing answers on {where} at {addresses}: {hint}.";
    }
}
