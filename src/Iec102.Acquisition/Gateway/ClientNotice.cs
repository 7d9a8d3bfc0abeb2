namespace Iec102.Acquisition.Gateway;

/// <summary>
/// Something that the log says about a client. A session tells it to its listener, which logs it: what the clients of one host do again and
/// again must not fill the log.
/// </summary>
/// <param name="Client">The client.</param>
internal abstract record ClientNotice(ClientAddress Client)
{
    /// <summary>The meter it is about, if it is logged meter by meter; else null.</summary>
    public virtual string? Of => null;

    public sealed record Connected(ClientAddress Client) : ClientNotice(Client);

    public sealed record LoggedIn(ClientAddress Client, string Meter) : ClientNotice(Client)
    {
        public override string? Of => Meter;
    }

    public sealed record Gone(ClientAddress Client, long Requests, string Reason) : ClientNotice(Client);

    public sealed record WrongKey(ClientAddress Client, string Meter, int InARow, TimeSpan Delay) : ClientNotice(Client);

    public sealed record RequestRefused(
        ClientAddress Client, ushort Link, ushort Point, string? Meter, byte Type, string Reason) : ClientNotice(Client)
    {
        public override string? Of => Meter;
    }

    public sealed record NoAnswer(ClientAddress Client, string Meter, string Reason) : ClientNotice(Client)
    {
        public override string? Of => Meter;
    }

    public sealed record Abandoned(ClientAddress Client, string Meter, TimeSpan Pause) : ClientNotice(Client)
    {
        public override string? Of => Meter;
    }

    public sealed record AnswersDropped(ClientAddress Client, string Meter, string Limit) : ClientNotice(Client)
    {
        public override string? Of => Meter;
    }
}
