using static Iec102.Conformance.Tests.Case;
using static Iec102.Conformance.Tests.Wire;

namespace Iec102.Conformance.Tests;

/// <summary>Instants become labels at the slave: what a meter sends on days with an unusual calendar (protocol notes 3.3).</summary>
internal static class CalendarSlaveCases
{
    public static IEnumerable<Case> All =>
    [
        Blocks("CS-01", "Day of 25 hours", "2024-10-28T12:00:00+01:00", 11, "01 80 fb 0a 18 00 00 3c 0a 18", CalendarDays.AutumnHours),
        Blocks("CS-02", "Day of 23 hours", "2024-04-01T12:00:00+02:00", 11, "01 00 ff 03 18 00 80 21 04 18", CalendarDays.SpringHours),
        Blocks("CS-03", "02:00 of the spring change as a limit is 03:00", "2024-04-01T12:00:00+02:00", 11, "00 02 ff 03 18 00 84 ff 03 18",
            [("00 83 ff 03 18", "2024-03-31T03:00+02:00"), ("00 84 ff 03 18", "2024-03-31T04:00+02:00")]),
        Blocks("CS-04", "Quarter hours over the autumn change", "2024-10-28T12:00:00+01:00", 12, "2e 81 fb 0a 18 0f 03 fb 0a 18",
            CalendarDays.AutumnQuarters),
        Blocks("CS-05", "Quarter hours over the spring change", "2024-04-01T12:00:00+02:00", 12, "1f 01 ff 03 18 1e 83 ff 03 18",
            CalendarDays.SpringQuarters),
        Blocks("CS-06", "Year end", "2025-01-02T12:00:00+01:00", 11, "01 16 5f 0c 18 00 02 61 01 19", CalendarDays.YearEnd),
        Blocks("CS-07", "29 February", "2024-03-02T12:00:00+01:00", 11, "01 16 7c 02 18 00 01 a1 03 18", CalendarDays.LeapDay),
        Closings("CS-08", "Daily closings over the autumn change", "2024-10-29T12:00:00+01:00", "00 80 fb 0a 18 00 00 5d 0a 18",
            ("00 80 fb 0a 18", 2200), ("00 00 3c 0a 18", 2300), ("00 00 5d 0a 18", 2300)),
        Clock("CS-09", "Clock in the doubled hour, summer", "2024-10-27T02:30:00+02:00", "00 00 1e 82 fb 0a 18"),
        Clock("CS-10", "Clock in the doubled hour, winter", "2024-10-27T02:30:00+01:00", "00 00 1e 02 fb 0a 18"),
    ];

    private static Case Blocks(string id, string title, string now, byte record, string range, (string Label, string Instant)[] hours) =>
        Slave(id, title, "3.3", $"Blocks of record {record} over the range.",
            "One block for each interval, at most 11 in a frame; object 1 is the UTC time of the end.",
            slave =>
            {
                slave.Data = new CalendarData();
                var asked = $"be 01 06 01 00 {record:x2} 0b {range}";
                List<string> given = [Mirror(asked, 7)];
                given.AddRange(hours.Chunk(11).Select(
                    piece => CalendarDays.Blocks([.. piece.Select(hour => (hour.Label, CalendarDays.UtcOf(hour.Instant)))], record)));
                Play(slave.At(now), asked, [.. given, Mirror(asked, 10)]);
            });

    private static Case Closings(string id, string title, string now, string range, params (string Label, uint Value)[] days) =>
        Slave(id, title, "3.3, 4.4", "122 on record 21 over three midnights.", "One closing for each civil midnight.",
            slave =>
            {
                slave.Data = new CalendarData();
                var asked = $"7a 01 06 01 00 15 01 01 {range}";
                Play(slave.At(now), asked,
                    [Mirror(asked, 7), .. days.Select(day => $"08 01 05 01 00 15 01 {U32(day.Value)} 00 {day.Label}"), Mirror(asked, 10)]);
            });

    private static Case Clock(string id, string title, string now, string tag) =>
        Slave(id, title, "3.3", $"The clock is read at {now}.", "SU tells the two hours apart.",
            slave => Play(slave.At(now), "67 00 05 01 00 00", [$"48 01 05 01 00 00 {tag}"]));

    private static void Play(SlaveBench slave, string asked, IReadOnlyList<string> answers) =>
        slave.LoggedIn().Follow(
            $"-> {Down1(asked)}\n<- {Ack}\n"
                + string.Concat(answers.Select((asdu, i) => $"-> {(i % 2 == 0 ? Poll0 : Poll1)}\n<- {Up(asdu)}\n")));
}
