using Iec102.Acquisition.Ports;
using Iec102.Fleet;
using Iec102.Lines;
using NodaTime;

namespace Iec102.Server.OneOff;

/// <summary>One meter on one line, as the options of a command name it.</summary>
/// <param name="Line">Opens the line.</param>
/// <param name="Port">How the line is used.</param>
/// <param name="Configuration">The meter; nothing is read from it unless the command asks for it.</param>
internal sealed record OneOffMeter(ILineFactory Line, PortSettings Port, MeterConfiguration Configuration)
{
    /// <summary>Current values of all groups, read only when a command asks for them.</summary>
    public static CurrentValuesConfiguration OnlyWhenAsked { get; } = new() { Enabled = false };

    /// <summary>The id under which the meter is shown.</summary>
    public string Id => Configuration.Id;

    /// <summary>The zone of the meter's civil time.</summary>
    public DateTimeZone Zone => Configuration.TimeZone;
}
