using System.Net.Sockets;
using System.Text.Json.Nodes;
using Iec102.Acquisition.Meters;
using Iec102.Acquisition.Ports;
using Iec102.Acquisition.Profiles;
using Iec102.Acquisition.Tasks;
using Iec102.Fleet;
using Iec102.Server.Api;
using NodaTime;

namespace Iec102.Server.Tests.Api;

/// <summary>GET stream: events are sent as they happen.</summary>
public sealed class StreamTests(ToldServer server) : IClassFixture<ToldServer>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task What_happens_is_told_with_the_data_of_the_other_calls()
    {
        await using var stream = await Client.OpenAsync(server, "");
        server.Tell(Values("m-1", 231));
        (await stream.NextAsync("current"))["signals"]![0]!["value"]!.GetValue<double>().ShouldBe(231);

        server.Tell(new CurveRecorded("m-1", Curve.Hourly, 24, ToldServer.Day, ToldServer.Day + Duration.FromHours(23)));
        (await stream.NextAsync("intervals")).ToJsonString()
            .ShouldContain("\"curve\":\"hourly\",\"count\":24,\"from\":\"2024-07-15T00:00:00");

        server.Tell(new MeterStatus("m-2", "p", 2, 1, MeterState.Online, 7, ToldServer.Day, null, null));
        (await stream.NextAsync("meter", one => one["id"]!.ToString() == "m-2"))["state"]!.ToString().ShouldBe("online");

        server.Tell(new PortStatus(
            "other", "tcp", "a:1", PortState.Opening, ToldServer.Day, null, new PortCounters(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)));
        (await stream.NextAsync("port", one => one["id"]!.ToString() == "other"))["state"]!.ToString().ShouldBe("opening");
    }

    [Fact]
    public async Task Events_are_told_when_they_are_stored_and_only_those_that_are_new()
    {
        await using var stream = await Client.OpenAsync(server, "?lang=es");
        var (first, second) = (ToldServer.Event(3, 1, ToldServer.Day), ToldServer.Event(16, 0, ToldServer.Day));
        server.Tell(Events(first));
        (await stream.NextAsync("events"))["events"]!.AsArray().Count.ShouldBe(1);

        server.Tell(Events(first, second));
        var told = (await stream.NextAsync("events"))["events"]!.AsArray();
        told.ShouldHaveSingleItem()!["text"]!.ToString().ShouldBe("cambio de la clave privada de firma");
    }

    [Fact]
    public async Task A_filter_lets_only_one_meter_through()
    {
        await using var stream = await Client.OpenAsync(server, "?meter=m-1");
        server.Tell(Values("m-2", 1));
        server.Tell(Values("m-1", 2));

        (await stream.NextAsync("current"))["meter"]!.ToString().ShouldBe("m-1");
    }

    [Fact]
    public async Task A_stream_ends_when_the_server_stops_and_does_not_hold_it_up()
    {
        var own = new ToldServer();
        await own.InitializeAsync();
        await using var stream = await Client.OpenAsync(own, "");
        var began = System.Diagnostics.Stopwatch.StartNew();
        await own.DisposeAsync();

        (await stream.ReadToEndAsync()).ShouldBeTrue();
        began.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(15));
    }

    [Fact]
    public async Task A_client_that_does_not_read_in_time_loses_the_oldest_and_is_told_how_many()
    {
        var queue = new StreamQueue();
        for (var i = 0; i < StreamQueue.Capacity + 10; i++)
            queue.Add(i);

        queue.TakeDropped().ShouldBe(10);
        queue.TakeDropped().ShouldBe(0);
        await using var notices = queue.ReadAllAsync(CancellationToken.None).GetAsyncEnumerator();
        (await notices.MoveNextAsync()).ShouldBeTrue();
        notices.Current.ShouldBe(10);
    }

    [Fact]
    public async Task There_are_only_so_many_streams_and_those_that_are_closed_make_room()
    {
        var open = await Task.WhenAll(Enumerable.Range(0, 150).Select(_ => RawAsync()));
        var answers = await Task.WhenAll(open.Select(HeadAsync));
        answers.Count(answer => answer.StartsWith("HTTP/1.1 200", StringComparison.Ordinal)).ShouldBeInRange(1, 100);
        var refused = answers.First(answer => !answer.StartsWith("HTTP/1.1 200", StringComparison.Ordinal));
        refused.ShouldStartWith("HTTP/1.1 503");

        Array.ForEach(open, one => one.Dispose());
        await EndToEnd.Site.UntilAsync(
            async () =>
            {
                using var one = await RawAsync();
                return (await HeadAsync(one)).StartsWith("HTTP/1.1 200", StringComparison.Ordinal);
            },
            Patience, () => "No stream could be opened.");
    }

    [Fact]
    public async Task A_client_that_does_not_read_at_all_is_cut()
    {
        using var silent = await RawAsync();
        await HeadAsync(silent);
        await using var other = await Client.OpenAsync(server, "");
        // More than the buffers of both sides hold.
        var many = new CurrentValuesRead("m-1", Duration.FromSeconds(15), [.. Enumerable.Repeat(Values("m-1", 1).Values[0], 2000)]);
        for (var i = 0; i < 60; i++)
            server.Tell(many);
        for (var i = 0; i < 60; i++)
            await other.NextAsync("current");

        // What it sends no longer arrives, and in the end the system says so.
        await Should.ThrowAsync<SocketException>(async () =>
        {
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
            using var patience = new CancellationTokenSource(Patience);
            while (await timer.WaitForNextTickAsync(patience.Token))
                await silent.SendAsync("\r\n"u8.ToArray());
        });
    }

    /// <summary>A client of the stream that takes little into its buffer.</summary>
    private async Task<Socket> RawAsync()
    {
        var client = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await client.ConnectAsync("127.0.0.1", server.Client.BaseAddress!.Port);
        await client.SendAsync("GET /api/stream HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray());
        return client;
    }

    private static async Task<string> HeadAsync(Socket client)
    {
        var buffer = new byte[1024];
        var length = await client.ReceiveAsync(buffer).WaitAsync(Patience);
        return System.Text.Encoding.ASCII.GetString(buffer, 0, length);
    }

    private static CurrentValuesRead Values(string meter, double volts) =>
        new(
            meter, Duration.FromSeconds(15),
            [new CurrentValue("voltage.l1", volts, "V", ValueQuality.Good, ToldServer.Day, ToldServer.Day)]);

    private static EventsRead Events(params EventRead[] events) =>
        new("m-1", ToldServer.Serial, ToldServer.ReadAt, 55, ToldServer.ReadAt, events);

    /// <summary>A client that reads the stream event by event.</summary>
    private sealed class Client(HttpResponseMessage response, StreamReader reader) : IAsyncDisposable
    {
        private readonly CancellationTokenSource _patience = new(Patience);

        public static async Task<Client> OpenAsync(ToldServer server, string query)
        {
            var response = await server.Client.GetAsync("/api/stream" + query, HttpCompletionOption.ResponseHeadersRead);
            response.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
            var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
            (await reader.ReadLineAsync()).ShouldBe(":");
            return new Client(response, reader);
        }

        /// <summary>The data of the next event with this name.</summary>
        public async Task<JsonNode> NextAsync(string name, Func<JsonNode, bool>? which = null)
        {
            while (await reader.ReadLineAsync(_patience.Token) is { } line)
            {
                if (line != $"event: {name}")
                    continue;
                var data = JsonNode.Parse((await reader.ReadLineAsync(_patience.Token))!["data: ".Length..])!;
                if (which?.Invoke(data) != false)
                    return data;
            }

            throw new InvalidOperationException($"The stream ended before an event '{name}' came.");
        }

        /// <summary>Reads to the end of the stream, whether it is completed or cut; true when the end comes in time.</summary>
        public async Task<bool> ReadToEndAsync()
        {
            try
            {
                while (await reader.ReadLineAsync(_patience.Token) is not null)
                {
                }
            }
            catch (IOException)
            {
                // A connection that was cut has ended as well.
            }

            return true;
        }

        public ValueTask DisposeAsync()
        {
            _patience.Dispose();
            reader.Dispose();
            response.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
