namespace Iec102.Lines;

/// <summary>Serial lines of other systems than Linux: not in this build, which does without System.IO.Ports.</summary>
internal static class SerialPortLine
{
    public static ILine Open(SerialLineOptions options) =>
        throw new LineException($"{options.Device} cannot be opened: this build has serial lines on Linux only; elsewhere build with -p:AkkaPackages=true.");
}
