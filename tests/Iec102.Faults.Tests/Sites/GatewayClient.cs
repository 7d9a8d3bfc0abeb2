using System.Diagnostics;
using System.Globalization;
using Iec102.Lines;
using Iec102.Protocol.Application;
using Iec102.Protocol.Link;
using Iec102.Testing;

namespace Iec102.Faults.Tests.Sites;

/// <summary>
/// A program that reads a meter through a node's gateway, twice a second in one session, until it is disposed. What it could not read, and
/// how long it had to wait, is its log.
/// </summary>
internal sealed class GatewayClient : IAsyncDisposable
{
    /// <summary>Where the gateway of the first line listens.</summary>
    public const int Port = 6001;

    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(500);

    private readonly CancellationTokenSource _end = new();
    private readonly Stopwatch _since = Stopwatch.StartNew();
    private readonly Task _reading;
    private TimeSpan _last;

    private GatewayClient(OutsideMaster master) => _reading = ReadAsync(master);

    /// <summary>How many answers it has got.</summary>
    public int Answers { get; private set; }

    /// <summary>The longest time between two answers.</summary>
    public TimeSpan LongestWait { get; private set; }

    /// <summary>What it did not get.</summary>
    public List<string> Failures { get; } = [];

    /// <summary>Logs in to the meter of the first line and begins to read.</summary>
    public static async Task<GatewayClient> ConnectAsync(Node node)
    {
        var master = await OutsideMaster.ConnectAsync(Port, link: 1, node.Host.Address);
        (await master.LogInAsync()).Outcome.ShouldBe(ExchangeOutcome.Completed);
        return new GatewayClient(master);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _reading;
        _end.Dispose();
    }

    private async Task ReadAsync(OutsideMaster master)
    {
        await using (master)
        {
            using var timer = new PeriodicTimer(Period);
            _last = _since.Elapsed;
            try
            {
                while (await timer.WaitForNextTickAsync(_end.Token))
                    Note((await master.AskAsync(Request.ReadCurrentTime(1))).Outcome.ToString());
            }
            catch (LineException lost)
            {
                Note(lost.Message);
            }
            catch (OperationCanceledException)
            {
                // It is being disposed.
            }
        }
    }

    private void Note(string outcome)
    {
        var now = _since.Elapsed;
        if (outcome != nameof(ExchangeOutcome.Completed))
            Failures.Add(string.Create(CultureInfo.InvariantCulture, $"after {now.TotalSeconds:F1} s: {outcome}"));
        Answers++;
        if (now - _last > LongestWait)
            LongestWait = now - _last;
        _last = now;
    }
}
