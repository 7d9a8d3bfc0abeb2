using Iec102.Acquisition.Ports;
using Iec102.Fleet;
using Iec102.Protocol.Application;
using Iec102.Protocol.Link;

namespace Iec102.Acquisition.Gateway;

/// <summary>A request of a client that is not answered at once: an exchange with the meter, or a login.</summary>
internal sealed class ClientRequest(ClientLink link, GatewayMeter meter, Request request, RequestId id)
{
    public ClientLink Link { get; } = link;

    public GatewayMeter Meter { get; } = meter;

    public Request Request { get; } = request;

    /// <summary>Its id in all messages about it.</summary>
    public RequestId Id { get; } = id;

    /// <summary>Whether the gateway itself answers it.</summary>
    public bool IsLogin => Request.Header.Type == TypeIdentification.Login;

    /// <summary>For a login: whether its key is right.</summary>
    public bool KeyFits { get; init; }

    /// <summary>It was sent to the meter's actor.</summary>
    public bool IsPassedOn { get; set; }

    /// <summary>When the first of its answer arrived; null before.</summary>
    public TimeSpan? AnsweredSince { get; set; }

    /// <summary>When the last of its answer arrived; null before.</summary>
    public TimeSpan? AnsweredAt { get; set; }

    /// <summary>How much the client had fetched on this link, and when the first answer after that arrived.</summary>
    public (long Fetched, TimeSpan At) Unfetched { get; set; } = (-1, default);

    /// <summary>The session with the meter was lost, and this is the second attempt.</summary>
    public bool IsRetried { get; set; }

    /// <summary>The meter's actor has passed it on to the port.</summary>
    public bool IsAtPort { get; set; }
}

/// <summary>What the links of a client need their session to do.</summary>
internal interface IClientLinkHost
{
    /// <summary>The id of the next request.</summary>
    RequestId NextId();

    /// <summary>
    /// Whether the client may log in now: one login at a time, on all its links, so that nobody gains by sending many of them.
    /// </summary>
    bool TakesLogin();

    /// <summary>The client logs in: <see cref="ClientLink.EndLogin"/> is to be called when it may get the answer.</summary>
    void TryLogin(ClientRequest login);

    /// <summary>
    /// A request is to be passed on to the meter. <see cref="ClientLink.Add"/> is to be called for each ASDU that comes back, then
    /// <see cref="ClientLink.End"/>, or <see cref="ClientLink.Fail"/>.
    /// </summary>
    void PassOn(ClientRequest request);

    /// <summary>The client no longer waits for a request.</summary>
    void Drop(ClientRequest request);

    /// <summary>The answer to a request is complete, but the client has gone on without fetching it.</summary>
    void LeftUnfetched(ClientRequest request);

    /// <summary>The gateway itself has refused a request.</summary>
    void Refused(ushort linkAddress, GatewayMeter? meter, AsduHeader request, string why);
}

/// <summary>
/// One link address as a client of the gateway sees it: a station of its own, whatever happens between the gateway and the meter. The
/// client's logins (183) and ends of session (187) are answered here and reach no meter. Requests that are allowed are passed on; the
/// others are mirrored with the cause that a meter would give. Without clock or line.
/// <para>A failure on the way to the meter becomes silence: a cause would be taken for a fact about the meter.</para>
/// </summary>
internal sealed class ClientLink : ISlaveApplication
{
    private readonly GatewayConfiguration _gateway;
    private readonly IClientLinkHost _host;

    // The points that the client has logged in to at the gateway; the session with the meter is kept by the meter's actor.
    private readonly SortedSet<ushort> _loggedIn = [];
    private readonly Queue<byte[]> _answers = new();
    private IReadOnlyList<GatewayMeter> _meters;
    private ClientRequest? _answered;
    private bool _failed;

    /// <summary>A link with at least one enabled meter.</summary>
    public ClientLink(ushort linkAddress, IReadOnlyList<GatewayMeter> meters, GatewayConfiguration gateway, IClientLinkHost host)
    {
        _meters = meters;
        _gateway = gateway;
        _host = host;
        Slave = new LinkSlave(linkAddress, this);
    }

    /// <summary>The station's link layer.</summary>
    public LinkSlave Slave { get; }

    /// <summary>The request that the client waits for; null when there is none.</summary>
    public ClientRequest? Pending { get; private set; }

    /// <summary>Octets of answers that the client has not fetched yet.</summary>
    public int BufferedOctets { get; private set; }

    /// <summary>How many answers the client has fetched.</summary>
    public long Fetched { get; private set; }

    /// <summary>
    /// The meters behind the link, one for each point, have changed. A client that has logged in to a meter whose key has changed has to
    /// log in again.
    /// </summary>
    public void Serve(IReadOnlyList<GatewayMeter> meters)
    {
        _loggedIn.RemoveWhere(point => MeterAt(_meters, point)?.Password != MeterAt(meters, point)?.Password);
        _meters = meters;
    }

    /// <inheritdoc/>
    public void OnReset() => Forget();

