namespace Iec102.Server.Commands.Common;

/// <summary>Gives access to the stream behind a text output.</summary>
internal static class OctetOutput
{
    /// <summary>The stream that a writer writes to; standard output for the writer of the console.</summary>
    public static Stream Octets(this TextWriter output)
    {
        output.Flush();
        return output is StreamWriter writer ? writer.BaseStream : Console.OpenStandardOutput();
    }
}
