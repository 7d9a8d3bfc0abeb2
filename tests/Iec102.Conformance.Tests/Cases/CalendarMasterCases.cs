using Iec102.Protocol.Application;
using Iec102.Protocol.Time;
using NodaTime;
using NodaTime.Text;
using static Iec102.Conformance.Tests.Wire;

namespace Iec102.Conformance.Tests;

/// <summary>
/// Labels become instants at the master: hand-made answers, and the instants in Madrid that their labels mean (protocol notes 3).
/// </summary>
internal static class CalendarMasterCases
{
    private static readonly DateTimeZone Madrid = DateTimeZoneProviders.Tzdb["Europe/Madrid"];

    public static IEnumerable<Case> All =>
    [
        Hours("CM-01", "Day of 25 hours", "2024-10-27T00:01+02:00", "2024-10-28T00:00+01:00", "01 80 fb 0a 18 00 00 3c 0a 18",
            CalendarDays.AutumnHours),
        Hours("CM-02", "Day of 23 hours", "2024-03-31T00:01+01:00", "2024-04-01T00:00+02:00", "01 00 ff 03 18 00 80 21 04 18",
            CalendarDays.SpringHours),
        Hours("CM-03", "03:00 in spring labelled 02:00 winter", "2024-03-31T01:01+01:00", "2024-03-31T04:00+02:00",
            "01 01 ff 03 18 00 84 ff 03 18",
            [("00 02 ff 03 18", "2024-03-31T03:00+02:00"), ("00 84 ff 03 18", "2024-03-31T04:00+02:00")]),
        Hours("CM-04", "Quarter hours over the autumn change", "2024-10-27T01:46+02:00", "2024-10-27T03:15+01:00",
            "2e 81 fb 0a 18 0f 03 fb 0a 18", CalendarDays.AutumnQuarters),
        Hours("CM-05", "Quarter hours over the spring change", "2024-03-31T01:31+01:00", "2024-03-31T03:30+02:00",
            "1f 01 ff 03 18 1e 83 ff 03 18", CalendarDays.SpringQuarters),
        Hours("CM-06", "Year end", "2024-12-31T22:01+01:00", "2025-01-01T02:00+01:00", "01 16 5f 0c 18 00 02 61 01 19",
            CalendarDays.YearEnd),
        Hours("CM-07", "29 February", "2024-02-28T22:01+01:00", "2024-03-01T01:00+01:00", "01 16 7c 02 18 00 01 a1 03 18",
            CalendarDays.LeapDay),
        Hours("CM-08", "Day of the week wrong or not given, SU in the range only", "2024-07-15T00:01+02:00", "2024-07-15T02:00+02:00",
            "01 80 2f 07 18 00 82 2f 07 18",
            [("00 81 ef 07 18", "2024-07-15T01:00+02:00"), ("00 82 0f 07 18", "2024-07-15T02:00+02:00")]),
        Hours("CM-09", "Tariff bits and reserved bits set in a label", "2024-07-15T00:01+02:00", "2024-07-15T02:00+02:00",
            "01 80 2f 07 18 00 82 2f 07 18",
            [("40 e1 2f f7 98", "2024-07-15T01:00+02:00")]),
        Hours("CM-10", "Time tag all zero", "2024-07-15T00:01+02:00", "2024-07-15T02:00+02:00", "01 80 2f 07 18 00 82 2f 07 18",
            [("00 00 00 00 00", "never")]),
        Hours("CM-11", "A date that does not exist", "2025-02-28T23:01+01:00", "2025-03-01T00:00+01:00", "01 17 bc 02 19 00 00 c1 03 19",
            [("00 00 1d 02 19", "2025-02-29 00:00 W")]),
    ];

    /// <summary>
    /// A case that reads a range, with the octets of the request and, for each label in the answers, the instant that it means.
    /// </summary>
    private static Case Hours(string id, string title, string from, string to, string range, (string Label, string Instant)[] hours)
    {
        var pieces = hours.Chunk(11).ToArray();
        var request = Request.ReadIncrementalTotalBlocks(1, 11, ObjectAddress.BlockOf3, TagOf(from), TagOf(to));
        var asked = $"be 01 06 01 00 0b 0b {range}";
        List<string> lines = [$"-> {Down1(asked)}", $"<- {Ack}", $"-> {Poll0}", $"<- {Up(Mirror(asked, 7))}"];
        var number = 0u;
        for (var i = 0; i <= pieces.Length; i++)
        {
            lines.Add($"-> {(i % 2 == 0 ? Poll1 : Poll0)}");
            if (i == pieces.Length)
                break;
            var first = number;
            lines.Add($"<- {Up(CalendarDays.Blocks([.. pieces[i].Select(hour => (hour.Label, ++number))]))}");
            lines.AddRange(pieces[i].Select((hour, k) => $"= {hour.Instant}: 1={first + k + 1} 3=0 6=0"));
        }

        lines.AddRange([$"<- {Up(Mirror(asked, 10))}", "! Completed, cause 10, link up"]);
        return new Case(id, title, "3.1, 3.3", $"Blocks from {from} to {to}.",
            "The range has the labels of the notes, and every label means the stated instant.",
            transcript =>
                new MasterBench(transcript) { Meaning = Decoded.Instants }.LoggedIn().Exchange(request, string.Join('\n', lines)));
    }

    private static TimeTagA TagOf(string iso) =>
        CivilTime.ToTagA(
            OffsetDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mmo<+HH:mm>").Parse(iso).Value.ToInstant(), Madrid);
}