    /// <inheritdoc/>
    public RequestVerdict OnRequest(in Asdu request)
    {
        // Not accepted, as by a busy meter: the client is to send it again, and nothing of it is kept.
        if (request.Header.Type == TypeIdentification.Login && !_host.TakesLogin())
            return RequestVerdict.Reject;
        Forget();
        switch (MeterAt(_meters, request.Header.PointAddress))
        {
            case null:
                return Refuse(request, null, CauseOfTransmission.AddressNotKnown, "there is no such measurement point");
            case { IsEnabled: false }:
                return RequestVerdict.Silence;
            case var meter:
                Take(meter, request);
                return RequestVerdict.Accept;
        }
    }

    /// <inheritdoc/>
    public int NextAnswer(Span<byte> destination)
    {
        if (!_answers.TryDequeue(out var answer))
            return _failed ? ISlaveApplication.Nothing : Pending is null ? 0 : ISlaveApplication.NotYet;
        BufferedOctets -= answer.Length;
        Fetched++;
        answer.CopyTo(destination);
        return answer.Length;
    }

    /// <summary>Answers a login: with its mirror, or the way a meter answers a wrong key.</summary>
    public void EndLogin(ClientRequest login)
    {
        Pending = null;
        if (login.KeyFits)
            _loggedIn.Add(login.Meter.PointAddress);
        else
            _loggedIn.Remove(login.Meter.PointAddress);
        Answer(Mirror(login.Request.Asdu, CauseOfTransmission.ActivationConfirmation, isNegative: !login.KeyFits));
    }

    /// <summary>An ASDU of the meter for the client, who gets it octet for octet except for the key in type 129.</summary>
    public void Add(byte[] asdu)
    {
        if (asdu[0] == (byte)TypeIdentification.PointParameters)
            SecretOctets.Clear(asdu);
        Answer(asdu);
    }

    /// <summary>The meter's answer is complete.</summary>
    public void End()
    {
        _answered = Pending;
        Pending = null;
    }

    /// <summary>Nothing more will arrive: the client gets what has arrived, then silence.</summary>
    public void Fail()
    {
        Pending = null;
        _failed = true;
    }

    /// <summary>The client does not fetch its answers: they are dropped, and it gets silence.</summary>
    public void DropAnswers()
    {
        Clear();
        Fail();
    }

    private void Take(GatewayMeter meter, in Asdu request)
    {
        var type = request.Header.Type;
        if (type == TypeIdentification.Login)
        {
            Pending = new ClientRequest(this, meter, Request.Unchanged(request), _host.NextId())
            {
                KeyFits = GatewayRules.KeyFits(_gateway, meter, request),
            };
            _host.TryLogin(Pending);
        }
        else if (type == TypeIdentification.EndSession)
        {
            _loggedIn.Remove(meter.PointAddress);
            Answer(Mirror(request.Octets, CauseOfTransmission.ActivationConfirmation));
        }
        else if (!_loggedIn.Contains(meter.PointAddress))
        {
            // Not one of the causes 13 to 18, which would say something about the meter.
            Answer(Mirror(request.Octets, CauseOfTransmission.ActivationConfirmation, isNegative: true));
            _host.Refused(Slave.LinkAddress, meter, request.Header, "the client has not logged in");
        }
        else if (!GatewayRules.Passes(_gateway.Mode, type))
        {
            Refuse(request, meter, CauseOfTransmission.TypeNotAvailable, "the gateway is read-only");
        }
        else
        {
            Pending = new ClientRequest(this, meter, Request.Unchanged(request), _host.NextId());
            _host.PassOn(Pending);
        }
    }

    private RequestVerdict Refuse(in Asdu request, GatewayMeter? meter, CauseOfTransmission cause, string why)
    {
        Answer(Mirror(request.Octets, cause));
        _host.Refused(Slave.LinkAddress, meter, request.Header, why);
        return RequestVerdict.Accept;
    }

    private void Answer(byte[] asdu)
    {
        _answers.Enqueue(asdu);
        BufferedOctets += asdu.Length;
    }

    private void Forget()
    {
        if (Pending is { } pending)
        {
            Pending = null;
            _host.Drop(pending);
        }
        // Some masters do not fetch the mirror at the end.
        else if (_answered is { } answered && _answers.Count > 1)
        {
            _host.LeftUnfetched(answered);
        }

        _answered = null;
        Clear();
        _failed = false;
    }

    private void Clear()
    {
        _answers.Clear();
        BufferedOctets = 0;
    }

    private static GatewayMeter? MeterAt(IReadOnlyList<GatewayMeter> meters, ushort point) =>
        meters.FirstOrDefault(meter => meter.PointAddress == point);

    private static byte[] Mirror(ReadOnlySpan<byte> request, CauseOfTransmission cause, bool isNegative = false)
    {
        const int causeAt = 2, negative = 0x40, test = 0x80;
        var mirror = request.ToArray();
        mirror[causeAt] = (byte)((mirror[causeAt] & test) | (byte)cause | (isNegative ? negative : 0));
        return mirror;
    }
}
