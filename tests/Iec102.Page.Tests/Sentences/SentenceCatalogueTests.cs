using System.Globalization;
using System.Runtime.CompilerServices;
using Iec102.Page.Components;
using Iec102.Page.Pages;
using Said = Iec102.Page.Components.Sentences;

namespace Iec102.Page.Tests.Sentences;

/// <summary>What the server says is found in the catalogue, whatever it puts into its sentences.</summary>
public sealed class SentenceCatalogueTests
{
    private static readonly SentenceCatalogue Own = new(new Dictionary<string, string>
    {
        ["The line failed."] = "La línea ha fallado.",
        ["{0} cannot be reached: {1}."] = "No se llega a {0}: {1}.",
        ["{0} or {1}"] = "{0} o {1}",
        ["use {0}, for the port '{1}'."] = "use {0}, para el puerto '{1}'.",
        ["Port {0} has {1} meters."] = "Hay {1} contadores en el puerto {0}.",
        ["meter {0}"] = "contador {0}",
        ["the line is open"] = "la línea está abierta",
    });

    [Theory]
    [InlineData("The line failed.", "La línea ha fallado.")]
    [InlineData("The line is open", "La línea está abierta")]
    [InlineData("The line is open.", "La línea está abierta.")]
    [InlineData("Port north has 3 meters.", "Hay 3 contadores en el puerto north.")]
    [InlineData("10.0.0.1:5 cannot be reached: the line is open.", "No se llega a 10.0.0.1:5: la línea está abierta.")]
    [InlineData("use a or b, for the port 'c or d'.", "use a o b, para el puerto 'c or d'.")]
    [InlineData("The line failed. Port a has 1 meters.", "La línea ha fallado. Hay 1 contadores en el puerto a.")]
    [InlineData("the line is open; The line failed.", "la línea está abierta; La línea ha fallado.")]
    [InlineData("meter m-1", "contador m-1")]
    [InlineData("meter m-1 is not what it was", null)]
    [InlineData("a or b", null)]
    [InlineData("give a or b", null)]
    [InlineData("The meter m-1", null)]
    [InlineData("The line failed. Nobody has translated this.", null)]
    [InlineData("", null)]
    public void A_sentence_is_translated_as_a_whole_or_not_at_all(string english, string? spanish) =>
        Own.Translate(english).ShouldBe(spanish);

    [Fact]
    public void What_is_too_long_to_be_read_stays_as_it_is() =>
        Own.Translate($"Port {new string('a', 3000)} has 1 meters.").ShouldBeNull();

    /// <summary>Each of its many blanks may be the one between two places, in three templates that may stand within each other.</summary>
    [Fact]
    public void What_somebody_has_thought_out_is_given_up_soon()
    {
        var text = string.Concat(Enumerable.Repeat("a ", 100)) + "x removed added changed";
        using var reader = new ReaderOf("es");

        Said.Shown(text, out var isEnglish).ShouldBe(text);

        isEnglish.ShouldBeTrue();
    }

