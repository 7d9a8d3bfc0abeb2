namespace Iec102.Server.Commands;

/// <summary>How a command writes its results.</summary>
internal enum OutputFormat
{
    /// <summary>For people.</summary>
    Table,

    /// <summary>As the REST API has it.</summary>
    Json,

    /// <summary>One line for each value, or the profile CSV.</summary>
    Csv,
}
