using Iec102.Protocol.Link;

namespace Iec102.Protocol.Description;

/// <summary>
/// Says which check a frame fails (protocol notes 1.2), and divides a stream of octets into frames and the octets between them.
/// </summary>
internal static class FrameFault
{
    /// <summary>
    /// Says what is wrong with octets that should be one frame; null when nothing is wrong. The right checksum is not mentioned where it
    /// could reveal a key: the damaged octet may be the type, and only data that fits the type it claims to be is certain not to be a key.
    /// </summary>
    public static string? Find(ReadOnlySpan<byte> octets, bool showSecrets = false)
    {
        var fault = OfFrame(octets, showSecrets);
        return fault is not null && LineText.Find(octets) is { } text ? $"text \"{text}\"" : fault;
    }

    private static string? OfFrame(ReadOnlySpan<byte> octets, bool showSecrets) => octets[0] switch
    {
        Frame.SingleAcknowledge when octets.Length == 1 => null,
        Frame.StartFixed => octets.Length < Frame.FixedLength
            ? $"a fixed frame has 6 octets, here are {octets.Length}"
            : OfEnd(octets[1..4], octets[4], octets[5], secret: false),
        Frame.StartVariable => OfVariable(octets, showSecrets),
        _ => "no start octet, 10 or 68",
    };

    /// <summary>How many octets at the front belong together: a valid frame, a damaged one, or the octets before the next frame.</summary>
    public static int PieceLength(ReadOnlySpan<byte> octets)
    {
        var longest = octets.Length;
        if (octets[0] == Frame.StartFixed)
            longest = Math.Min(longest, Frame.FixedLength);
        else if (BeginsVariable(octets))
            longest = Math.Min(longest, octets[1] + 6);
        if (OfFrame(octets[..longest], showSecrets: false) is null)
            return longest;
        for (var at = 1; at < longest; at++)
        {
            if (IsGoodFrame(octets[at..]) || BeginsVariable(octets[at..]))
                return at;
        }

        return longest;
    }

    /// <summary>Whether the lengths agree and all octets have arrived; only the checksum or the end octet may be wrong.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> octets) =>
        octets[0] == Frame.StartFixed
            ? octets.Length == Frame.FixedLength
            : BeginsVariable(octets) && octets[1] >= Frame.MinL && octets.Length == octets[1] + 6;

    private static bool IsGoodFrame(ReadOnlySpan<byte> octets) => octets[0] switch
    {
        Frame.StartFixed => octets.Length >= Frame.FixedLength && OfFrame(octets[..Frame.FixedLength], showSecrets: false) is null,
        Frame.StartVariable => BeginsVariable(octets) && octets.Length >= octets[1] + 6
            && OfFrame(octets[..(octets[1] + 6)], showSecrets: false) is null,
        _ => false,
    };

    private static bool BeginsVariable(ReadOnlySpan<byte> octets) =>
        octets.Length >= 4 && octets[0] == Frame.StartVariable && octets[3] == Frame.StartVariable && octets[1] == octets[2];

    private static string? OfVariable(ReadOnlySpan<byte> octets, bool showSecrets)
    {
        if (octets.Length < 4)
            return $"a variable frame begins with 68 L L 68, here are only {octets.Length} octets";
        if (octets[1] != octets[2])
            return $"the length octets differ: {octets[1]:x2} and {octets[2]:x2}";
        if (octets[3] != Frame.StartVariable)
            return $"the second start octet is {octets[3]:x2} but should be 68";
        var l = octets[1];
        if (l < Frame.MinL)
            return $"L = {l} is too short: control, address and ASDU header take {Frame.MinL}";
        if (octets.Length < l + 6)
            return $"L calls for {l + 6} octets, here are {octets.Length}";
        var mayBeSecret = !showSecrets && !AsduDescription.FitsKnownLayout(octets.Slice(7, l - 3));
        return OfEnd(octets.Slice(4, l), octets[4 + l], octets[5 + l], mayBeSecret);
    }

    private static string? OfEnd(ReadOnlySpan<byte> summed, byte checksum, byte end, bool secret)
    {
        if (end != Frame.End)
            return $"the end octet is {end:x2} but should be 16";
        var right = FrameWriter.Checksum(summed);
        if (checksum == right)
            return null;
        return secret ? "the checksum is wrong" : $"the checksum is {checksum:x2} but should be {right:x2}";
    }
}
