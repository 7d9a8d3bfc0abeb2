using Iec102.Acquisition.Meters;
using Iec102.Acquisition.Ports;
using Iec102.Acquisition.Tasks;
using Iec102.Protocol.Application;

namespace Iec102.Server.OneOff;

/// <summary>
/// Asks a meter that is to be added who it is, what time it has and what it measures, which takes one login and four short questions.
/// Nothing is written to the meter.
/// </summary>
/// <param name="port">The line.</param>
/// <param name="meter">The meter.</param>
internal sealed class MeterCheck(IExchangePort port, OneOffMeter meter)
{
    private readonly OneOffSession _session = new(port, meter, new WorkProgress(_ => { }, _ => { }));

    /// <summary>The meter's clock, when it has told it.</summary>
    public ClockReading? Clock { get; private set; }

    /// <summary>Who the meter is, when it has told that.</summary>
    public DeviceIdentification? Identification { get; private set; }

    /// <summary>What it measures at present.</summary>
    public IReadOnlyList<CurrentValue> Values { get; private set; } = [];

    /// <summary>Whether the meter let us in.</summary>
    public bool WasOpen => _session.WasOpen;

    /// <summary>How the login ended; null when there was none.</summary>
    public ExchangeEnded? Login => _session.Login;

    /// <summary>Why not everything was answered, in one sentence; null when it was.</summary>
    public string? Problem { get; private set; }

    /// <summary>Asks everything.</summary>
    /// <param name="ct">Ends the check; what was found out is kept.</param>
    public async Task RunAsync(CancellationToken ct)
    {
        try
        {
            Clock = (await _session.RunAsync(_session.Clock, ct) as ReadNowAnswer.Clock)?.Reading;
            if (_session.Failure is null)
                Identification = (await _session.RunAsync(_session.Identification, ct) as ReadNowAnswer.Identification)?.Value;
            if (_session.Failure is null)
                Values = (await _session.RunAsync(_session.CurrentValues, ct) as ReadNowAnswer.CurrentValues)?.Values ?? [];
            Problem = _session.Failure;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            Problem = "The meter had not answered everything when the time was over.";
        }
    }
}
