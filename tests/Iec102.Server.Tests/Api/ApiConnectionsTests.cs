using Akka.Event;
using Iec102.Server.Api;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace Iec102.Server.Tests.Api;

/// <summary>How many connections the API has, and which of them go when there is no place for another.</summary>
public sealed class ApiConnectionsTests : IDisposable
{
    private const int Most = 3;

    private readonly FakeTimeProvider _time = new();
    private readonly ApiConnections _connections;

    public ApiConnectionsTests() => _connections = new ApiConnections(() => Most, _time, NoLogger.Instance);

    public void Dispose() => _connections.Dispose();

    [Fact]
    public async Task When_all_places_are_taken_the_one_that_has_waited_longest_goes_and_of_those_an_unknown_one_first()
    {
        var known = Open();
        await known.CallAsync(letIn: true);
        _time.Advance(TimeSpan.FromSeconds(1));
        var unknown = Open();
        _time.Advance(TimeSpan.FromSeconds(1));
        var late = Open();
        _time.Advance(TimeSpan.FromSeconds(1));

        var room = _connections.RoomAsync(CancellationToken.None);
        await unknown.CutAsync();
        room.IsCompleted.ShouldBeFalse("its descriptor is not free yet");
        await unknown.Connection.DisposeAsync();
        await room.WaitAsync(TimeSpan.FromSeconds(10));
        known.Connection.IsCut.ShouldBeFalse();
        late.Connection.IsCut.ShouldBeFalse();
    }

    [Fact]
    public async Task While_all_are_busy_none_is_cut_and_none_isaccepted()
    {
        var busy = Enumerable.Range(0, Most).Select(_ => Open()).ToList();
        var calls = busy.ConvertAll(one => one.CallAsync(letIn: true, one.Answered.Task));

        var room = _connections.RoomAsync(CancellationToken.None);
        _time.Advance(TimeSpan.FromMinutes(10));
        room.IsCompleted.ShouldBeFalse();
        busy.ShouldAllBe(one => !one.Connection.IsCut);

        // The answer is sent; its connection is idle now, and makes room.
        busy[1].Answered.SetResult();
        await calls[1];
        busy[1].Connection.IsCut.ShouldBeFalse("its next request may be on the way");
        _time.Advance(TimeSpan.FromSeconds(1));
        await busy[1].CutAsync();
        await busy[1].Connection.DisposeAsync();
        await room.WaitAsync(TimeSpan.FromSeconds(10));
        (busy[0].Connection.IsCut, busy[2].Connection.IsCut).ShouldBe((false, false));
    }

    [Fact]
    public async Task Only_who_was_let_in_may_be_idle_for_more_than_ten_seconds()
    {
        var (known, refused, silent) = (Open(), Open(), Open());
        await known.CallAsync(letIn: true);
        await refused.CallAsync(letIn: false);

        _time.Advance(TimeSpan.FromSeconds(9));
        (refused.Connection.IsCut, silent.Connection.IsCut).ShouldBe((false, false));
        _time.Advance(TimeSpan.FromSeconds(1));
        (refused.Connection.IsCut, silent.Connection.IsCut).ShouldBe((true, true));
        known.Connection.IsCut.ShouldBeFalse();
    }

    private Client Open() => new(_connections, new DefaultConnectionContext());

    /// <summary>A client of the API, from the server's side.</summary>
    private sealed class Client(ApiConnections all, DefaultConnectionContext accepted)
    {
        public ApiConnection Connection { get; } = all.Add(accepted);

        public TaskCompletionSource Answered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>A call that takes as long as the task.</summary>
        public Task CallAsync(bool letIn, Task? answer = null)
        {
            var call = new DefaultHttpContext();
            call.Features.Set(Connection);
            return all.InvokeAsync(call, _ =>
            {
                Connection.IsKnown |= letIn;
                return answer ?? Task.CompletedTask;
            });
        }

        /// <summary>Returns when the connection is cut.</summary>
        public async Task CutAsync()
        {
            var cut = new TaskCompletionSource();
            await using var registration = accepted.ConnectionClosed.Register(cut.SetResult);
            await cut.Task.WaitAsync(TimeSpan.FromSeconds(10));
        }
    }
}
