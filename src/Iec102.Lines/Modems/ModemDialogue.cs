using System.Text;
using Iec102.Lines.Serial;

namespace Iec102.Lines.Modems;

/// <summary>The conversation with a modem in AT commands: wakes it, dials, hangs up.</summary>
/// <param name="line">The open line to the modem; nobody else reads from it or writes to it meanwhile.</param>
/// <param name="name">The modem, for messages.</param>
/// <param name="time">The clock of all waits.</param>
internal sealed class ModemDialogue(ILine line, string name, TimeProvider time)
{
    // Echo off, results on and in words.
    private const string Prepare = "ATE0Q0V1";

    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan InitTimeout = TimeSpan.FromSeconds(10);

    // A modem takes +++ for a command only with a second of silence before and after it.
    private static readonly TimeSpan Guard = TimeSpan.FromMilliseconds(1100);

    private readonly byte[] _received = new byte[256];
    private readonly ModemText _text = new();
    private ReadOnlyMemory<byte> _rest;

    /// <summary>Calls a number.</summary>
    /// <returns>the octets of the far end that came right behind CONNECT</returns>
    /// <exception cref="LineException">The modem does not answer or does not get through; it is back in command mode.</exception>
    public async Task<ReadOnlyMemory<byte>> DialAsync(DialOptions options, CancellationToken ct)
    {
        await WakeAsync(ct);
        foreach (var (command, index) in options.Init.Select((command, index) => (command, index)))
        {
            var answer = await AskAsync(command, InitTimeout, ct);
            if (answer != "OK")
                throw new LineException($"The modem on {name} {Said(answer)} to command {index + 1} of init; correct it.");
        }

        // Until the modem has said that there is none, there may be a call, or will be one in a moment.
        var mayBeUp = true;
        try
        {
            var result = await AskAsync($"ATD{options.Number}", _ => true, options.ConnectTimeout, ct);
            var isUp = result?.StartsWith("CONNECT", StringComparison.Ordinal) == true;
            mayBeUp = isUp || result is null;
            if (!isUp)
                throw new LineException(Explain(result, options));
            await Task.Delay(options.ConnectDelay, time, ct);
            mayBeUp = false;
            return _rest;
        }
        finally
        {
            if (mayBeUp)
                await HangUpAsync();
        }
    }

    /// <summary>Ends the call: by DTR where the line has it, otherwise with +++ and ATH. No reaction is no error.</summary>
    public async Task HangUpAsync()
    {
        try
        {
            if (line is IDtrLine dtr && dtr.SetDtr(raised: false))
            {
                await Task.Delay(Guard, time);
                dtr.SetDtr(raised: true);
                if (await AskAsync("AT", AnswerTimeout, default) == "OK")
                    return;
            }

            await EscapeAsync(default);
            await AskAsync("ATH", AnswerTimeout, default);
        }
        catch (LineException)
        {
            // Without its line the modem hangs up by itself, or nobody can make it.
        }
    }

    private async Task WakeAsync(CancellationToken ct)
    {
        if (await AskAsync(Prepare, AnswerTimeout, ct) == "OK")
            return;
        // Perhaps a call of an earlier run is still up.
        await EscapeAsync(ct);
        await AskAsync("ATH", AnswerTimeout, ct);
        if (await AskAsync(Prepare, AnswerTimeout, ct) is not "OK" and var answer)
            throw new LineException(
                $"The modem on {name} {Said(answer)} to AT commands; check that it is powered, and speed and format of its line.");
    }

    private async Task EscapeAsync(CancellationToken ct)
    {
        await Task.Delay(Guard, time, ct);
        await line.WriteAsync("+++"u8.ToArray(), ct);
        await ResultAsync(IsAnswer, AnswerTimeout, ct);
    }

    private Task<string?> AskAsync(string command, TimeSpan timeout, CancellationToken ct) => AskAsync(command, IsAnswer, timeout, ct);

    private async Task<string?> AskAsync(string command, Predicate<string> isAnswer, TimeSpan timeout, CancellationToken ct)
    {
        await line.WriteAsync(Encoding.ASCII.GetBytes(command + "\r"), ct);
        return await ResultAsync(isAnswer, timeout, ct);
    }

    /// <summary>Waits for an answer; null when none comes in time.</summary>
    private async Task<string?> ResultAsync(Predicate<string> isAnswer, TimeSpan timeout, CancellationToken ct)
    {
        using var patience = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
        try
        {
            while (true)
            {
                var count = await line.ReadAsync(_received, either.Token);
                if (count == 0)
                    throw new LineException($"The line to the modem on {name} was closed by its far end.");
                if (Take(count, isAnswer) is { } result)
                    return result;
            }
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return null;
        }
    }

    private string? Take(int count, Predicate<string> isAnswer)
    {
        ReadOnlySpan<byte> octets = _received.AsSpan(0, count);
        while (_text.Take(ref octets) is { } result)
        {
            if (!isAnswer(result))
                continue;
            _rest = octets.ToArray();
            return result;
        }

        return null;
    }

    /// <summary>Whether a result answers a command other than ATD: the end of a call may be reported in between.</summary>
    private static bool IsAnswer(string result) => result is "OK" or "ERROR" || result.StartsWith('+');

    private string Explain(string? result, DialOptions options) => result switch
    {
        null => $"{options.Number} was not connected within {options.ConnectTimeout.TotalSeconds:0.###} s; "
            + "check the number and the modem there.",
        "BUSY" => $"{options.Number} is engaged (BUSY); perhaps another master is calling it.",
        "NO ANSWER" => $"{options.Number} does not pick up (NO ANSWER); check that the modem there is powered.",
        "NO CARRIER" => $"No connection with {options.Number} (NO CARRIER); check the number, and that the modem there takes data calls.",
        "NO DIALTONE" or "NO DIAL TONE" => $"The modem on {name} has no dial tone ({result}); check its telephone line or SIM.",
        _ => $"The modem on {name} does not dial {options.Number} ({result}); check the number and init.",
    };

    private static string Said(string? answer) => answer is null ? "does not answer" : $"answers {answer}";
}