    [Theory]
    [InlineData(
        "127.0.0.1:4001 refuses the connection; check the TCP port, and that no other program holds the converter.",
        "127.0.0.1:4001 rechaza la conexión; revise el puerto TCP, y que ningún otro programa ocupe el conversor.")]
    [InlineData(
        "The meter refuses the login (cause 14, type not available): check the password and the measurement point.",
        "El contador rechaza el inicio de sesión (causa 14, tipo no disponible): revise la clave y el punto de medida.")]
    [InlineData(
        "The meter refuses the login (it gives no reason): check the write password and the measurement point.",
        "El contador rechaza el inicio de sesión (no da ningún motivo): revise la clave de escritura y el punto de medida.")]
    [InlineData(
        "Link 7 did not answer within 1.5 s, asked 3 times: check the link address, the line and its format, and that the meter is "
        + "powered. It is being probed.",
        "El enlace 7 no ha respondido en 1.5 s; preguntado 3 veces: revise la dirección de enlace, la línea y su formato, y que el "
        + "contador tenga alimentación. Se le está sondeando.")]
    [InlineData(
        "left out of the meter's answer 2 times; asked again at 2026-01-31T15:04:05+01:00",
        "faltaba en la respuesta del contador 2 veces; se vuelve a pedir el 31/1/2026 15:04")]
    [InlineData(
        "refused by the meter (cause 15, record number not known) once; asked again at 2026-07-31T15:04:05+02:00",
        "rechazado por el contador (causa 15, número de registro desconocido) una vez; se vuelve a pedir el 31/7/2026 15:04")]
    [InlineData(
        "/proc/x cannot be used (Could not find file '/proc/x'): correct the folder of this delivery.",
        "No se puede usar /proc/x (no se encuentra '/proc/x'): corrija la carpeta de esta entrega.")]
    [InlineData(
        "/mnt/x cannot be used (Read-only file system : '/mnt/x'): correct the folder of this delivery.",
        "No se puede usar /mnt/x (sistema de ficheros de solo lectura: '/mnt/x'): corrija la carpeta de esta entrega.")]
    [InlineData(
        "the clock is -40 min 3 s off, more than clock.set.max (600 s): find out why, then set it with sync-clock",
        "el reloj se desvía -40 min 3 s, más que clock.set.max (600 s): averigüe por qué y póngalo en hora con sync-clock")]
    [InlineData(
        "Database readings on db1:5433 does not answer in time: look for its load, and for the network between it and this computer.",
        "La base de datos readings en db1:5433 no responde a tiempo: mire su carga, y la red entre ella y este ordenador.")]
    [InlineData(
        "The modem on /dev/ttyUSB0 9600-8E1 does not answer to AT commands; check that it is powered, and speed and format of its line.",
        "El módem de /dev/ttyUSB0 9600-8E1 no responde a los comandos AT; revise que tenga alimentación, y la velocidad y el formato de su "
        + "línea.")]
    [InlineData(
        "rfc2217://10.0.0.1:4001 does not take the parity even (it keeps none): correct line, or write telnet:// and set its serial line "
        + "by its own means.",
        "rfc2217://10.0.0.1:4001 no acepta la paridad even (mantiene none): corrija line, o escriba telnet:// y configure su línea serie "
        + "con sus propios medios.")]
    [InlineData(
        "The connection with 10.0.0.1:4001 is lost: Connection reset by peer.",
        "Se ha perdido la conexión con 10.0.0.1:4001: el otro extremo ha cortado la conexión.")]
    [InlineData(
        "/etc/fleet.conf:2:3: iec102.ports.north.tpc: this key is unknown; the nearest known one is 'tcp'.",
        "/etc/fleet.conf:2:3: iec102.ports.north.tpc: este parámetro no se conoce; el conocido más parecido es 'tcp'.")]
    [InlineData("must be read or operate, not 'write or read'.", "debe ser read o operate, no 'write or read'.")]
    [InlineData("there is no port 'nort'; the nearest is 'north'.", "no hay ningún puerto 'nort'; el nombre más parecido es 'north'.")]
    [InlineData("port north changed; meters m-1, m-2 added", "cambia: puerto north; nuevo: contadores m-1, m-2")]
    [InlineData(
        "No answer from 10.0.0.1:4001 within 10 s; check that the converter is powered and that it can be reached over the network.",
        "Sin respuesta de 10.0.0.1:4001 en 10 s; revise que el conversor tenga alimentación y que se llegue a él por la red.")]
    public void A_Spanish_reader_sees_what_the_server_says(string english, string spanish)
    {
        using var reader = new ReaderOf("es");

        Said.Shown(english, out var isEnglish).ShouldBe(spanish);
        isEnglish.ShouldBeFalse();
    }

    [Theory]
    [InlineData("es", true)]
    [InlineData("en", false)]
    public void A_sentence_that_is_not_known_is_marked_where_the_page_is_not_English(string language, bool isMarked)
    {
        using var reader = new ReaderOf(language);

        Said.Shown("Nobody has translated this.", out var isEnglish).ShouldBe("Nobody has translated this.");
        isEnglish.ShouldBe(isMarked);
    }

    [Fact]
    public void A_text_that_is_too_long_to_be_translated_is_not_kept()
    {
        var shown = Show();
        GC.Collect();

        shown.IsAlive.ShouldBeFalse();

        // In a method of its own, since what a method holds lives until it ends.
        [MethodImpl(MethodImplOptions.NoInlining)]
        static WeakReference Show()
        {
            using var reader = new ReaderOf("es");
            var text = new string('a', SentenceCatalogue.Longest + 1);
            Said.Shown(text).ShouldBe(text);
            return new WeakReference(text);
        }
    }

    [Theory]
    [InlineData("en", "POST /api/meters/m-001/read", "Meter m-001: read now")]
    [InlineData("es", "POST /api/meters/m-001/read", "Contador m-001: leer ahora")]
    [InlineData("es", "POST /api/meters/m-001/profiles/hourly/reread", "Contador m-001: leer otra vez la curva horaria")]
    [InlineData("es", "DELETE /api/ports/north/pause", "Puerto north: reanudar")]
    [InlineData("es", "PUT /api/new", "PUT /api/new")]
    public void A_line_of_the_audit_log_is_in_words(string language, string action, string words)
    {
        using var reader = new ReaderOf(language);

        AuditTexts.Shown(action).ShouldBe(words);
    }

    private sealed class ReaderOf : IDisposable
    {
        private readonly (CultureInfo Words, CultureInfo Forms) _before = (CultureInfo.CurrentUICulture, CultureInfo.CurrentCulture);

        public ReaderOf(string language) =>
            CultureInfo.CurrentUICulture = CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(language);

        public void Dispose() => (CultureInfo.CurrentUICulture, CultureInfo.CurrentCulture) = _before;
    }
}
