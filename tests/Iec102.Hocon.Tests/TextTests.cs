using Akka.Configuration;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using AkkaValue = Akka.Configuration.Hocon.HoconValue;

namespace Iec102.Hocon.Tests;

/// <summary>
/// What <see cref="HoconText"/> writes has the same meaning for this parser and for that of Akka.NET, which has to read it.
/// </summary>
public class TextTests
{
    private static readonly HoconPosition Nowhere = new("", 1, 1);

    private static readonly Gen<string> Texts = Gen.OneOf(
        ArbMap.Default.GeneratorFor<string>().Select(text => text ?? ""),
        Gen.Elements(
            "", "on", "true", "10s", "4.5", "null", "a.b", " a ", "a b", "${a}", "$", "#", "// x", "/* x */", "\"", "\"\"\"", "\\",
            "\\u0041", "a\nb", "\0", "[1]", "{}", "}", "a = 1", ",",
            "include \"x\"", "Iec102.A, Iec102.B", "é\ud83d\ude00"));

    [Property(MaxTest = 1000)]
    public Property Our_reader_reads_what_was_written() => Prop.ForAll(Objects(3).ToArbitrary(), root =>
        IsSame(HoconParser.Parse(HoconText.Write(root)), root));

    [Property(MaxTest = 1000)]
    public Property Akkas_reader_reads_what_was_written() => Prop.ForAll(Objects(3).ToArbitrary(), root =>
        IsSame(ConfigurationFactory.ParseString(HoconText.Write(root)).Root, root));

    private static bool IsSame(HoconValue? read, HoconValue written) => (read, written) switch
    {
        (HoconScalar a, HoconScalar b) => a.Text == b.Text && a.IsNull == b.IsNull,
        (HoconList a, HoconList b) => a.Items.Count == b.Items.Count && a.Items.Zip(b.Items).All(pair => IsSame(pair.First, pair.Second)),
        (HoconObject a, HoconObject b) =>
            a.Fields.Count == b.Fields.Count && b.Fields.All(field => IsSame(a.Field(field.Key)?.Value, field.Value)),
        _ => false,
    };

    /// <summary>
    /// Compares by Akka.NET's rules: it strips surrounding spaces and treats the text null as a missing value, quoted or not.
    /// </summary>
    private static bool IsSame(AkkaValue? read, HoconValue written) => written switch
    {
        HoconScalar scalar => read?.GetString() == (scalar.Text.Trim() is var text && text == "null" ? null : text),
        HoconList list =>
            read!.GetArray().Count == list.Items.Count && read.GetArray().Zip(list.Items).All(pair => IsSame(pair.First, pair.Second)),
        HoconObject obj => read!.GetObject().Items is var items && items.Count == obj.Fields.Count
            && obj.Fields.All(field => IsSame(items.GetValueOrDefault(field.Key), field.Value)),
        _ => false,
    };

    private static Gen<HoconObject> Objects(int depth) =>
        from count in Gen.Choose(0, 4)
        from keys in Texts.ListOf(count)
        from values in Values(depth).ListOf(count)
        let fields = keys.Zip(values).DistinctBy(pair => pair.First).Select(pair => new HoconField(pair.First, Nowhere, pair.Second))
        select new HoconObject([.. fields], Nowhere);

    private static Gen<HoconValue> Values(int depth)
    {
        var scalars =
            from text in Texts
            from quoted in ArbMap.Default.GeneratorFor<bool>()
            select (HoconValue)new HoconScalar(text, quoted, Nowhere);
        if (depth == 0)
            return scalars;
        var lists =
            from count in Gen.Choose(0, 4)
            from items in Values(depth - 1).ListOf(count)
            select (HoconValue)new HoconList([.. items], Nowhere);
        return Gen.OneOf(scalars, scalars, lists, Objects(depth - 1).Select(obj => (HoconValue)obj));
    }
}
