namespace Iec102.Protocol.Description;

/// <summary>One field of a frame, explained in words.</summary>
/// <param name="Offset">Position of the field in octets from the first octet given.</param>
/// <param name="Octets">The field's octets in hexadecimal; ** for each secret octet.</param>
/// <param name="Field">Name of the field.</param>
/// <param name="Meaning">What its value means.</param>
public sealed record FieldDescription(int Offset, string Octets, string Field, string Meaning);

/// <summary>Divides octets into fields, in order.</summary>
internal ref struct FieldList(ReadOnlySpan<byte> octets, List<FieldDescription> fields, int offset = 0, bool showSecrets = false)
{
    private readonly ReadOnlySpan<byte> _octets = octets;
    private int _at;

    /// <summary>The octets that no field has taken yet.</summary>
    public readonly ReadOnlySpan<byte> Rest => _octets[_at..];

    /// <summary>Makes the next octets one field.</summary>
    public void Add(int length, string field, string meaning, bool secret = false)
    {
        fields.Add(new FieldDescription(offset + _at, Hex.Of(_octets.Slice(_at, length), secret && !showSecrets), field, meaning));
        _at += length;
    }

    /// <summary>Takes the next octets as a list to be divided separately.</summary>
    public FieldList Part(int length)
    {
        var part = new FieldList(_octets.Slice(_at, length), fields, offset + _at, showSecrets);
        _at += length;
        return part;
    }

    /// <summary>Makes everything that is left one field; does nothing when nothing is left.</summary>
    public void AddRest(string field, string meaning, bool secret = false)
    {
        if (!Rest.IsEmpty)
            Add(Rest.Length, field, meaning, secret);
    }
}

/// <summary>Octets in hexadecimal.</summary>
internal static class Hex
{
    /// <summary>Two digits for each octet, separated by blanks; ** for each octet when they are secret.</summary>
    public static string Of(ReadOnlySpan<byte> octets, bool secret = false)
    {
        if (octets.IsEmpty)
            return "";
        Span<char> text = stackalloc char[3 * octets.Length];
        for (var i = 0; i < octets.Length; i++)
        {
            if (secret)
                text[(3 * i)..(3 * i + 2)].Fill('*');
            else
                octets[i].TryFormat(text[(3 * i)..], out _, "x2");
            text[3 * i + 2] = ' ';
        }

        return text[..^1].ToString();
    }
}
