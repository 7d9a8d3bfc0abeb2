using System.Security.Claims;

namespace Iec102.Server.Api;

/// <summary>Marks a call of the page's own, which has no connection.</summary>
/// <param name="Reader">Who reads the page, as of when the page was opened.</param>
internal sealed record OwnCall(ClaimsPrincipal Reader);
