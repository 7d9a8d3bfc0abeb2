using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Iec102.Server.Api;

/// <summary>
/// The description of the API as OpenAPI, made from the routes: what each call takes (<see cref="Takes"/>) and answers, and which role it
/// needs. docs/openapi.json is a copy that a test keeps up to date.
/// </summary>
internal static class ApiDescription
{
    /// <summary>The name of the description in its address, /openapi/v1.json.</summary>
    public const string Name = "v1";

    private const string Key = "key";
    private const string Problem = "problem";

    /// <summary>Says what a call is for, and what it answers.</summary>
    public static RouteHandlerBuilder Answers<T>(this RouteHandlerBuilder call, string summary, string type = "application/json") =>
        call.WithSummary(summary).Produces<T>(StatusCodes.Status200OK, type);

    /// <summary>Makes the description from what the routes say.</summary>
    public static void Configure(OpenApiOptions options)
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "iec102",
                Version = Name,
                Description = "Electricity meters over IEC 60870-5-102: states, current values, load profiles and what else meters tell.",
            };
            // The address at which the description was asked for is nobody else's.
            document.Servers = [];
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
            {
                [Key] = new OpenApiSecurityScheme
                {
                    Type = SecuritySchemeType.Http,
                    Scheme = "bearer",
                    Description = "A key from iec102.api.keys; needed once there are keys.",
                },
            };
            document.Components.Responses = new Dictionary<string, IOpenApiResponse> { [Problem] = WhatIsWrong() };
            // Without tags of their own, calls get the name of this process as one.
            document.Tags?.Clear();
            foreach (var operation in document.Paths.Values.SelectMany(path => path.Operations!.Values))
                operation.Tags?.Clear();
            document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Key, document)] = [] }];
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            var said = context.Description.ActionDescriptor.EndpointMetadata;
            var takes = said.OfType<Takes>().SingleOrDefault()?.Parameters ?? [];
            operation.Parameters = [.. operation.Parameters ?? [], .. takes.Select(Of)];
            if (said.OfType<NeedsOperate>().Any())
                operation.Description = "Needs the role operate.";
            if (said.OfType<IAcceptsMetadata>().Any(accepts => accepts.RequestType != typeof(object)) && operation.RequestBody is { } body)
                body.Description = "A field that is not named here is refused by name.";
            operation.Responses ??= [];
            if (takes.Contains(Parameters.Format))
                operation.Responses["200"].Content!["text/csv"] = Text();
            operation.Responses["default"] = new OpenApiResponseReference(Problem, context.Document);
            return Task.CompletedTask;
        });
        options.AddSchemaTransformer((schema, context, _) =>
        {
            // What is left out of an answer when it is null is not required.
            foreach (var property in context.JsonTypeInfo.Properties)
            {
                if (property.AttributeProvider?.IsDefined(typeof(JsonIgnoreAttribute), inherit: true) == true)
                    schema.Required?.Remove(property.Name);
            }

            return Task.CompletedTask;
        });
    }

    private static OpenApiResponse WhatIsWrong() => new()
    {
        Description = "What is wrong; detail says what to do.",
        Content = new Dictionary<string, OpenApiMediaType>
        {
            ["application/problem+json"] = new()
            {
                Schema = new OpenApiSchema
                {
                    Type = JsonSchemaType.Object,
                    Properties = new Dictionary<string, IOpenApiSchema>
                    {
                        ["type"] = new OpenApiSchema { Type = JsonSchemaType.String },
                        ["title"] = new OpenApiSchema { Type = JsonSchemaType.String },
                        ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer },
                        ["detail"] = new OpenApiSchema { Type = JsonSchemaType.String },
                    },
                },
            },
        },
    };

    private static OpenApiParameter Of(Parameter parameter) => new()
    {
        Name = parameter.Name,
        In = ParameterLocation.Query,
        Description = parameter.Meaning,
        Required = parameter.IsRequired,
        Explode = !parameter.IsList,
        Schema = parameter.IsList
            ? new OpenApiSchema { Type = JsonSchemaType.Array, Items = ValueOf(parameter) }
            : ValueOf(parameter),
    };

    private static OpenApiSchema ValueOf(Parameter parameter) => new()
    {
        Type = JsonSchemaType.String,
        Enum = parameter.Values.IsEmpty ? null : [.. parameter.Values.Select(value => (JsonNode)value)],
    };

    private static OpenApiMediaType Text() => new() { Schema = new OpenApiSchema { Type = JsonSchemaType.String } };
}
