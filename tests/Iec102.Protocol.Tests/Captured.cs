using System.Text.Json;
using Iec102.Protocol.Application;

namespace Iec102.Protocol.Tests;

/// <summary>Octets captured from real meters. They are not part of this repository: where they lie beside it, tests use them.</summary>
internal static class Captured
{
    private static readonly JsonSerializerOptions SnakeCase = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static readonly IReadOnlyList<CapturedFrame> Frames = Load<CapturedFrame>("captured-frames.json");

    public static readonly IReadOnlyList<CapturedData> Data = Load<CapturedData>("captured-asdu-data.json");

    /// <summary>What a test that uses captured frames reports about them.</summary>
    public static string Note => Frames.Count == 0
        ? "no captured frames beside the project: only the worked examples are used"
        : $"{Frames.Count} captured frames and {Data.Count} captured ASDUs are used";

    private static List<T> Load<T>(string name)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Iec102Actors.sln")))
            folder = folder.Parent;
        var file = Path.Combine(folder?.Parent?.FullName ?? "", "shared", "protocol", name);
        return File.Exists(file) ? JsonSerializer.Deserialize<List<T>>(File.ReadAllText(file), SnakeCase)! : [];
    }
}

internal sealed record CapturedFrame(string Hex, string Direction, string Meaning, string Source)
{
    public byte[] Octets => Tests.Octets.Of(Hex);
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
