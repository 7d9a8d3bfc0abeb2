using Iec102.Lines.Telnet;
using Iec102.Protocol.Description;
using Iec102.Protocol.Link;

namespace Iec102.Acquisition.Ports;

/// <summary>
/// What came over a line since the last valid frame of the far end, and what that says to people: text, damaged answers and their likely
/// cause, or an echo. Only a valid frame of the far end shows that a line works: a modem in command mode echoes what it is sent.
/// </summary>
/// <param name="onPiece">Takes octets that came together and belong to no valid frame; valid during the call.</param>
internal sealed class Reception(DroppedOctets onPiece)
{
    /// <summary>The cause that <see cref="HasSevenBits"/> shows, as a part of a sentence.</summary>
    public const string SevenBits =
        "all octets have bit 7 = 0, so the line or its converter is set to 7 data bits: set it to 8 data bits";

    // Fewer octets say nothing: those of a short answer may well all have bit 7 = 0, and lack 0x11 and 0x13.
    private const int LeastForSevenBits = 24;
    private const int LeastForFlowControl = 400;

    private readonly byte[] _piece = new byte[Frame.MaxLength];
    private int _pieceLength;
    private long _octets;
    private bool _hasBit7;
    private bool _hasFlowControl;
    private bool _isDamaged;
    private bool _isEcho;

    /// <summary>How many valid frames of the far end have come.</summary>
    public long FarEndFrames { get; private set; }

    /// <summary>A modem has said that the connection behind it has ended.</summary>
    public bool HasNoCarrier { get; private set; }

    /// <summary>Octets have come that belong to no valid frame, and more may follow.</summary>
    public bool InsidePiece => _pieceLength > 0;

    /// <summary>What is wrong, since the last valid frame of the far end.</summary>
    public LineFault Fault => Text is not null ? LineFault.Text
        : _isDamaged || SpeaksTelnet ? LineFault.Damaged
        : _isEcho ? LineFault.Echo
        : LineFault.Silent;

    /// <summary>
    /// No octet of the line has ever had bit 7 set, although many have come. Where an answer was damaged or of a strange type, that means
    /// that the line carries 7 data bits.
    /// </summary>
    public bool HasSevenBits => !_hasBit7 && _octets >= LeastForSevenBits;

    /// <summary>The text that came; null when none came.</summary>
    public string? Text { get; private set; }

    /// <summary>What came first on the line were the negotiations of a converter that speaks Telnet.</summary>
    public bool SpeaksTelnet { get; private set; }

    /// <summary>A new line is open: nothing of the earlier line concerns it.</summary>
    public void LineOpened()
    {
        (_pieceLength, _octets, _hasBit7, _hasFlowControl, SpeaksTelnet) = (0, 0, false, false, false);
        Forget();
    }

    /// <summary>A run begins: what was damaged or echoed before does not concern its link.</summary>
    public void RunBegins() => (_isDamaged, _isEcho) = (false, false);

    /// <summary>Octets have come; they go through the frame reader next.</summary>
    public void OnOctets(ReadOnlySpan<byte> octets)
    {
        SpeaksTelnet |= _octets == 0 && TelnetHint.Negotiates(octets);
        _octets += octets.Length;
        _hasBit7 = _hasBit7 || octets.ContainsAnyInRange<byte>(0x80, 0xFF);
        _hasFlowControl = _hasFlowControl || octets.ContainsAny<byte>(0x11, 0x13);
    }

    /// <summary>Octets have come that belong to no valid frame.</summary>
    public void OnDropped(ReadOnlySpan<byte> octets)
    {
        while (!octets.IsEmpty)
        {
            var taken = Math.Min(octets.Length, _piece.Length - _pieceLength);
            octets[..taken].CopyTo(_piece.AsSpan(_pieceLength));
            _pieceLength += taken;
            octets = octets[taken..];
            HasNoCarrier |= _piece.AsSpan(0, _pieceLength).IndexOf("NO CARRIER"u8) >= 0;
            if (_pieceLength == _piece.Length)
                EndPiece();
        }
    }

    /// <summary>A valid frame has come.</summary>
    public void OnFrame(in Frame frame)
    {
        EndPiece();
        if (frame.Control.IsPrimary)
        {
            _isEcho = true;
        }
        else if (frame.Format != FrameFormat.SingleCharacter)
        {
            // A single octet proves nothing: noise has it too.
            FarEndFrames++;
            Forget();
        }
    }

    /// <summary>What has come without belonging to a frame is complete: a frame follows, or nothing for a while.</summary>
    public void EndPiece()
    {
        if (_pieceLength == 0)
            return;
        ReadOnlySpan<byte> piece = _piece.AsSpan(0, _pieceLength);
        _pieceLength = 0;
        onPiece(piece);
        if (HasNoCarrier)
            Text = "NO CARRIER";
        else if (LineText.Find(piece) is { } text)
            Text ??= text;
        else
            _isDamaged = true;
    }

    /// <summary>What came in place of an answer, as the end of a sentence; empty when nothing came at all.</summary>
    public string Remark() => Fault switch
    {
        LineFault.Text => $"; the far end sent the text \"{Text}\"",
        LineFault.Damaged when SpeaksTelnet => $"; {TelnetHint.Advice}",
        LineFault.Damaged => $"; what came was damaged: {Cause}",
        LineFault.Echo => "; only what was sent came back, as from a modem in command mode or an optical head without a meter",
        _ => "",
    };

    /// <summary>Why the line was lost: what was said before may be the reason.</summary>
    public string Loss(string error)
    {
        EndPiece();
        return Text is null ? error : $"{error.TrimEnd('.')}; before that came the text \"{Text}\".";
    }

    private string Cause => HasSevenBits
        ? SevenBits
        : !_hasFlowControl && _octets >= LeastForFlowControl
        ? "the octets 0x11 and 0x13 never arrive, so switch off software flow control (XON/XOFF) in the converter or adapter"
        : "check speed and parity of the line and of its converter, the wiring, and whether another program or master uses the line";

    private void Forget() => (Text, _isDamaged, _isEcho, HasNoCarrier) = (null, false, false, false);
}
