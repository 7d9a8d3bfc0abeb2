using System.Buffers.Binary;

namespace Iec102.Lines.Telnet;

/// <summary>
/// The serial settings of a converter as RFC 2217 sends and confirms them: a command, then its value (the speed in four octets, the others
/// in one). The converter confirms each with the command plus 100 and the value that is in force.
/// </summary>
internal sealed class ComPortSettings(LineFormat format)
{
    private const byte Speed = 1;
    private const byte DataBits = 2;
    private const byte ParityBit = 3;
    private const byte StopBits = 4;
    private const byte FlowControl = 5;
    private const byte Confirmation = 100;

    private const byte NoFlowControl = 1;
    private const byte HardwareFlowControl = 3;
    private const byte DtrOn = 8;
    private const byte RtsOn = 11;

    /// <summary>What must be confirmed. Not every converter confirms the flow control.</summary>
    private static readonly byte[] Settings = [Speed, DataBits, ParityBit, StopBits];

    private readonly Dictionary<byte, uint> _confirmed = [];

    /// <summary>
    /// The commands that set the line, each without its frame. Flow control comes first, so that its confirmation, if there is one, has
    /// arrived when the others are there.
    /// </summary>
    public IEnumerable<byte[]> Commands()
    {
        foreach (var control in (byte[])[NoFlowControl, DtrOn, RtsOn])
            yield return [FlowControl, control];
        var speed = new byte[5];
        speed[0] = Speed;
        BinaryPrimitives.WriteUInt32BigEndian(speed.AsSpan(1), Wanted(Speed));
        yield return speed;
        foreach (var setting in (byte[])[DataBits, ParityBit, StopBits])
            yield return [setting, (byte)Wanted(setting)];
    }

    /// <summary>Whether speed, data bits, parity and stop bits have been confirmed, with whatever value.</summary>
    public bool AreConfirmed => Settings.All(_confirmed.ContainsKey);

    /// <summary>The settings that have not been confirmed, in words.</summary>
    public string Unconfirmed => string.Join(", ", Settings.Where(setting => !_confirmed.ContainsKey(setting)).Select(Name));

    /// <summary>The settings that the converter keeps although others were asked for, in words; empty when it took all.</summary>
    public string Refused => string.Join(", ", _confirmed
        .Where(setting => setting.Value != Wanted(setting.Key))
        .Select(setting =>
            $"{Name(setting.Key)} {InWords(setting.Key, Wanted(setting.Key))} (it keeps {InWords(setting.Key, setting.Value)})"));

    /// <summary>Takes note of what the converter says; messages that confirm nothing are ignored.</summary>
    public void Take(ReadOnlySpan<byte> message)
    {
        if (message is [Confirmation + Speed, _, _, _, _])
            _confirmed[Speed] = BinaryPrimitives.ReadUInt32BigEndian(message[1..]);
        else if (message is [>= Confirmation + DataBits and <= Confirmation + StopBits, var value])
            _confirmed[(byte)(message[0] - Confirmation)] = value;
        // The same command confirms DTR and RTS.
        else if (message is [Confirmation + FlowControl, >= NoFlowControl and <= HardwareFlowControl])
            _confirmed[FlowControl] = message[1];
    }

    private static string Name(byte setting) => setting switch
    {
        Speed => "the speed",
        DataBits => "the data bits",
        ParityBit => "the parity",
        StopBits => "the stop bits",
        _ => "the flow control",
    };

    private uint Wanted(byte setting) => setting switch
    {
        Speed => (uint)format.Baud,
        DataBits => (uint)format.DataBits,
        ParityBit => format.Parity switch { Parity.Odd => 2u, Parity.Even => 3u, _ => 1u },
        StopBits => (uint)format.StopBits,
        _ => NoFlowControl,
    };

    private static string InWords(byte setting, uint value) => (setting, value) switch
    {
        (ParityBit or FlowControl, 1) => "none",
        (ParityBit, 2) => "odd",
        (ParityBit, 3) => "even",
        (ParityBit, 4) => "mark",
        (ParityBit, 5) => "space",
        (StopBits, 3) => "1.5",
        (FlowControl, 2) => "XON/XOFF",
        (FlowControl, 3) => "hardware",
        _ => $"{value}",
    };
}
