using System.Globalization;
using Iec102.Protocol.Application;
using Iec102.Protocol.Link;

namespace Iec102.Protocol.Description;

/// <summary>
/// Explains frames in words (protocol notes 1.2 and 1.3), field by field or in one line. Keys and modem strings are shown as ** unless
/// secrets are requested, and so is the checksum of a frame that contains one. A frame that fails a check may be a damaged login:
/// everything after its type octet is shown as ** too, and so is junk, unless it is text or consists of one repeated octet.
/// </summary>
public static class FrameDescription
{
    /// <summary>Length of the link header and the type, the part of a damaged frame that is shown.</summary>
    private const int ShownOfDamaged = 8;

    /// <summary>Explains octets that contain any number of frames, one after the other, and octets that do not belong to a frame.</summary>
    public static IReadOnlyList<FieldDescription> Explain(ReadOnlySpan<byte> octets, bool showSecrets = false)
    {
        List<FieldDescription> fields = [];
        for (var at = 0; at < octets.Length;)
        {
            var piece = octets.Slice(at, FrameFault.PieceLength(octets[at..]));
            var list = new FieldList(piece, fields, at, showSecrets);
            if (FrameFault.Find(piece, showSecrets) is { } fault)
                ExplainDamaged(piece, fault, ref list);
            else
                ExplainFrame(piece, ref list);
            at += piece.Length;
        }

        return fields;
    }

    /// <summary>
    /// Explains the octets in one line, such as
    /// C 73 FC3 FCB=1 link 1 | 123 read increments, cause 6 activation, point 1, record 11, objects 1..8, 2024-07-15 00:01 S .. 2024-07-15
    /// 02:00 S
    /// </summary>
    public static string Summarize(ReadOnlySpan<byte> octets)
    {
        List<string> pieces = [];
        while (!octets.IsEmpty)
        {
            var piece = octets[..FrameFault.PieceLength(octets)];
            pieces.Add(FrameFault.Find(piece) is { } fault ? $"{piece.Length} octets, {fault}" : SummarizeFrame(piece));
            octets = octets[piece.Length..];
        }

        return string.Join(" || ", pieces);
    }

    /// <summary>
    /// Octets as one line of a trace: a frame as <see cref="Summarize"/> has it; octets that are no valid frame also in hexadecimal, each
    /// octet that may be secret as **.
    /// </summary>
    public static string TraceLine(ReadOnlySpan<byte> octets) =>
        IsFrame(octets) ? Summarize(octets) : $"no valid frame: {Summarize(octets)} [{ToMaskedHex(octets)}]";

    /// <summary>
    /// How many octets at the front belong together: a valid frame, a damaged one, or the octets before the next frame; 0 when there are
    /// none.
    /// </summary>
    public static int PieceLength(ReadOnlySpan<byte> octets) => octets.IsEmpty ? 0 : FrameFault.PieceLength(octets);

    /// <summary>Whether the octets are exactly one frame that passes every check.</summary>
    public static bool IsFrame(ReadOnlySpan<byte> octets) =>
        !octets.IsEmpty && FrameFault.PieceLength(octets) == octets.Length && FrameFault.Find(octets) is null;

    /// <summary>The octets in hexadecimal, each secret octet as **.</summary>
    public static string ToMaskedHex(ReadOnlySpan<byte> octets) =>
        string.Join(' ', Explain(octets).Select(field => field.Octets).Where(hex => hex.Length > 0));

    private static string SummarizeFrame(ReadOnlySpan<byte> octets)
    {
        var frame = new Frame(octets);
        if (frame.Format == FrameFormat.SingleCharacter)
            return "E5 single character ACK";
        var control = frame.Control;
        var flags = control.IsPrimary
            ? control.FrameCountValid ? $" FCB={(control.FrameCountBit ? 1 : 0)}" : ""
            : $"{(control.AccessDemand ? " ACD=1" : "")}{(control.DataFlowControl ? " DFC=1" : "")}";
        var content = frame.Format == FrameFormat.Fixed ? Words.Of(control) : AsduDescription.Summarize(frame.Asdu);
        return $"C {control.Octet:X2} FC{control.FunctionCode}{flags} link {frame.LinkAddress} | {content}";
    }

    private static void ExplainFrame(ReadOnlySpan<byte> octets, ref FieldList fields)
    {
        if (octets[0] == Frame.SingleAcknowledge)
        {
            fields.Add(1, "single character", "acknowledgement");
            return;
        }

        var frame = new Frame(octets);
        AddFront(frame, ref fields);
        if (frame.Format == FrameFormat.Variable)
            AsduDescription.Explain(frame.Asdu, fields.Part(frame.Asdu.Length));
        AddEnd("correct", frame.Format == FrameFormat.Variable && SecretOctets.In(frame.Asdu), ref fields);
    }

    private static void ExplainDamaged(ReadOnlySpan<byte> octets, string fault, ref FieldList fields)
    {
        if (LineText.Find(octets) is not null)
        {
            fields.Add(octets.Length, "text", fault);
            return;
        }

        if (octets[0] is not (Frame.StartFixed or Frame.StartVariable))
        {
            fields.Add(octets.Length, "junk", fault, secret: octets.ContainsAnyExcept(octets[0]));
            return;
        }

        fields.Add(0, "damaged frame", fault);
        if (!FrameFault.IsWhole(octets))
        {
            fields.Add(Math.Min(ShownOfDamaged, octets.Length), "octets", "not decoded");
            fields.AddRest("octets", "not decoded", secret: true);
            return;
        }

        var frame = new Frame(octets);
        AddFront(frame, ref fields);
        var hidden = frame.Format == FrameFormat.Variable && !AsduDescription.FitsKnownLayout(frame.Asdu);
        if (hidden)
        {
            fields.Add(1, "type", $"{frame.Asdu[0]} {Words.Of((TypeIdentification)frame.Asdu[0])}");
            fields.Add(frame.Asdu.Length - 1, "octets", "not decoded", secret: true);
        }
        else if (frame.Format == FrameFormat.Variable)
        {
            AsduDescription.Explain(frame.Asdu, fields.Part(frame.Asdu.Length));
        }

        AddEnd("see above", hidden, ref fields);
    }

    private static void AddFront(in Frame frame, ref FieldList fields)
    {
        if (frame.Format == FrameFormat.Fixed)
        {
            fields.Add(1, "start", "fixed frame");
        }
        else
        {
            fields.Add(1, "start", "variable frame");
            fields.Add(2, "length", $"L = {frame.Octets[1]}, twice");
            fields.Add(1, "start", "again");
        }

        AddLink(frame, ref fields);
    }

    private static void AddEnd(string checksum, bool secret, ref FieldList fields)
    {
        fields.Add(1, "checksum", checksum, secret);
        fields.Add(1, "end", "");
    }

    private static void AddLink(in Frame frame, ref FieldList fields)
    {
        var control = frame.Control;
        var bits = control.IsPrimary
            ? $"from the master, FCB = {(control.FrameCountBit ? 1 : 0)}, FCV = {(control.FrameCountValid ? 1 : 0)}"
            : $"from the meter, ACD = {(control.AccessDemand ? 1 : 0)}, DFC = {(control.DataFlowControl ? 1 : 0)}";
        fields.Add(1, "control", $"FC{control.FunctionCode} {Words.Of(control)}, {bits}");
        fields.Add(2, "link address", frame.LinkAddress.ToString(CultureInfo.InvariantCulture));
    }
}
