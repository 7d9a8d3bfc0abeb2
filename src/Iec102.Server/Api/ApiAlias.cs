namespace Iec102.Server.Api;

/// <summary>/api/v1 is another name of /api, for those who want to name the version that they were written for.</summary>
internal static class ApiAlias
{
    /// <summary>Middleware in front of the routing.</summary>
    public static Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Request.Path.StartsWithSegments("/api/v1", out var rest))
            context.Request.Path = "/api" + rest;
        return next(context);
    }
}
