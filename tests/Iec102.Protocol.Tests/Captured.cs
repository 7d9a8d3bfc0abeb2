using System.Text.Json;
using Iec102.Protocol.Application;
using Iec102.Testing;

namespace Iec102.Protocol.Tests;

/// <summary>
/// Octets captured from real meters. They are not part of this repository; tests use them where they are found beside it.
/// </summary>
internal static class Captured
{
    private static readonly JsonSerializerOptions SnakeCase = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static readonly IReadOnlyList<CapturedFrame> Frames = Load<CapturedFrame>("captured-frames.json");

    public static readonly IReadOnlyList<CapturedData> Data = Load<CapturedData>("captured-asdu-data.json");

    /// <summary>How many captures there are, for the end of a test run: a clone without them checks less.</summary>
    public static string Note => Frames.Count == 0
        ? "none beside this clone (../shared/protocol), so that only the worked examples of the protocol notes were compared"
        : $"{Frames.Count} frames and {Data.Count} ASDUs compared";

    private static List<T> Load<T>(string name)
    {
        var file = Path.Combine(Repository.Root, "..", "shared", "protocol", name);
        return File.Exists(file) ? JsonSerializer.Deserialize<List<T>>(File.ReadAllText(file), SnakeCase)! : [];
    }
}

internal sealed record CapturedFrame(string Hex, string Direction, string Meaning, string Source)
{
    public byte[] Octets => Testing.Octets.Of(Hex);
}

internal sealed record CapturedData(byte Type, byte N, string DataHex, string Meaning, string Source)
{
    /// <summary>An ASDU made of the captured data behind a header of its type.</summary>
    public byte[] Asdu
    {
        get
        {
            var data = Octets.Of(DataHex);
            var asdu = new byte[AsduHeader.Length + data.Length];
            new AsduHeader((TypeIdentification)Type, N, CauseOfTransmission.Request, 1, 0).Write(asdu);
            data.CopyTo(asdu, AsduHeader.Length);
            return asdu;
        }
    }
}
