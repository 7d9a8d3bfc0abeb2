namespace Iec102.Protocol.Application;

/// <summary>Causes of transmission, bits 5-0 of the ASDU's third octet (protocol notes 2.2).</summary>
public enum CauseOfTransmission : byte
{
    /// <summary>3: spontaneous.</summary>
    Spontaneous = 3,

    /// <summary>4: initialised.</summary>
    Initialised = 4,

    /// <summary>5: request or requested.</summary>
    Request = 5,

    /// <summary>6: activation.</summary>
    Activation = 6,

    /// <summary>7: activation confirmation.</summary>
    ActivationConfirmation = 7,

    /// <summary>8: deactivation.</summary>
    Deactivation = 8,

    /// <summary>9: deactivation confirmation.</summary>
    DeactivationConfirmation = 9,

    /// <summary>10: activation termination, the end of a series.</summary>
    ActivationTermination = 10,

    /// <summary>13: requested data record not available.</summary>
    RecordNotAvailable = 13,

    /// <summary>14: requested ASDU type not available.</summary>
    TypeNotAvailable = 14,

    /// <summary>15: record number in the ASDU not known.</summary>
    RecordNotKnown = 15,

    /// <summary>16: address specification in the ASDU not known, such as a wrong measurement point.</summary>
    AddressNotKnown = 16,

    /// <summary>17: requested information object not available.</summary>
    ObjectNotAvailable = 17,

    /// <summary>18: requested integration period not available.</summary>
    PeriodNotAvailable = 18,
}

/// <summary>Tells what a cause of transmission means.</summary>
public static class CauseOfTransmissionExtensions
{
    /// <summary>Whether the cause is one of 13 to 18: the meter refuses, and the exchange ends.</summary>
    public static bool IsRefusal(this CauseOfTransmission cause) =>
        cause is >= CauseOfTransmission.RecordNotAvailable and <= CauseOfTransmission.PeriodNotAvailable;
}
