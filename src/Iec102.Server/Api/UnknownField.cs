using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Iec102.Contract;
using Iec102.Fleet;
using Microsoft.AspNetCore.Http.Metadata;

namespace Iec102.Server.Api;

/// <summary>
/// Refuses the body of a call that has a field which the call does not know, or one twice, since one would be ignored. A call that another
/// node passes on is not refused: that node may be of another release, and has looked at what its caller sent.
/// </summary>
internal static class UnknownField
{
    static UnknownField() => ContractJson.Options.MakeReadOnly(populateMissingResolver: true);

    /// <summary>Why the body is refused, in one sentence; null when all its fields are known, or it is not of the form at all.</summary>
    public static async Task<string?> FindAsync(HttpContext context)
    {
        if (TypeOf(context) is not { } type || NodeKey.IsPassedOn(context))
            return null;
        var request = context.Request;
        ApiEndpoints.KeepBody(request);
        try
        {
            using var body = await JsonDocument.ParseAsync(request.Body, default, context.RequestAborted);
            return Find(body.RootElement, ContractJson.Options.GetTypeInfo(type), "");
        }
        catch (Exception e) when (e is JsonException or IOException or OperationCanceledException)
        {
            // The call itself says what its body must be.
            return null;
        }
        finally
        {
            request.Body.Position = 0;
        }
    }

    private static Type? TypeOf(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<IAcceptsMetadata>()?.RequestType is { } type && type != typeof(object) ? type : null;

    private static string? Find(JsonElement value, JsonTypeInfo type, string place) => (value.ValueKind, type.Kind) switch
    {
        (JsonValueKind.Object, JsonTypeInfoKind.Object) =>
            value.EnumerateObject().Select(field => Find(field, type, place)).FirstOrDefault(sentence => sentence is not null)
                ?? Twice(value, place),
        (JsonValueKind.Array, JsonTypeInfoKind.Enumerable) =>
            value.EnumerateArray().Select((item, i) => Find(item, ContractJson.Options.GetTypeInfo(type.ElementType!), $"{place}[{i}]"))
                .FirstOrDefault(sentence => sentence is not null),
        _ => null,
    };

    private static string? Find(JsonProperty field, JsonTypeInfo type, string place)
    {
        if (type.Properties.FirstOrDefault(one => one.Name.Equals(field.Name, StringComparison.OrdinalIgnoreCase)) is { } known)
        {
            return Find(
                field.Value, ContractJson.Options.GetTypeInfo(known.PropertyType), place == "" ? known.Name : $"{place}.{known.Name}");
        }

        string[] names = [.. type.Properties.Select(one => one.Name)];
        return Nearest.Meant(field.Name, names) is { } meant
            ? $"Unknown field '{field.Name}' in {Within(place)}; did you mean '{meant}'?"
            : $"Unknown field '{field.Name}' in {Within(place)}; it takes {string.Join(", ", names)}.";
    }

    /// <summary>Of a field that is there twice, only the last would count.</summary>
    private static string? Twice(JsonElement value, string place)
    {
        var (name, times) = value.EnumerateObject().CountBy(field => field.Name, StringComparer.OrdinalIgnoreCase)
            .FirstOrDefault(one => one.Value > 1);
        return times == 0 ? null : $"The field '{name}' in {Within(place)} is given {times} times; give it once.";
    }

    private static string Within(string place) => place == "" ? "the body" : place;
}
