using Akka.Event;
using Iec102.Acquisition;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace Iec102.Server.Api;

/// <summary>
/// The connections to the API: only so many at once, since each takes descriptors of the process, which lines and databases need too. When
/// all places are taken, the connection that has waited longest for a request is cut, one of somebody unknown first. While all of them are
/// being answered no further one is accepted: the system lets it wait. One that stays unknown and idle is cut in any case.
/// </summary>
internal sealed class ApiConnections : IDisposable
{
    /// <summary>How long a connection may be idle before one of its requests was let in.</summary>
    public static readonly TimeSpan UnknownIdleLimit = TimeSpan.FromSeconds(10);

    private const int StreamLimit = 100;

    /// <summary>No connection is cut earlier: its request may be on the way.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(0.5);

    private static readonly TimeSpan CheckEvery = TimeSpan.FromSeconds(0.25);
    private static readonly TimeSpan LogAgainAfter = TimeSpan.FromMinutes(1);

    private readonly Func<int> _most;
    private readonly TimeProvider _time;
    private readonly ILoggingAdapter _log;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private readonly HashSet<ApiConnection> _open = [];
    private TaskCompletionSource _change = NewChange();
    private TimeSpan? _loggedAt;

    /// <summary>Creates the set of connections, which is empty.</summary>
    /// <param name="most">How many there may be at present; the fleet file may change.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Is told when all connections are busy.</param>
    public ApiConnections(Func<int> most, TimeProvider time, ILoggingAdapter log)
    {
        (_most, _time, _log) = (most, time, log);
        _timer = time.CreateTimer(_ => Check(), null, CheckEvery, CheckEvery);
    }

    /// <summary>How many streams there may be at present.</summary>
    public int MostStreams => Math.Min(StreamLimit, _most() / 2);

    /// <summary>Returns when there is a place for a further connection.</summary>
    public async Task RoomAsync(CancellationToken ct)
    {
        while (true)
        {
            Task change;
            lock (_gate)
            {
                if (_open.Count < _most())
                    return;
                change = _change.Task;
                if (!_open.Any(one => one.IsCut))
                    CutLongestIdle();
            }

            await change.WaitAsync(ct);
        }
    }

    /// <summary>Takes a place for a connection; it is given back when the connection is disposed.</summary>
    public ApiConnection Add(ConnectionContext accepted)
    {
        var connection = new ApiConnection(accepted, this, _time.Elapsed());
        lock (_gate)
            _open.Add(connection);
        return connection;
    }

    /// <summary>Gives back the place of a connection.</summary>
    public void Remove(ApiConnection connection)
    {
        lock (_gate)
            _open.Remove(connection);
        Changed();
    }

    /// <summary>Middleware: while a request is answered, its connection is not idle.</summary>
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var connection = context.Features.GetRequiredFeature<ApiConnection>();
        lock (_gate)
        {
            if (connection.IsCut)
                return;
            connection.IdleSince = null;
        }

        try
        {
            await next(context);
        }
        finally
        {
            lock (_gate)
                (connection.IdleSince, connection.IsStream) = (_time.Elapsed(), false);
            Changed();
        }
    }

    /// <summary>
    /// Whether a connection may become a stream, which keeps its place until the client goes. The streams leave at least half of the places
    /// to other calls.
    /// </summary>
    public bool TryStream(ApiConnection connection)
    {
        lock (_gate)
        {
            connection.IsStream = _open.Count(one => one.IsStream) < MostStreams;
            return connection.IsStream;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private static TaskCompletionSource NewChange() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static void Cut(ApiConnection connection)
    {
        connection.IsCut = true;
        connection.Abort(new ConnectionAbortedException("The connection was idle, and its place is needed."));
    }

    private void CutLongestIdle()
    {
        if (_open.Where(one => one.IdleSince is not null).MinBy(one => (one.IsKnown, one.IdleSince)) is not { } longestIdle)
            LogBusy();
        else if (longestIdle.IdleSince <= _time.Elapsed() - Grace)
            Cut(longestIdle);
    }

    private void Check()
    {
        lock (_gate)
        {
            var limit = _time.Elapsed() - UnknownIdleLimit;
            foreach (var late in _open.Where(one => !one.IsKnown && one.IdleSince <= limit).ToList())
                Cut(late);
        }

        // Time alone may allow one to be cut.
        Changed();
    }

    private void LogBusy()
    {
        if (_loggedAt is { } at && _time.Elapsed() - at < LogAgainAfter)
            return;
        _loggedAt = _time.Elapsed();
        _log.Warning(ApiEvents.ApiBusy, _open.Count);
    }

    private void Changed()
    {
        lock (_gate)
        {
            _change.SetResult();
            _change = NewChange();
        }
    }
}
