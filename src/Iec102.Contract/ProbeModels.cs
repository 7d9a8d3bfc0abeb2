using Iec102.Acquisition.Verdicts;

namespace Iec102.Contract;

/// <summary>
/// A meter to be asked, on a line that is no port of the fleet yet (a host and TCP port, or a serial device and its format), or on the port
/// that the call names. What is null comes from the preset.
/// </summary>
public sealed record ProbeRequestModel(
    string? Tcp = null, string? Device = null, string? Line = null, string? Preset = null, string? MeterNumber = null,
    int? LinkAddress = null, int? PointAddress = null, string? Password = null);

/// <summary>
/// What a meter that was asked has answered; when it has not, why, and the one thing to check. The clock's offset is the meter's time less
/// ours.
/// </summary>
public sealed record ProbeModel(
    bool Answers, string Line, int LinkAddress, int PointAddress, uint? SerialNumber, int? Manufacturer, string? Clock,
    double? ClockOffsetSeconds, IReadOnlyList<SignalModel> Signals, string? Problem, Advice? Advice);
