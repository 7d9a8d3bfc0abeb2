using Iec102.Server.Api;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;

namespace Iec102.Server.Pages;

/// <summary>
/// Who reads a page. A page stays open for months; soon after its reader's key has left the fleet file or has got another role, the reader
/// is nobody any more, and the page goes to where one signs in, which leads whoever has a session back at once. What the reader may not do
/// is refused from the moment of the change on (<see cref="ApiAccess"/>).
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
        Task.FromResult(
            Caller.Of(authenticationState.User, node.Fleet.Api) is { } known
            && authenticationState.User.IsInRole(Caller.NameOf(known.Role)));
}
