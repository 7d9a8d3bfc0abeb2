namespace Iec102.Lines.Serial;

/// <summary>A line that has the modem line DTR, whose fall makes a modem hang up.</summary>
internal interface IDtrLine
{
    /// <summary>Raises or drops DTR.</summary>
    /// <returns>false when the line has none, or does not raise it by its options</returns>
    bool SetDtr(bool raised);
}
