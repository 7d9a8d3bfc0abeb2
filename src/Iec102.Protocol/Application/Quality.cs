namespace Iec102.Protocol.Application;

/// <summary>The quality octet after each total (protocol notes 4.4).</summary>
[Flags]
public enum Quality : byte
{
    /// <summary>No remarks.</summary>
    None = 0,

    /// <summary>Bit 1, AL: the period is incomplete because the supply was lost.</summary>
    SupplyLost = 0x02,

    /// <summary>Bit 2, INT: intrusion during the period.</summary>
    Intrusion = 0x04,

    /// <summary>Bit 3, MP: parameters were changed during the period.</summary>
    ParametersChanged = 0x08,

    /// <summary>Bit 4, VH: the date or time was changed slightly during the period, by two minutes, say.</summary>
    SlightTimeChange = 0x10,

    /// <summary>Bit 5, CY: the counter overflowed in the period.</summary>
    Overflow = 0x20,

    /// <summary>Bit 6, CA: the date or time was changed radically during the period, by two days, say.</summary>
    RadicalTimeChange = 0x40,

    /// <summary>Bit 7, IV: the value is invalid.</summary>
    Invalid = 0x80,
}
