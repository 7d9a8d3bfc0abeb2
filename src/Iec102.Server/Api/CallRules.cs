using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Net.Http.Headers;

namespace Iec102.Server.Api;

/// <summary>
/// What holds for every call of the API: a parameter, value or field that it does not know, or a form in which it cannot answer, is refused
/// by name, since a mistyped filter that is silently ignored gives a wrong answer.
/// </summary>
internal static class CallRules
{
    private const string Csv = "text/csv";
    private const string Json = "application/json";

    /// <summary>The filter in front of the calls.</summary>
    public static async ValueTask<object?> CheckAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        if (Refuse(context.HttpContext) is { } problem)
            return problem;
        if (await UnknownField.FindAsync(context.HttpContext) is not { } unknown)
            return await next(context);
        // What was sent may hold a secret, and a mistyped name does not tell.
        context.HttpContext.Features.Set(new AuditDetail(unknown));
        return Problem.Bad(unknown);
    }

    /// <summary>Whether a call that has both forms is to answer in CSV: format, if given, goes before the Accept header.</summary>
    public static bool WantsCsv(HttpContext context) => context.Request.Query[Parameters.Format.Name].ToString() switch
    {
        "csv" => true,
        "json" => false,
        _ => Preference(Accepted(context), Csv) is var csv && csv > 0 && csv >= Preference(Accepted(context), Json)
            && Accepted(context).Any(one => one.MediaType.Equals(Csv, StringComparison.OrdinalIgnoreCase)),
    };

    private static IResult? Refuse(HttpContext context)
    {
        var known = context.GetEndpoint()?.Metadata.GetMetadata<Takes>()?.Parameters ?? [];
        foreach (var (name, values) in context.Request.Query)
        {
            if (known.FirstOrDefault(one => one.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is not { } parameter)
            {
                var names = known.IsEmpty ? "no parameters" : string.Join(", ", known.Select(one => one.Name));
                return Problem.Bad($"Unknown parameter '{name}'; this call takes {names}.");
            }

            if (values.Count > 1)
                return Problem.Bad($"The parameter {parameter.Name} is given {values.Count} times; give it once.");
            // Another node names nothing where it means everything.
            if (parameter.IsList && values.ToString().Split(',').All(string.IsNullOrWhiteSpace) && !NodeKey.IsPassedOn(context))
                return Problem.Bad($"The parameter {parameter.Name} is empty: name what you want, or leave it out for everything.");
            if (UnknownValue(parameter, values.ToString()) is { } unknown)
                return Problem.Bad($"Unknown {parameter.Name} = '{unknown}'; use {string.Join(" or ", parameter.Values)}.");
        }

        return RefuseForm(context, known.Contains(Parameters.Format) ? [Json, Csv] : FormsOf(context));
    }

    private static string? UnknownValue(Parameter parameter, string given) => parameter.Values.IsEmpty || given == ""
        ? null
        : (parameter.IsList ? given.Split(',') : [given]).FirstOrDefault(value => !parameter.Values.Contains(value));

    /// <summary>Refuses a call that accepts only forms in which there is no answer.</summary>
    private static IResult? RefuseForm(HttpContext context, IReadOnlyList<string> offered)
    {
        var accepted = Accepted(context);
        return accepted.Count == 0 || offered.Any(one => Preference(accepted, one) > 0)
            || context.Request.Query.ContainsKey(Parameters.Format.Name)
            ? null
            : Problem.Of(
                StatusCodes.Status406NotAcceptable,
                $"This call cannot answer in {context.Request.Headers.Accept}; it answers in {string.Join(" or ", offered)}.");
    }

    /// <summary>The forms in which a call says that it answers.</summary>
    private static string[] FormsOf(HttpContext context) =>
        [.. context.GetEndpoint()!.Metadata.GetOrderedMetadata<IProducesResponseTypeMetadata>().SelectMany(one => one.ContentTypes)];

    private static IList<MediaTypeHeaderValue> Accepted(HttpContext context) => context.Request.GetTypedHeaders().Accept;

    /// <summary>How much a client wants a form, 0 to 1: what it says of the form itself goes before what it says of all forms.</summary>
    private static double Preference(IList<MediaTypeHeaderValue> accepted, string form) => accepted
        .Where(one => one.MatchesAllTypes || one.MediaType.Equals(form, StringComparison.OrdinalIgnoreCase)
            || (one.MatchesAllSubTypes && form.StartsWith(one.Type.ToString() + '/', StringComparison.OrdinalIgnoreCase)))
        .OrderBy(one => one.MatchesAllTypes ? 2 : one.MatchesAllSubTypes ? 1 : 0)
        .Select(one => one.Quality ?? 1).FirstOrDefault();
}
