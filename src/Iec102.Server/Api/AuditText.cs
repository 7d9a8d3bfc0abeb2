using System.Text.Json.Nodes;
using Iec102.Contract;
using Iec102.Fleet;

namespace Iec102.Server.Api;

/// <summary>
/// The body of a call as the audit log has it. What a name or a text shows to be a secret is masked, and of long texts, such as a fleet
/// file, only the length is kept.
/// </summary>
internal static class AuditText
{
    private const int LongestText = 100;
    private const string Masked = "***";

    /// <summary>A table that was pasted, with passwords in a column.</summary>
    private const string Table = "text";

    private static readonly string[] OfSecrets = ["password", "passwort", "clave", "key", "secret", "token", "postgres", "authorization"];

    /// <summary>Of a name that is nearly one of these its value is masked too: whoever mistypes it sends a secret all the same.</summary>
    private static readonly string[] Mistyped = ["password", "passwort", "secret", "postgres", "authorization"];

    /// <summary>What is shorter or longer is not one of these mistyped.</summary>
    private const int ShortestName = 4;
    private const int LongestName = 15;

    /// <summary>The body on one line; empty when there is nothing in it.</summary>
    public static string Of(JsonNode? body) =>
        Mask(body) is { } masked and not JsonObject { Count: 0 } ? masked.ToJsonString(ContractJson.Options) : "";

    private static JsonNode? Mask(JsonNode? node) => node switch
    {
        JsonObject values => new JsonObject(
            values.Select(one => KeyValuePair.Create(
                one.Key, one.Key == "key" && IsSetting(values) ? Named(one.Value) : Mask(one, values)))),
        JsonArray items => new JsonArray([.. items.Select(Mask)]),
        JsonValue value when value.TryGetValue(out string? text) => Mask(text),
        _ => node?.DeepClone(),
    };

    private static JsonNode? Mask(KeyValuePair<string, JsonNode?> one, JsonObject values) =>
        IsNameOfSecret(one.Key) || one.Key == Table || (one.Key == "value" && IsOfSecret(values)) ? Masked : Mask(one.Value);

    /// <summary>Whether this is the change of a value of the fleet file, whose key is a name.</summary>
    private static bool IsSetting(JsonObject values) =>
        (values.ContainsKey("meter") || values.ContainsKey("port")) && values.ContainsKey("value");

    private static JsonNode? Named(JsonNode? key) => key is JsonValue value && value.TryGetValue(out string? name) ? Short(name) : Masked;

    /// <summary>Whether this is the change of a value of the fleet file that is a secret.</summary>
    private static bool IsOfSecret(JsonObject setting) =>
        setting["key"] is JsonValue key && key.TryGetValue(out string? name) && IsNameOfSecret(name);

    private static string Mask(string text) =>
        IsSecret(text) ? Masked : Short(text);

    private static string Short(string text) =>
        text.Length <= LongestText && !text.Contains('\n') ? text : $"({text.Length} characters)";

    /// <summary>The address of a webhook often holds the right to post there, and what a modem is sent may hold a PIN.</summary>
    private static bool IsNameOfSecret(string name) =>
        IsSecret(name) || name is "url" or "init"
        || (name.Length is >= ShortestName and <= LongestName && Nearest.Meant(name.ToLowerInvariant(), Mistyped) is not null);

    private static bool IsSecret(string text) => OfSecrets.Any(word => text.Contains(word, StringComparison.OrdinalIgnoreCase));
}
