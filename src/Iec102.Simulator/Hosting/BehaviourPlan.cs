using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Iec102.Protocol.Application;
using Iec102.Protocol.Time;
using Iec102.Simulator.Faults;
using Iec102.Simulator.Lines;
using Iec102.Simulator.Meters;
using NodaTime;

namespace Iec102.Simulator.Hosting;

/// <summary>
/// How the simulated meters and lines differ from the behaviour that the notes suggest (protocol notes 3.3, 7.4 and 8), written as
/// comma-separated names, some of them with a value, such as <c>no-blocks,no-data-polls=3,ack-e5,junk</c>.
/// </summary>
/// <param name="Meter">Behaviour of the meters.</param>
/// <param name="Line">Behaviour of the lines.</param>
public sealed record BehaviourPlan(MeterBehaviour Meter, LineBehaviour Line)
{
    private static readonly Item[] Items =
    [
        OfMeter("no-blocks", "189 and 190 are refused with cause 14", meter => meter with { HasBlocks = false }),
        OfMeter("no-quarter-hours", "record 12 is refused with cause 15", meter => meter with { HasQuarterHours = false }),
        OfMeter("no-hourly-registers", "122 on record 11 is refused with cause 15", meter => meter with { HasHourlyRegisters = false }),
        OfMeter("no-closings", "record 21 is refused with cause 15", meter => meter with { HasDailyClosings = false }),
        OfMeter("without", "T", "the types T, such as 141 or 141+150, are refused with cause 14",
            (meter, value) => TypesOf(value) is { } types ? meter with { MissingTypes = types } : null),
        OfMeter("only-import", "only object 1 is measured; blocks are refused with cause 17",
            meter => meter with { HasActiveImportOnly = true }),
        OfMeter("one-object", "each frame of totals carries one object", meter => meter with { OneObjectPerFrame = true }),
        OfMeter("period", "M", "integration period 2 is 5, 10, 15 or 30 minutes",
            (meter, value) => NumberOf(value) is { } minutes and (5 or 10 or 15 or 30) ? meter with { Period2Minutes = minutes } : null),
        OfMeter("firmware", "N", "version of the firmware, 0 to 255",
            (meter, value) => NumberOf(value) is { } version and <= 255 ? meter with { Firmware = (byte)version } : null),
        OfMeter("held-days", "N", "curves and events are kept for only N days",
            (meter, value) => NumberOf(value) is { } days and > 0 ? meter with { HeldDays = days } : null),
        OfMeter("exclude-start", "a range does not include its beginning", meter => meter with { IncludesRangeStart = false }),
        OfMeter("from-midnight", "a list begins at 00:00 on its first day, whatever hour was requested",
            meter => meter with { ListsFromMidnight = true }),
        OfMeter("overlap", "rows of totals are sent twice", meter => meter with { OverlapsFrames = true }),
        OfMeter("empty", "C", "a range without data is refused with cause 13, 17 or 18",
            (meter, value) => NumberOf(value) is { } cause and (13 or 17 or 18) ? meter with { EmptyRange = (EmptyRange)cause } : null),
        OfMeter("empty-tags", "'never' is sent as a time of five zeros, in closings, closed periods and maxima",
            meter => meter with { HasEmptyTags = true }),
        OfMeter("wrong-weekday", "time tags name a wrong day of the week", meter => meter with { HasWrongDayOfWeek = true }),
        OfMeter("always-winter", "labels stay in winter time", meter => meter with { SummerTime = SummerTimeHabit.AlwaysWinter }),
        OfMeter("civil", "labels are civil time without the bit SU", meter => meter with { SummerTime = SummerTimeHabit.Civil }),
        OfMeter("negative", "refusals have P/N set", meter => meter with { RefusesNegatively = true }),
        OfMeter("outside-session", "C", "requests outside a session are refused with this cause, 13 to 18",
            (meter, value) => NumberOf(value) is { } cause and >= 13 and <= 18
                ? meter with { OutsideSession = (CauseOfTransmission)cause }
                : null),
        OfMeter("session-idle", "TIME", "the meter drops a session that has been idle for this long",
            (meter, value) => FaultPlan.TimeOf(value) is { } idle ? meter with { SessionIdle = Duration.FromTimeSpan(idle) } : null),
        OfMeter("session-requests", "N", "the meter drops a session after N requests",
            (meter, value) => NumberOf(value) is { } requests and > 0 ? meter with { RequestsPerSession = requests } : null),
        OfMeter("write-key", "KEY", "only a session with this key may set the clock",
            (meter, value) => uint.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var key)
                ? meter with { WriteKey = key }
                : null),
        OfMeter("clock-without-time", "the confirmation of 181 does not contain the time",
            meter => meter with { ConfirmsClockWithoutTime = true }),
        OfMeter("no-data-polls", "N", "N polls bring 'no data' before an answer",
            (meter, value) => NumberOf(value) is { } polls ? meter with { NoDataPolls = polls } : null),
        OfMeter("nack", "N", "each request is answered with NACK N times before it is taken",
            (meter, value) => NumberOf(value) is { } nacks ? meter with { Nacks = nacks } : null),
        OfMeter("buffer-full", "TIME", "each request is acknowledged with DFC, and the meter receives nothing for this long",
            (meter, value) => FaultPlan.TimeOf(value) is { } full ? meter with { BufferFullFor = Duration.FromTimeSpan(full) } : null),
        OfMeter("ack-e5", "ACK is the single octet E5", meter => meter with { AcknowledgesBySingleOctet = true }),
        OfLine("junk", "each answer is preceded by three octets FF", line => line with { JunkOctets = 3 }),
        OfLine("modbus", "each answer is preceded and followed by a Modbus answer", line => line with { HasModbus = true }),
        OfLine("leftovers", "the first FC9 of a connection gets leftovers of an earlier reading",
            line => line with { LeftoversAtHandshake = 1 }),
        new("deaf", "TIME", "the line is deaf for this long after a connection",
            (plan, value) => FaultPlan.TimeOf(value) is { } deaf ? plan with { Line = plan.Line with { DeafAfterConnect = deaf } } : null),
        OfLine("octets", "answers arrive octet by octet", line => line with { OctetByOctet = true }),
        OfLine("shared", "a TCP port serves several connections at once; otherwise a new one replaces the last",
            line => line with { IsShared = true }),
    ];

    /// <summary>Meters that support everything, on lines that add nothing.</summary>
    public static BehaviourPlan Plain { get; } = new(new MeterBehaviour(), new LineBehaviour());

    /// <summary>Describes the names, for a help text.</summary>
    public static string Help { get; } =
        "Comma-separated names:\n" + string.Join('\n', Items.Select(item => $"  {item.Form,-20}{item.Help}"))
            + "\nTIME is a time such as 300ms, 2s, 5m or 1h.";

    /// <summary>
    /// One name, what its value is called if it has one, and how it changes the plan; the change returns null for an impossible value.
    /// </summary>
    private sealed record Item(string Name, string? Value, string Help, Func<BehaviourPlan, string, BehaviourPlan?> With)
    {
        public string Form => Value is null ? Name : $"{Name}={Value}";
    }

    /// <summary>Parses the written form; on false, <paramref name="error"/> is one sentence that says what is wrong.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out BehaviourPlan? plan, [NotNullWhen(false)] out string? error)
    {
        var read = Plain;
        (plan, error) = (null, null);
        foreach (var written in text.Split(',', StringSplitOptions.TrimEntries))
        {
            var parts = written.Split('=', 2, StringSplitOptions.TrimEntries);
            if (Array.Find(Items, item => item.Name == parts[0]) is not { } item)
                error = $"There is no behaviour '{parts[0]}'; the nearest is '{Items.MinBy(each => Distance(each.Name, parts[0]))!.Form}'.";
            else if (item.Value is null && parts.Length == 2)
                error = $"The behaviour '{item.Name}' does not take a value.";
            else if (item.Value is not null && parts.Length == 1)
                error = $"The behaviour '{item.Name}' needs a value, {item.Form}: {item.Help}.";
            else if (item.With(read, parts[^1]) is { } next)
                read = next;
            else
                error = $"The behaviour '{item.Form}' cannot have the value '{parts[^1]}': {item.Help}.";
            if (error is not null)
                return false;
        }

        plan = read;
        return true;
    }

    private static Item OfMeter(string name, string help, Func<MeterBehaviour, MeterBehaviour> with) =>
        new(name, null, help, (plan, _) => plan with { Meter = with(plan.Meter) });

    private static Item OfMeter(string name, string value, string help, Func<MeterBehaviour, string, MeterBehaviour?> with) =>
        new(name, value, help, (plan, written) => with(plan.Meter, written) is { } meter ? plan with { Meter = meter } : null);

    private static Item OfLine(string name, string help, Func<LineBehaviour, LineBehaviour> with) =>
        new(name, null, help, (plan, _) => plan with { Line = with(plan.Line) });

    private static HashSet<TypeIdentification>? TypesOf(string value)
    {
        var types = value.Split('+').Select(NumberOf).ToList();
        return types.TrueForAll(type => type is <= 255) ? [.. types.Select(type => (TypeIdentification)type!.Value)] : null;
    }

    private static int? NumberOf(string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= 100_000 ? number : null;

    /// <summary>The edit distance: how many letters must be inserted, removed or replaced.</summary>
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
                (diagonal, row[j]) = (row[j], Math.Min(diagonal + (a[i - 1] == b[j - 1] ? 0 : 1), Math.Min(row[j - 1], row[j]) + 1));
        }

        return row[b.Length];
    }
}
