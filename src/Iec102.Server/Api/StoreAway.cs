using Iec102.Storage.Files;
using Microsoft.AspNetCore.Diagnostics;

namespace Iec102.Server.Api;

/// <summary>While the database that servers share is away, a call that needs it is answered with 503 and the reason.</summary>
internal sealed class StoreAway : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is not StorageException)
            return false;
        await Problem.Write(httpContext, StatusCodes.Status503ServiceUnavailable, exception.Message);
        return true;
    }
}
