namespace Iec102.Server.Commands;

/// <summary>The octets behind an output.</summary>
internal static class OctetOutput
{
    /// <summary>The stream that a writer writes to; of the console's own writer standard output.</summary>
    public static Stream Octets(this TextWriter output)
    {
        output.Flush();
        return output is StreamWriter writer ? writer.BaseStream : Console.OpenStandardOutput();
    }
}
