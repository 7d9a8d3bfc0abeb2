using Iec102.Protocol.Link;


namespace Iec102.Simulator.Tests;

/// <summary>Octets as the protocol notes write them.</summary>
internal static class Hex
{
    public static byte[] Parse(string text) => Convert.FromHexString(text.Replace(" ", ""));

    public static string Of(ReadOnlySpan<byte> octets) => string.Join(' ', octets.ToArray().Select(octet => octet.ToString("x2")));

    /// <summary>Gives a frame, as octets, to a slave; returns its answer.</summary>
    public static byte[] Answer(LinkSlave slave, ReadOnlySpan<byte> octets)
    {
        new FrameReader().TryRead(ref octets, out var frame).ShouldBeTrue();
        return slave.OnFrame(frame).ToArray();
    }
}
