namespace Iec102.Acquisition;

/// <summary>
/// To every port, gateway, meter and curve: report your status to the live state again although nothing has changed; it was restarted and
/// has forgotten everything.
/// </summary>
public sealed record ReportStatus;
