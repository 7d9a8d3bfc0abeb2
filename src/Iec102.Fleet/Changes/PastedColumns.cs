using System.Text;

namespace Iec102.Fleet.Changes;

/// <summary>What the headings of pasted tables mean, in English and Spanish, and the words in their cells.</summary>
internal static class PastedColumns
{
    private const int LongestId = 56;

    /// <summary>The columns of a table without a heading.</summary>
    public static readonly IReadOnlyList<string?> Usual =
        ["id", "name", "site", "port", "link-address", "point-address", "password", "preset", "meter-number", "cups"];

    private static readonly Dictionary<string, string> Headings = Words(
        ("id", "id identificador codigo code"),
        ("name", "name nombre meter contador denominacion descripcion description"),
        ("site", "site lugar emplazamiento ubicacion location instalacion planta plant"),
        ("group", "group grupo cliente customer"),
        ("port", "port puerto line linea hostport host ip ipport ippuerto direccionip converter conversor"),
        ("link-address", "link linkaddress enlace direnlace direccionenlace direcciondeenlace"),
        ("point-address", "point pointaddress measuringpoint measurementpoint punto puntodemedida pm direccionpm direccionpuntodemedida"),
        ("password", "password clave claveacceso clavedeacceso contrasena accesskey"),
        ("preset", "brand preset marca distribuidora distributor compania company"),
        ("meter-number", "meternumber number numero numerocontador numerodecontador ncontador nserie numserie numerodeserie serialnumber"),
        ("cups", "cups"));

    /// <summary>A heading of each column in English and Spanish, for people: each is among <see cref="Headings"/>.</summary>
    public const string Known =
        "id (código), name (nombre), site (emplazamiento), group (grupo), port (puerto), link address (dirección de enlace), "
        + "measurement point (punto de medida), password (clave), brand (marca), number (número), CUPS";

    /// <summary>Names under which distributors are known, and their presets.</summary>
    private static readonly Dictionary<string, string> Presets = Words(
        ("iberdrola", "iberdrola ide"),
        ("endesa", "endesa edistribucion"),
        ("naturgy", "naturgy ufd unionfenosa fenosa"),
        ("viesgo", "viesgo"));

    /// <summary>The key that each cell of a row is the heading of; null for none.</summary>
    public static IReadOnlyList<string?> Of(IReadOnlyList<CsvCell> row)
    {
        var keys = new List<string?>();
        foreach (var cell in row)
        {
            var key = Headings.GetValueOrDefault(Letters(cell.Text));
            keys.Add(keys.Contains(key) ? null : key);
        }

        return keys;
    }

    /// <summary>The headings, as <see cref="Known"/> has them, of what no row can do without and none of these columns gives.</summary>
    public static IEnumerable<string> Lacking(IReadOnlyList<string?> keys)
    {
        var hasBrand = keys.Contains("preset");
        if (!keys.Contains("port"))
            yield return "port (puerto)";
        if (!keys.Contains("link-address") && !hasBrand)
            yield return "link address (dirección de enlace)";
        if (!keys.Contains("password") && !hasBrand)
            yield return "password (clave)";
        if (!keys.Any(key => key is "id" or "name" or "meter-number" or "cups"))
            yield return "id (código)";
    }

    /// <summary>The preset that a cell names, or null.</summary>
    public static Preset? PresetOf(string text) =>
        Presets.GetValueOrDefault(Letters(text)) is { } name ? Preset.All.First(preset => preset.Name == name) : null;

    /// <summary>An id made from a name: without accents, with a hyphen in place of everything else that an id may not have.</summary>
    public static string IdOf(string name)
    {
        var id = new StringBuilder();
        foreach (var c in name.ToLowerInvariant().Select(Plain))
        {
            if (char.IsAsciiLetterOrDigit(c))
                id.Append(c);
            else if (id.Length > 0 && id[^1] != '-')
                id.Append('-');
        }

        var text = id.ToString(0, Math.Min(id.Length, LongestId)).Trim('-');
        return text.Length > 0 ? text : "meter";
    }

    private static string Letters(string text) =>
        string.Concat(text.ToLowerInvariant().Select(Plain).Where(char.IsAsciiLetterOrDigit));

    private static char Plain(char c) => "áéíóúüñçàèòìù".IndexOf(c, StringComparison.Ordinal) is >= 0 and var at ? "aeiouuncaeoiu"[at] : c;

    private static Dictionary<string, string> Words(params IEnumerable<(string Meaning, string Words)> lists) => new(
        from list in lists
        from word in list.Words.Split(' ')
        select KeyValuePair.Create(word, list.Meaning),
        StringComparer.Ordinal);
}
