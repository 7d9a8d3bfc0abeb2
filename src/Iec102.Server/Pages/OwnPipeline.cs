namespace Iec102.Server.Pages;

/// <summary>Answers requests that come without a connection: by all of the server's middleware but that which looks after those.</summary>
internal sealed class OwnPipeline
{
    /// <summary>Answers a request; set once, while the server is being built.</summary>
    public RequestDelegate Run { get; private set; } = null!;

    /// <summary>Keeps what follows in the pipeline.</summary>
    public RequestDelegate Keep(RequestDelegate next) => Run = next;
}
