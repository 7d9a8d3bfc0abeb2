using System.Globalization;
using System.Text;
using Iec102.Acquisition.Alarms;
using Iec102.Acquisition.Verdicts;
using Iec102.Fleet;
using Iec102.Page.Components;
using NodaTime;

namespace Iec102.Server.Alarms;

/// <summary>The subject and the text of a mail, in the language of the fleet file, with times in the zone of the fleet.</summary>
internal sealed record MailText(string Subject, string Body)
{
    private const int MostMeters = 20;

    private static readonly Dictionary<VerdictCause, (string En, string Es)> Causes = new()
    {
        [VerdictCause.LineDown] = ("the line is down", "la línea está caída"),
        [VerdictCause.NoAnswer] = ("no answer", "no responde"),
        [VerdictCause.DamagedAnswers] = ("damaged answers", "respuestas dañadas"),
        [VerdictCause.Password] = ("wrong password", "clave rechazada"),
        [VerdictCause.WrongMeter] = ("another meter answers", "responde otro contador"),
        [VerdictCause.Clock] = ("the clock is wrong", "el reloj está mal"),
        [VerdictCause.Gaps] = ("gaps in a curve", "huecos en una curva"),
        [VerdictCause.Storage] = ("the storage fails", "falla el almacenamiento"),
        [VerdictCause.Unsupported] = ("a curve is refused", "rechaza una curva"),
        [VerdictCause.Stale] = ("old current values", "valores instantáneos antiguos"),
        [VerdictCause.NodeLost] = ("not seen", "no se ve"),
        [VerdictCause.FleetDiffers] = ("another fleet file", "otro fichero de la flota"),
    };

    /// <summary>A mail about what has changed.</summary>
    public static MailText Of(IReadOnlyList<AlarmChange> changes, FleetConfiguration fleet)
    {
        var words = new Words(fleet);
        // What was raised and cleared within the minute is told by its last state.
        var last = changes.GroupBy(change => change.Alarm.Id).Select(group => group.Last()).ToList();
        var standing = last.Where(change => change.Alarm.IsActive).ToList();
        var over = last.Where(change => !change.Alarm.IsActive).ToList();
        var counts = string.Join(", ", ((string?[])
        [
            standing.Count > 0 ? words.Say($"{standing.Count} raised", $"{standing.Count} activas") : null,
            over.Count > 0 ? words.Say($"{over.Count} cleared", $"{over.Count} terminadas") : null,
        ]).OfType<string>());
        var text = new StringBuilder();
        foreach (var change in standing.OrderByDescending(change => change.Alarm.Priority).Concat(over))
            words.Add(text, change.Alarm);
        var first = last.Count == 1 ? $": {words.Title(last[0].Alarm)}" : "";
        return new MailText($"[iec102] {words.Say("Alarms", "Alarmas")}, {counts}{first}", text.ToString());
    }

    /// <summary>A mail that says that mails arrive.</summary>
    public static MailText Test(FleetConfiguration fleet)
    {
        var words = new Words(fleet);
        return new MailText(
            words.Say("[iec102] Test", "[iec102] Prueba"),
            words.Say("This is a test: messages about alarms arrive here.\n", "Esto es una prueba: los avisos de alarmas llegan aquí.\n"));
    }

    /// <summary>The mail of a morning.</summary>
    /// <param name="day">The day on which it is sent.</param>
    /// <param name="alarms">All alarms.</param>
    /// <param name="complete">For how many meters yesterday is complete, and of how many.</param>
    /// <param name="fleet">The fleet.</param>
    /// <param name="attached">Says what became of the curves of the month; null when nobody wants them.</param>
    public static MailText Morning(
        LocalDate day, IReadOnlyList<Alarm> alarms, (int Complete, int All) complete, FleetConfiguration fleet, bool? attached)
    {
        var words = new Words(fleet);
        var standing = alarms.Where(alarm => alarm.IsActive).ToList();
        var text = new StringBuilder();
        text.Append(words.Say(
            $"Yesterday is complete for {complete.Complete} of {complete.All} meters.\n",
            $"El día de ayer está completo en {complete.Complete} de {complete.All} contadores.\n"));
        text.Append(standing.Count == 0
            ? words.Say("Nothing is wrong.\n", "No hay ningún problema.\n")
            : words.Say($"Open alarms: {standing.Count}.\n", $"Alarmas abiertas: {standing.Count}.\n"));
        if (attached is { } isThere)
        {
            text.Append(isThere
                ? words.Say("The curves of the month are attached.\n", "Se adjuntan las curvas del mes.\n")
                : words.Say(
                    "The curves of the month are too long for a mail: use iec102 export.\n",
                    "Las curvas del mes son demasiado largas para un correo: use iec102 export.\n"));
        }

        text.Append('\n');
        foreach (var alarm in standing)
            words.Add(text, alarm);
        var date = day.ToString("uuuu'-'MM'-'dd", CultureInfo.InvariantCulture);
        return new MailText(
            words.Say(
                $"[iec102] {date}: yesterday {complete.Complete} of {complete.All} complete, open alarms: {standing.Count}",
                $"[iec102] {date}: ayer {complete.Complete} de {complete.All} completos, alarmas abiertas: {standing.Count}"),
            text.ToString());
    }

