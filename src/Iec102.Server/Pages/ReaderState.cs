using Iec102.Server.Api;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;

namespace Iec102.Server.Pages;

/// <summary>
/// Who reads a page. A page stays open for months; soon after its reader's key has left the fleet file, the reader is nobody any more, and
/// the page goes to where one signs in. Calls are refused from that moment on (<see cref="ApiAccess"/>).
/// </summary>
/// <param name="logs">Makes logs.</param>
/// <param name="node">The server.</param>
internal sealed class ReaderState(ILoggerFactory logs, ServerNode node) : RevalidatingServerAuthenticationStateProvider(logs)
{
    /// <inheritdoc/>
    protected override TimeSpan RevalidationInterval => TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    protected override Task<bool> ValidateAuthenticationStateAsync(
        AuthenticationState authenticationState, CancellationToken cancellationToken) =>
        Task.FromResult(Caller.Of(authenticationState.User, node.Fleet.Api) is not null);
}
