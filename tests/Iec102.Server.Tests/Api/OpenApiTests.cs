using System.Text.Json.Nodes;
using Iec102.Testing;

namespace Iec102.Server.Tests.Api;

/// <summary>The description of the API: docs/openapi.json is what the server serves, and the answers are as it says.</summary>
public sealed class OpenApiTests(ToldServer server) : IClassFixture<ToldServer>
{
    private const string Range = "from=2024-07-01&to=2024-07-31";

    [Fact]
    public async Task The_repository_has_the_description_that_is_served() =>
        CheckedPage.Check("docs/openapi.json", await server.Client.GetStringAsync("/openapi/v1.json") + "\n");

    [Fact]
    public async Task Every_answer_is_as_the_description_says()
    {
        var document = await DocumentAsync();
        var compared = 0;
        foreach (var (path, calls) in document["paths"]!.AsObject())
        {
            if (calls!["get"] is not { } call || call["responses"]!["200"]!["content"]!["application/json"]?["schema"] is not { } schema)
                continue;
            var answer = await server.GetAsync($"{Named(path)}{(NamesOf(call).Contains("from") ? "?" + Range : "")}");
            Compare(answer, schema, document, path);
            compared++;
        }

        compared.ShouldBeGreaterThan(12);
    }

    [Fact]
    public async Task It_names_the_parameters_and_the_calls_that_change_something()
    {
        var document = await DocumentAsync();

        NamesOf(document["paths"]!["/api/meters"]!["get"]!)
            .ShouldBe(["verdict", "port", "site", "group", "tag", "q", "sort", "cursor", "limit"]);
        var history = document["paths"]!["/api/meters/{id}/current/history"]!["get"]!["parameters"]!.AsArray();
        history.Where(one => (bool?)one!["required"] == true).Select(one => one!["name"]!.ToString()).ShouldBe(["id", "from", "to"]);
        var changing = document["paths"]!.AsObject().Where(path => path.Value!["post"] is not null && path.Key != "/api/session")
            .ToList();
        changing.Select(path => path.Key[(path.Key.LastIndexOf('/') + 1)..]).Order()
            .ShouldBe(
            [
                "acknowledge", "backup", "changes", "clock", "drain", "note", "paste", "pause",
                "probe", "probe", "read", "reconnect", "replaced", "reread", "retry", "run", "shelve", "test",
            ]);
        changing.ShouldAllBe(path => path.Value!["post"]!["description"]!.ToString().Contains("operate"));
    }

    private async Task<JsonNode> DocumentAsync() => (await server.GetAsync("/openapi/v1.json"))!;

    private static string Named(string path) => path
        .Replace("/ports/{id}", "/ports/p", StringComparison.Ordinal)
        .Replace("{id}", "m-1", StringComparison.Ordinal)
        .Replace("{curve}", path.EndsWith("/coverage") || path.EndsWith("/days") ? "hourly" : "daily-closing", StringComparison.Ordinal);

    private static IEnumerable<string> NamesOf(JsonNode call) =>
        call["parameters"]?.AsArray().Select(one => one!["name"]!.ToString()) ?? [];

    /// <summary>Compares names and kinds of all that an answer has with its schema.</summary>
    private static void Compare(JsonNode? answer, JsonNode schema, JsonNode document, string where)
    {
        if (schema["oneOf"] is JsonArray choices)
            schema = choices.Single(choice => choice!["type"]?.ToString() != "null")!;
        if (schema["$ref"]?.ToString() is { } reference)
            schema = document["components"]!["schemas"]![reference[(reference.LastIndexOf('/') + 1)..]]!;
        switch (answer)
        {
            case JsonObject fields when schema["properties"] is JsonObject properties:
                fields.Select(field => field.Key).ShouldBeSubsetOf(properties.Select(one => one.Key), where);
                (schema["required"]?.AsArray().Select(one => one!.ToString()) ?? []).ShouldBeSubsetOf(fields.Select(one => one.Key), where);
                foreach (var (name, value) in fields)
                    Compare(value, properties[name]!, document, $"{where} {name}");
                break;
            case JsonObject map when schema["additionalProperties"] is JsonObject each:
                foreach (var (name, value) in map)
                    Compare(value, each, document, $"{where} {name}");
                break;
            case JsonArray items:
                schema["items"].ShouldNotBeNull(where);
                foreach (var item in items)
                    Compare(item, schema["items"]!, document, where);
                break;
            case JsonValue value when schema["type"] is { } type:
                var kind = value.GetValueKind().ToString().ToLowerInvariant();
                kind = kind is "true" or "false" ? "boolean" : kind;
                var kinds = (type is JsonArray several ? several.Select(one => one!.ToString()) : [type.ToString()])
                    .Select(one => one == "integer" ? "number" : one);
                kinds.ShouldContain(kind, where);
                break;
        }
    }
}
