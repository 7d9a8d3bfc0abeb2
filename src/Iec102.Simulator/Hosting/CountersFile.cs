using System.Text.Json;
using System.Text.Json.Serialization;
using Iec102.Simulator.Data;
using NodaTime;
using NodaTime.Text;

namespace Iec102.Simulator.Hosting;

/// <summary>
/// Writes the counters as JSON: the time of writing, then the traffic of each line and the requests to each meter. Instants are in ISO 8601
/// and UTC. Each write replaces the whole file, so a reader never sees an incomplete one.
/// </summary>
internal static class CountersFile
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        DictionaryKeyPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new InstantConverter(), new CurveConverter(), new SecondsConverter() },
    };

    public static void Write(string path, Instant now, IReadOnlyList<IStation> stations)
    {
        var counters = new
        {
            WrittenAt = now,
            Lines = stations.Select(station => new { station.Line.Id, station.Address, station.Line.Counts }),
            Meters = stations.SelectMany(station => station.Line.Meters.Select(meter => new
            {
                meter.Options.Id,
                Line = station.Line.Id,
                meter.Options.LinkAddress,
                meter.Options.SerialNumber,
                Counts = meter.Counters.Snapshot(),
            })),
        };
        var unfinished = path + ".tmp";
        using (var file = File.Create(unfinished))
            JsonSerializer.Serialize(file, counters, Options);
        File.Move(unfinished, path, overwrite: true);
    }

    private sealed class InstantConverter : JsonConverter<Instant>
    {
        public override Instant Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            InstantPattern.ExtendedIso.Parse(reader.GetString()!).Value;

        public override void Write(Utf8JsonWriter writer, Instant value, JsonSerializerOptions options) =>
            writer.WriteStringValue(InstantPattern.ExtendedIso.Format(value));
    }

    private sealed class SecondsConverter : JsonConverter<TimeSpan>
    {
        public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            TimeSpan.FromSeconds(reader.GetDouble());

        public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) =>
            writer.WriteNumberValue(value.TotalSeconds);
    }

    private sealed class CurveConverter : JsonConverter<SimulatedCurve>
    {
        public override SimulatedCurve Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            var name = reader.GetString();
            return SimulatedCurves.All.First(curve => SimulatedCurves.NameOf(curve) == name);
        }

        public override void Write(Utf8JsonWriter writer, SimulatedCurve value, JsonSerializerOptions options) =>
            writer.WriteStringValue(SimulatedCurves.NameOf(value));

        public override void WriteAsPropertyName(Utf8JsonWriter writer, SimulatedCurve value, JsonSerializerOptions options) =>
            writer.WritePropertyName(SimulatedCurves.NameOf(value));
    }
}
