using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Iec102.Contract;

/// <summary>The JSON of the API and of exports.</summary>
public static class ContractJson
{
    /// <summary>camelCase, and null where a value is missing.</summary>
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.Never,
        // The answers are never part of a page, so the plus sign of an offset need not be escaped.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
