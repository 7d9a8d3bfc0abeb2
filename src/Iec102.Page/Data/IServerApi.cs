using System.Text.Json;

namespace Iec102.Page.Data;

/// <summary>
/// The API of the server as the page uses it: every call of docs/contract.md, with the rights of the reader of the page, and with the same
/// answers. Calls that only another node can answer are passed on.
/// </summary>
public interface IServerApi
{
    /// <summary>Reads something.</summary>
    /// <param name="path">Such as /api/meters/m-1/current, with its query.</param>
    /// <param name="ct">Ends the call.</param>
    Task<ApiAnswer<T>> GetAsync<T>(string path, CancellationToken ct = default) where T : class;

    /// <summary>Changes something.</summary>
    /// <param name="path">Such as /api/meters/m-1/retry.</param>
    /// <param name="body">What is sent as JSON; null for nothing.</param>
    /// <param name="ct">Ends the call.</param>
    Task<ApiAnswer<T>> PostAsync<T>(string path, object? body = null, CancellationToken ct = default) where T : class;

    /// <summary>Undoes something.</summary>
    /// <param name="path">Such as /api/nodes/node-1/drain.</param>
    /// <param name="ct">Ends the call.</param>
    Task<ApiAnswer<T>> DeleteAsync<T>(string path, CancellationToken ct = default) where T : class;

    /// <summary>Follows a stream until it ends or is cancelled.</summary>
    /// <param name="path">Such as /api/ports/north/trace.</param>
    /// <param name="ct">Ends the stream.</param>
    /// <exception cref="ApiException">The call was refused, or the stream was ended by the server.</exception>
    IAsyncEnumerable<ServerEvent> StreamAsync(string path, CancellationToken ct);
}

/// <summary>The answer to a call.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Value">What was answered; null when the call failed.</param>
/// <param name="Problem">Why the call failed, in one sentence; null when it did not.</param>
public sealed record ApiAnswer<T>(int Status, T? Value, string? Problem) where T : class;

/// <summary>One event of a stream.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Data">Its data.</param>
public sealed record ServerEvent(string Name, JsonElement Data);

/// <summary>A call was refused; the message says why.</summary>
public sealed class ApiException(int status, string message) : Exception(message)
{
    /// <summary>The HTTP status.</summary>
    public int Status => status;
}
