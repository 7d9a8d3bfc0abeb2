using System.Text;

namespace Iec102.Hocon;

/// <summary>
/// Writes resolved values as HOCON in its simplest form, for parsers that support less of HOCON: one field on each line, every key and text
/// quoted.
/// </summary>
public static class HoconText
{
    /// <summary>Writes the fields of an object without braces around them; parsing the text gives the same values again.</summary>
    public static string Write(HoconObject root)
    {
        var text = new StringBuilder();
        WriteFields(root, text);
        return text.ToString();
    }

    /// <summary>A single value as a person would write it: in quotes, unless it is a plain word or number.</summary>
    public static string Scalar(string raw) =>
        raw.Length > 0 && raw != "null" && raw.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') ? raw : Quote(raw);

    internal static string Quote(string raw)
    {
        var quoted = new StringBuilder("\"");
        foreach (var c in raw)
        {
            if (c is '"' or '\\')
                quoted.Append('\\').Append(c);
            else if (char.IsControl(c))
                quoted.Append($"\\u{(int)c:x4}");
            else
                quoted.Append(c);
        }

        return quoted.Append('"').ToString();
    }

    private static void WriteFields(HoconObject obj, StringBuilder text)
    {
        foreach (var field in obj.Fields)
        {
            text.Append(Quote(field.Key)).Append(" = ");
            WriteValue(field.Value, text);
            text.Append('\n');
        }
    }

    private static void WriteValue(HoconValue value, StringBuilder text)
    {
        switch (value)
        {
            case HoconObject obj:
                text.Append("{\n");
                WriteFields(obj, text);
                text.Append('}');
                break;
            case HoconList list:
                text.Append('[');
                foreach (var item in list.Items)
                {
                    WriteValue(item, text);
                    text.Append(',');
                }

                text.Append(']');
                break;
            case HoconScalar scalar:
                text.Append(scalar.IsNull ? "null" : Quote(scalar.Text));
                break;
        }
    }
}
