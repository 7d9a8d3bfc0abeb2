using System.Collections.Immutable;
using Iec102.Acquisition.Live;
using Iec102.Acquisition.Meters;
using Iec102.Acquisition.Ports;
using Iec102.Acquisition.Profiles;
using Iec102.Acquisition.Verdicts;
using Iec102.Fleet;
using NodaTime;

namespace Iec102.Acquisition.Tests.Alarms;

/// <summary>How a meter of the scene is.</summary>
public enum Seen
{
    Ok,
    Password,
    Clock,
    Off,
    Unknown,
    Untried,
    Failing,
    Stuck,
    Reading,
}

/// <summary>Two meters, m-1 and m-2, on port p-1, as a test wants them to be.</summary>
internal sealed class AlarmScene
{
    public const string Password = "meter.m-1.password";
    public const string Clock = "meter.m-1.clock";
    public const string Line = "port.p-1.line-down";

    public Instant Now { get; private set; } = Instant.FromUtc(2026, 3, 2, 10, 0);

    public Seen M1 { get; set; }

    public Seen M2 { get; set; }

    public bool IsPortDown { get; set; }

    public IReadOnlyList<OpenProblem> OfNodes { get; set; } = [];

    public FleetConfiguration Fleet { get; set; } = FleetReader.Read(
        """
        iec102 {
          ports.p-1.tcp = "192.0.2.1:4001"
          meters.m-1 { port = p-1, password = 1, link-address = 1 }
          meters.m-2 { port = p-1, password = 1, link-address = 2 }
        }
        """,
        "fleet.conf").Configuration!;

    public void Pass(Duration time) => Now += time;

    public FleetVerdicts Verdicts()
    {
        var since = Now - Duration.FromHours(5);
        var port = new LivePort("p-1")
        {
            Status = new PortStatus(
                "p-1", "tcp", "192.0.2.1:4001", IsPortDown ? PortState.BackingOff : PortState.Open, since, null,
                new PortCounters(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))
            {
                DownSince = IsPortDown ? since : null,
            },
        };
        LiveMeter[] meters = [.. Of("m-1", M1), .. Of("m-2", M2)];
        return FleetVerdicts.Of(
            new LivePorts(ImmutableSortedDictionary<string, LivePort>.Empty.Add("p-1", port)),
            new LiveMeters(meters.ToImmutableSortedDictionary(meter => meter.Id, meter => meter, StringComparer.Ordinal)), Now, OfNodes);

        IEnumerable<LiveMeter> Of(string id, Seen seen)
        {
            var good = new MeterStatus(id, "p-1", 5, 1, MeterState.Online, 7, Now, null, Duration.Zero) { Since = since };
            if (!Fleet.Meters.Any(meter => meter.Id == id))
                yield break;
            var live = new LiveMeter(id)
            {
                Status = seen switch
                {
                    Seen.Password => good with { State = MeterState.Refused },
                    Seen.Clock => good with { ClockOffset = Duration.FromMinutes(40), ClockOffSince = since },
                    Seen.Off => good with { State = MeterState.Disabled },
                    Seen.Untried => good with { State = MeterState.Offline, LastSeen = null, Since = null },
                    Seen.Failing => good with { LastError = "Link 5 did not answer.", Since = Now },
                    _ => good,
                },
                Sight = seen == Seen.Unknown ? new Sight("b", since, IsLost: true) : null,
            };
            var missing = new ProfileStatus(id, Curve.Hourly, CurveState.Ok, null, 24, 20, 4, 0, 0) { MissingFrom = since };
            yield return seen switch
            {
                Seen.Stuck => live.With(missing, since),
                Seen.Reading => live.With(missing, Now),
                _ => live,
            };
        }
    }
}
