using Iec102.Protocol.Application;
using Iec102.Protocol.Description;

namespace Iec102.Acquisition.Ports;

/// <summary>What a meter refuses and why, in the same words in the log, the API and the command line.</summary>
internal static class RefusalWords
{
    /// <summary>Such as <c>cause 15, record number not known</c>; a bare negative confirmation gives no reason.</summary>
    public static string Reason(CauseOfTransmission cause) =>
        cause.IsRefusal() ? $"cause {(byte)cause}, {cause.InWords()}" : "it gives no reason";

    /// <summary>Such as <c>type 123 (read increments)</c>.</summary>
    public static string What(TypeIdentification type) => $"type {(byte)type} ({type.InWords()})";

    /// <summary>A sentence about a refused login.</summary>
    /// <param name="cause">The cause that the meter gave.</param>
    /// <param name="password">Which password it was: <c>password</c> or <c>write password</c>.</param>
    public static string Login(CauseOfTransmission cause, string password = "password") =>
        $"The meter refuses the login ({Reason(cause)}): check the {password} and the measurement point.";
}
