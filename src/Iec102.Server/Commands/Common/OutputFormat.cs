namespace Iec102.Server.Commands.Common;

/// <summary>How a command writes its results.</summary>
internal enum OutputFormat
{
    /// <summary>A table for people.</summary>
    Table,

    /// <summary>JSON as the REST API writes it.</summary>
    Json,

    /// <summary>CSV: one line per value, or the profile CSV.</summary>
    Csv,
}