    /// <summary>What is said in the language of the fleet.</summary>
    private sealed class Words(FleetConfiguration fleet)
    {
        private readonly Dictionary<string, MeterLabels> _labels =
            fleet.Meters.ToDictionary(meter => meter.Id, meter => meter.Labels, StringComparer.Ordinal);

        public string Say(string en, string es) => fleet.Alarms.Language == NoticeLanguage.Spanish ? es : en;

        /// <summary>Such as <c>meter m-1 (Pump house, North): wrong password</c>.</summary>
        public string Title(Alarm alarm)
        {
            var subject = alarm.Subject;
            var kind = subject.Kind switch
            {
                AlarmSubjectKind.Meter => Say("meter", "contador"),
                AlarmSubjectKind.Port => Say("port", "puerto"),
                _ => Say("node", "nodo"),
            };
            var labels = subject.Kind == AlarmSubjectKind.Meter ? _labels.GetValueOrDefault(subject.Name) : null;
            var called = string.Join(", ", ((string?[])[labels?.Name, labels?.Site]).OfType<string>());
            var (en, es) = Causes.GetValueOrDefault(subject.Cause, ($"{subject.Cause}", $"{subject.Cause}"));
            return $"{kind} {subject.Name}{(called == "" ? "" : $" ({called})")}: {Say(en, es)}";
        }

        public void Add(StringBuilder text, Alarm alarm)
        {
            var state = alarm.IsActive ? PriorityOf(alarm.Priority) : Say("CLEARED", "TERMINADA");
            text.Append(state).Append("  ").Append(Title(alarm)).Append('\n');
            text.Append(Say("  Since ", "  Desde ")).Append(Time(alarm.Since));
            if (alarm.ClearedAt is { } cleared)
                text.Append(Say(" until ", " hasta ")).Append(Time(cleared));
            if (alarm.Count > 1)
                text.Append(Say($"; raised {alarm.Count} times", $"; activada {alarm.Count} veces"));
            text.Append('\n');
            if (alarm.IsActive)
                AddDetails(text, alarm);
            text.Append('\n');
        }

        private void AddDetails(StringBuilder text, Alarm alarm)
        {
            if (alarm.LastError is { Length: > 0 } error)
                text.Append("  ").Append(Say(error, Sentences.InSpanish(error) ?? error)).Append('\n');
            if (alarm.Advice is { } advice)
                text.Append("  ").Append(Say(advice.En, advice.Es)).Append('\n');
            if (alarm.Subject.Kind != AlarmSubjectKind.Meter && alarm.Meters.Count > 0)
            {
                text.Append(Say("  Meters: ", "  Contadores: ")).Append(string.Join(", ", alarm.Meters.Take(MostMeters)));
                if (alarm.Meters.Count > MostMeters)
                    text.Append(Say($" and {alarm.Meters.Count - MostMeters} more", $" y {alarm.Meters.Count - MostMeters} más"));
                text.Append('\n');
            }

            if (alarm.Note is { } note)
                text.Append(Say("  Note: ", "  Nota: ")).Append(note).Append('\n');
            if (alarm.AcknowledgedBy is { } who)
                text.Append(Say("  Acknowledged by ", "  Reconocida por ")).Append(who).Append('\n');
        }

        private string PriorityOf(AlarmPriority priority) => priority switch
        {
            AlarmPriority.High => Say("HIGH", "ALTA"),
            AlarmPriority.Medium => Say("MEDIUM", "MEDIA"),
            _ => Say("LOW", "BAJA"),
        };

        private string Time(Instant instant) =>
            instant.InZone(fleet.TimeZone).ToString("uuuu'-'MM'-'dd HH':'mm", CultureInfo.InvariantCulture);
    }
}
