using Iec102.Acquisition.Ports;

namespace Iec102.Server.OneOff;

/// <summary>Sentences about exchanges that failed or were refused, for standard error.</summary>
internal static class ExchangeWords
{
    /// <summary>A sentence that says what the meter refuses to give, and why.</summary>
    /// <param name="refusal">The exchange that was refused.</param>
    /// <param name="what">What was asked, such as "its clock".</param>
    public static string Refuses(ExchangeEnded refusal, string what) => $"The meter refuses to give {what}: {Cause(refusal)}.";

    /// <summary>A sentence that says why a login failed and what to check.</summary>
    /// <param name="login">The login.</param>
    /// <param name="password">Which password it was: <c>password</c> or <c>write password</c>.</param>
    public static string FailedLogin(ExchangeEnded login, string password = "password") =>
        login.End == ExchangeEnd.Refused ? RefusalWords.Login(login.Cause, password) : $"{Failure(login)}.";

    /// <summary>The cause of a refusal, such as "cause 15, record number not known".</summary>
    public static string Cause(ExchangeEnded refusal) => RefusalWords.Reason(refusal.Cause);

    /// <summary>A sentence, without its full stop, that says why an exchange failed.</summary>
    public static string Failure(ExchangeEnded ended) => ended.Error!.TrimEnd('.');
}
