using Iec102.Acquisition.Ports;
using Iec102.Protocol.Application;
using Iec102.Protocol.Description;

namespace Iec102.Server.Commands.OneOff;

/// <summary>Sentences about exchanges that failed or were refused, for standard error.</summary>
internal static class ExchangeWords
{
    /// <summary>A sentence that says what the meter refuses to give, and why.</summary>
    /// <param name="refusal">The exchange that was refused.</param>
    /// <param name="what">What was asked, such as "its clock".</param>
    public static string Refuses(ExchangeEnded refusal, string what) => $"The meter refuses to give {what}: {Cause(refusal)}.";

    /// <summary>A sentence that says why a login failed and what to check.</summary>
    public static string FailedLogin(ExchangeEnded login) => login.End switch
    {
        ExchangeEnd.Refused => $"The meter refuses the login with {Cause(login)}: check --password and --point.",
        ExchangeEnd.NoAnswer => $"{Failure(login)}: check --link, the line and its format, and that the meter is powered.",
        _ => $"{Failure(login)}.",
    };

    /// <summary>The cause of a refusal, such as "cause 15, record number not known".</summary>
    public static string Cause(ExchangeEnded refusal) =>
        refusal.Cause.IsRefusal() ? $"cause {(byte)refusal.Cause}, {refusal.Cause.InWords()}" : "a negative confirmation";

    /// <summary>A sentence, without its full stop, that says why an exchange failed.</summary>
    public static string Failure(ExchangeEnded ended) => ended.Error!.TrimEnd('.');
}
