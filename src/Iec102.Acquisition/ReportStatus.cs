namespace Iec102.Acquisition;

/// <summary>
/// To every port, gateway, meter and curve: tell the live state again how you are, though nothing has changed, since it was restarted and
/// knows nothing any more.
/// </summary>
public sealed record ReportStatus;
