using static Iec102.Lines.Telnet.TelnetCode;

namespace Iec102.Lines.Telnet;

/// <summary>
/// The Telnet protocol on one connection, as its client: takes commands out of the received octets, negotiates binary transmission both
/// ways (RFC 856), no go-ahead (RFC 858) and, if a line format is given, sets the far end's serial line and has it confirmed (RFC 2217);
/// every other option is declined (RFC 855). Without a line and without time: octets in, replies out.
/// </summary>
internal sealed class TelnetSession
{
    private const int LongestSubnegotiation = 256;

    // Far more than any negotiation needs: two programs that answer each other for ever are stopped.
    private const int MostReplies = 1000;

    private readonly ComPortSettings? _settings;
    private readonly Dictionary<(byte Verb, byte Option), Agreement> _agreements = [];
    private readonly List<byte> _replies = [];
    private readonly List<byte> _subnegotiation = [];
    private State _state = State.Data;
    private byte _verb;
    private int _repliesSinceData;

    /// <summary>A session that has already made its offers, to be fetched with <see cref="TakeReplies"/>.</summary>
    /// <param name="format">What to set the far end's serial line to; null to leave it as it is.</param>
    public TelnetSession(LineFormat? format)
    {
        _settings = format is { } wanted ? new ComPortSettings(wanted) : null;
        foreach (var option in (byte[])[Binary, SuppressGoAhead])
        {
            Ask(Will, option);
            Ask(Do, option);
        }

        if (_settings is not null)
            Ask(Will, ComPort);
    }

    private enum State
    {
        Data,
        Command,
        Option,
        Subnegotiation,
        CommandInSubnegotiation,
    }

    private enum Agreement
    {
        No,
        Asked,
        Yes,
    }

    /// <summary>Everything that was asked for is agreed.</summary>
    public bool IsReady => Failure is null && IsBinary && _settings?.AreConfirmed != false;

    /// <summary>Why the far end cannot be used, to be read after its name; null while it can.</summary>
    public string? Failure { get; private set; }

    /// <summary>What is not agreed yet, to be read after the far end's name.</summary>
    public string Unanswered =>
        !IsBinary ? "does not answer the Telnet negotiation: if this port of it is a raw one, write tcp = \"host:port\""
        : _agreements[(Will, ComPort)] != Agreement.Yes ? "does not say whether it speaks RFC 2217: if not, write telnet:// and set its "
            + "serial line by its own means"
        : $"has not confirmed {_settings?.Unconfirmed}: check its settings";

    private bool IsBinary => _agreements[(Will, Binary)] == Agreement.Yes && _agreements[(Do, Binary)] == Agreement.Yes;

    /// <summary>Removes the commands from the octets and carries them out.</summary>
    /// <param name="octets">The received octets; the data among them are moved to its beginning.</param>
    /// <returns>How many octets of data there are.</returns>
    public int Receive(Span<byte> octets)
    {
        var data = 0;
        foreach (var octet in octets)
        {
            if (!TakesAsData(octet))
                continue;
            octets[data++] = octet;
            _repliesSinceData = 0;
        }

        return data;
    }

    /// <summary>The octets to be sent now; empty when there are none.</summary>
    public byte[] TakeReplies()
    {
        var replies = _replies.ToArray();
        _replies.Clear();
        return replies;
    }

    private bool TakesAsData(byte octet)
    {
        switch (_state)
        {
            case State.Data when octet != Command:
                return true;
            case State.Data:
                _state = State.Command;
                return false;
            case State.Command when octet == Command:
                _state = State.Data;
                return true;
            case State.Command:
                OnCommand(octet);
                return false;
            case State.Option:
                _state = State.Data;
                OnOption(_verb, octet);
                return false;
            case State.Subnegotiation when octet == Command:
                _state = State.CommandInSubnegotiation;
                return false;
            case State.Subnegotiation:
                Keep(octet);
                return false;
            case State.CommandInSubnegotiation when octet == Command:
                _state = State.Subnegotiation;
                Keep(octet);
                return false;
            default:
                // Anything else than its end means that the rest of the subnegotiation was lost.
                if (octet == EndOfSubnegotiation)
                    OnSubnegotiation();
                OnCommand(octet);
                return false;
        }
    }

    private void OnCommand(byte octet)
    {
        _verb = octet;
        _state = octet switch
        {
            >= Will => State.Option,
            Subnegotiation => State.Subnegotiation,
            // No other command asks for anything that a line can give.
            _ => State.Data,
        };
        _subnegotiation.Clear();
    }

    private void OnOption(byte verb, byte option)
    {
        // What the far end wants us to do (DO) is ours to do (WILL), and the other way round.
        var ours = verb is Do or Dont ? Will : Do;
        var no = verb is Do or Dont ? Wont : Dont;
        var before = _agreements.GetValueOrDefault((ours, option));
        if (verb is Will or Do)
        {
            if (!IsWanted(option))
            {
                Reply(no, option);
                return;
            }

            _agreements[(ours, option)] = Agreement.Yes;
            if (before == Agreement.No)
                Reply(ours, option);
            if (before != Agreement.Yes && (ours, option) == (Will, ComPort))
                SendSettings();
            return;
        }

        _agreements[(ours, option)] = Agreement.No;
        if (before == Agreement.Yes)
            Reply(no, option);
        if (option == Binary)
            Fail("refuses binary transmission (Telnet), without which no meter can be read: set this port of it to raw TCP and write "
                + "tcp = \"host:port\"");
        else if (_settings is not null && (ours, option) == (Will, ComPort))
            Fail("speaks Telnet but not RFC 2217: write telnet:// in place of rfc2217://, and set its serial line by its own means");
    }

    private bool IsWanted(byte option) => option is Binary or SuppressGoAhead || (option == ComPort && _settings is not null);

    private void OnSubnegotiation()
    {
        if (_settings is null || _subnegotiation is not [ComPort, ..])
            return;
        _settings.Take([.. _subnegotiation[1..]]);
        if (_settings is { AreConfirmed: true, Refused: { Length: > 0 } refused })
            Fail($"does not take {refused}: correct line, or write telnet:// and set its serial line by its own means");
    }

    private void SendSettings()
    {
        foreach (var command in _settings!.Commands())
        {
            _replies.AddRange([Command, Subnegotiation, ComPort]);
            foreach (var octet in command)
                _replies.AddRange(octet == Command ? [Command, Command] : [octet]);
            _replies.AddRange([Command, EndOfSubnegotiation]);
        }
    }

    private void Keep(byte octet)
    {
        if (_subnegotiation.Count == LongestSubnegotiation)
            Fail($"sends a Telnet subnegotiation of more than {LongestSubnegotiation} octets: check that it is a serial converter");
        else
            _subnegotiation.Add(octet);
    }

    private void Ask(byte verb, byte option)
    {
        _agreements[(verb, option)] = Agreement.Asked;
        _replies.AddRange([Command, verb, option]);
    }

    private void Reply(byte verb, byte option)
    {
        if (++_repliesSinceData > MostReplies)
            Fail("negotiates Telnet options without end: check that it is a serial converter");
        else
            _replies.AddRange([Command, verb, option]);
    }

    private void Fail(string failure) => Failure ??= failure;
}
