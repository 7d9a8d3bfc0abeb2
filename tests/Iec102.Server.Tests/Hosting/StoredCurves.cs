using Iec102.Acquisition;
using Iec102.Fleet;
using Iec102.Storage;
using Iec102.Storage.Databases;
using Microsoft.Data.Sqlite;

namespace Iec102.Server.Tests.Hosting;

/// <summary>Curves that are in a data directory without a meter, as many as a test wants.</summary>
internal static class StoredCurves
{
    /// <summary>Stores every interval of a range, of each of the meters and of those of earlier calls.</summary>
    public static SqliteDatabase Fill(DataDirectory directory, IReadOnlyList<string> meters, Curve curve, TimeRange range)
    {
        // A server has been started there once.
        directory.Lock().Dispose();
        using var connection = new SqliteConnection($"Data Source={directory.ReadingsFile};Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText =
            """
            INSERT INTO meter (id) SELECT value FROM json_each(@meters);
            WITH RECURSIVE ends (at) AS (SELECT @from + @step UNION ALL SELECT at + @step FROM ends WHERE at < @to)
            INSERT INTO load_profile (
                meter, curve, end_utc, revision, label, serial_number, record, type, period_minutes, received_at, a_plus, a_plus_q)
            SELECT key, @curve, at, 0, x'0000000000', 1, 11, 123, @step / 60, at, at % 1000, 0 FROM meter, ends
            """;
        command.Parameters.AddWithValue("@meters", System.Text.Json.JsonSerializer.Serialize(meters));
        command.Parameters.AddWithValue("@from", range.From.ToUnixTimeSeconds());
        command.Parameters.AddWithValue("@to", range.To.ToUnixTimeSeconds());
        command.Parameters.AddWithValue("@step", curve == Curve.Hourly ? 3600 : 900);
        command.Parameters.AddWithValue("@curve", (int)curve);
        command.ExecuteNonQuery();
        return new SqliteDatabase(directory);
    }
}
