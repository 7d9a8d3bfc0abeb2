using Iec102.Acquisition.Alarms;
using Iec102.Acquisition.Verdicts;
using Iec102.Fleet;
using NodaTime;

namespace Iec102.Server.Tests.Alarms;

/// <summary>Alarms and fleets for tests.</summary>
internal static class Example
{
    public static readonly Instant Now = Instant.FromUtc(2026, 3, 2, 10, 0);

    private static readonly FleetConfiguration Plain = FleetReader.Read(
        """
        iec102 {
          ports.north.tcp = "192.0.2.1:4001"
          meters.m-1 { port = north, password = 1, link-address = 1, name = "Pump house", site = North }
        }
        """,
        "fleet.conf").Configuration!;

    public static AlarmChange Raised(int meter) => Change(AlarmChangeKind.Raised, meter);

    public static AlarmChange Change(AlarmChangeKind kind, int meter) => new(
        kind, new Alarm(new AlarmSubject(AlarmSubjectKind.Meter, $"m-{meter}", VerdictCause.Password), AlarmPriority.Medium, Now, Now)
        {
            Port = "north",
            LastError = "The meter refuses the login (it gives no reason): check the password and the measurement point.",
            Advice = new Advice("Correct password.", "Corrija password."),
            ClearedAt = kind == AlarmChangeKind.Cleared ? Now : null,
        });

    public static AlarmChange PortDown() => new(
        AlarmChangeKind.Raised,
        new Alarm(new AlarmSubject(AlarmSubjectKind.Port, "north", VerdictCause.LineDown), AlarmPriority.High, Now, Now)
        {
            Port = "north",
            Meters = [.. Enumerable.Range(1, 25).Select(i => $"m-{i}")],
        });

    public static FleetConfiguration Fleet(AlarmsConfiguration alarms) => Plain with { Alarms = alarms };

    public static EmailConfiguration Email(int port, MailSecurity security = MailSecurity.None) => new()
    {
        Host = "127.0.0.1",
        Port = port,
        Security = security,
        From = "iec102@example.com",
        To = ["ana@example.com", "luis@example.com"],
    };
}
