using System.Text.Json;
using System.Text.Json.Nodes;
using Akka.Actor;
using Akka.Event;
using Akka.Hosting;
using Iec102.Acquisition;
using Iec102.Acquisition.Fleets;
using Iec102.Storage.Writing;
using Microsoft.AspNetCore.Http.Features;

namespace Iec102.Server.Api;

/// <summary>What a call has done, which says more than what was sent with it.</summary>
/// <param name="Text">Without secrets.</param>
internal sealed record AuditDetail(string Text);

/// <summary>
/// Records who changed what, when, from where and with which result: in the log at once, and in the database by the writer, which no call
/// waits for. While the database is away the newest 10,000 lines wait there; the log has them all.
/// </summary>
/// <param name="system">The server's actor system.</param>
/// <param name="writer">The writer of the database.</param>
/// <param name="fleet">The state of the fleet, which says what this node is called.</param>
internal sealed class AuditLog(ActorSystem system, IRequiredActor<WriterActor> writer, FleetView fleet)
{
    private readonly ILoggingAdapter _log = Logging.GetLogger(system, "api");

    /// <summary>
    /// Middleware behind <see cref="ApiAccess"/>: records every call that changes something, also when it is refused. What another node has
    /// passed on is recorded there.
    /// </summary>
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<NeedsOperate>() is null
            || context.Features.GetRequiredFeature<Caller>() is not { IsNode: false } caller)
        {
            await next(context);
            return;
        }

        var detail = await DetailAsync(context.Request);
        // What stands when the call ends with an exception, which is turned into an answer further out.
        var status = StatusCodes.Status500InternalServerError;
        try
        {
            await next(context);
            status = context.Response.StatusCode;
        }
        finally
        {
            var done = context.Features.Get<AuditDetail>()?.Text ?? detail;
            Record(caller, $"{context.Request.Method} {context.Request.Path}", done, status);
        }
    }

    /// <summary>Records something that somebody did.</summary>
    public void Record(Caller caller, string action, string detail, int status)
    {
        var entry = Store(caller.Name, caller.Address, action, detail, status);
        var sent = entry.Detail == "" ? "" : $" {entry.Detail}";
        _log.Info(ApiEvents.OperatorActed, entry.Who, entry.Address, entry.Action, sent, status);
    }

    /// <summary>Records that somebody tried to sign in with a wrong key.</summary>
    public void RecordFailedSignIn(string address)
    {
        Store("unknown", address, Sessions.SignIn, "", StatusCodes.Status401Unauthorized);
        _log.Warning(ApiEvents.SignInFailed, address);
    }

    private AuditEntry Store(string who, string address, string action, string detail, int status)
    {
        var entry = new AuditEntry(TimeProvider.System.Now(), fleet.Status.Fleet.Node?.Id ?? "", who, address, action, detail, status);
        writer.ActorRef.Tell(entry);
        return entry;
    }

    /// <summary>The body without secrets; it can still be read by whoever answers the call.</summary>
    private static async Task<string> DetailAsync(HttpRequest request)
    {
        ApiEndpoints.KeepBody(request);
        try
        {
            return AuditText.Of(await JsonNode.ParseAsync(request.Body));
        }
        catch (Exception e) when (
            e is JsonException or IOException or InvalidOperationException or ArgumentException or OperationCanceledException)
        {
            // No JSON, or a body that ends too early or is too long: the answer says so. Or nobody waits for one any more.
            return "";
        }
        finally
        {
            request.Body.Position = 0;
        }
    }
}
