namespace Iec102.Acquisition.Ports;

/// <summary>A request that waits for the wire.</summary>
/// <param name="Number">Given to each request when it reaches the port, which knows by it whom to answer.</param>
/// <param name="Request">The request.</param>
/// <param name="Expires">The monotonic moment at which it leaves the queue.</param>
internal sealed record QueuedRequest(long Number, ExchangeRequest Request, TimeSpan Expires)
{
    public bool IsLogin => Request.Request.Header.Type == Protocol.Application.TypeIdentification.Login;
}

/// <summary>
/// Weighted turns by wire time. Each class carries an account of the wire time it has had, divided by its weight; the class with the lowest
/// account is next. A class that was idle starts from the account of the class served last, so that it gets no credit for its idle time.
/// Within a class the clients take turns; the requests of one client keep their order.
/// </summary>
internal sealed class TurnQueue
{
    // Every exchange costs something, or one that takes no measurable time could be repeated for ever while others wait.
    private static readonly TimeSpan LeastCharge = TimeSpan.FromMilliseconds(1);

    // A meter asks one thing after another: its next request comes only when its conclusions are drawn and a chunk of history is stored.
    private static readonly TimeSpan Courtesy = TimeSpan.FromMilliseconds(250);

    private readonly ClassTurns[] _classes = [.. Enum.GetValues<RequestClass>().Select(_ => new ClassTurns())];
    private long _servedLast;
    private TimeSpan _courtesyEnds;

    /// <summary>How many requests wait.</summary>
    public int Count { get; private set; }

    /// <summary>When the first of the waiting requests expires, or a moment before that; null when none waits.</summary>
    public TimeSpan? NextExpiry { get; private set; }

    public static int Weight(RequestClass @class) => @class switch
    {
        RequestClass.OnDemand or RequestClass.Gateway => 8,
        RequestClass.LiveValues => 6,
        _ => 2,
    };

    public void Enqueue(QueuedRequest request)
    {
        var turns = Of(request.Request.Class);
        if (turns.Clients.Count == 0)
            turns.Account = Math.Max(turns.Account, _servedLast);
        turns.Add(request);
        Count++;
        if (NextExpiry is not { } next || request.Expires < next)
            NextExpiry = request.Expires;
    }

    /// <summary>Whose turn it is; null when nobody waits.</summary>
    public QueuedRequest? Peek() => Next()?.Clients[0].Requests.First!.Value;

    /// <summary>Takes the request whose turn it is.</summary>
    public QueuedRequest Dequeue()
    {
        var turns = Next() ?? throw new InvalidOperationException("No request waits.");
        _servedLast = turns.Account;
        var client = turns.Clients[0];
        var request = client.Requests.First!.Value;
        client.Requests.RemoveFirst();
        turns.Clients.RemoveAt(0);
        if (client.Requests.Count > 0)
            turns.Clients.Add(client);
        Removed(1);
        return request;
    }

    /// <summary>An exchange of this class has ended.</summary>
    public void Ended(RequestClass @class, TimeSpan now) =>
        _courtesyEnds = @class == RequestClass.Gateway ? TimeSpan.Zero : now + Courtesy;

    /// <summary>
    /// When the request whose turn it is may begin. A client of the gateway waits a moment after an exchange of ours if its class has had
    /// the wire for at least a second more than its share: what one of our meters asks next would be before it.
    /// </summary>
    public TimeSpan EarliestTurn(QueuedRequest next) =>
        next.Request.Class == RequestClass.Gateway
        && Of(RequestClass.Gateway).Account - _servedLast > TimeSpan.TicksPerSecond * ClassTurns.Scale / Weight(RequestClass.Gateway)
            ? _courtesyEnds
            : TimeSpan.Zero;

    /// <summary>An exchange of this class has had the wire for this long.</summary>
    public void Charge(RequestClass @class, TimeSpan wireTime)
    {
        var turns = Of(@class);
        turns.Account += Math.Max(wireTime.Ticks, LeastCharge.Ticks) * ClassTurns.Scale / Weight(@class);
    }

    /// <summary>Removes and returns the requests that have expired.</summary>
    public IReadOnlyList<QueuedRequest> RemoveExpired(TimeSpan now)
    {
        if (NextExpiry is not { } next || now < next)
            return [];
        var expired = Remove(request => request.Expires <= now);
        NextExpiry = null;
        foreach (var request in _classes.SelectMany(turns => turns.Clients).SelectMany(client => client.Requests))
            NextExpiry = NextExpiry is { } first && first <= request.Expires ? first : request.Expires;
        return expired;
    }

    /// <summary>Removes and returns every request that matches, in the order of the classes.</summary>
    public IReadOnlyList<QueuedRequest> Remove(Predicate<QueuedRequest> match)
    {
        var removed = new List<QueuedRequest>();
        foreach (var turns in _classes)
        {
            foreach (var client in turns.Clients)
            {
                for (var node = client.Requests.First; node is not null;)
                {
                    var following = node.Next;
                    if (match(node.Value))
                    {
                        removed.Add(node.Value);
                        client.Requests.Remove(node);
                    }

                    node = following;
                }
            }

            turns.Clients.RemoveAll(client => client.Requests.Count == 0);
        }

        Removed(removed.Count);
        return removed;
    }

    private void Removed(int count)
    {
        Count -= count;
        if (Count == 0)
            NextExpiry = null;
    }

    private ClassTurns Of(RequestClass @class) => _classes[(int)@class];

    private ClassTurns? Next()
    {
        ClassTurns? next = null;
        foreach (var turns in _classes)
        {
            if (turns.Clients.Count > 0 && (next is null || turns.Account < next.Account))
                next = turns;
        }

        return next;
    }

    private sealed class ClassTurns
    {
        // A multiple of every weight keeps the accounts whole numbers.
        public const long Scale = 24;

        /// <summary>Wire time in ticks times <see cref="Scale"/>, divided by the weight.</summary>
        public long Account { get; set; }

        /// <summary>The clients that wait, in the order of their turns; each has requests.</summary>
        public List<ClientTurns> Clients { get; } = [];

        public void Add(QueuedRequest request)
        {
            var client = Clients.Find(known => known.Name == request.Request.Client);
            if (client is null)
                Clients.Add(client = new ClientTurns(request.Request.Client));
            client.Requests.AddLast(request);
        }
    }

    private sealed class ClientTurns(string name)
    {
        public string Name { get; } = name;

        public LinkedList<QueuedRequest> Requests { get; } = [];
    }
}
