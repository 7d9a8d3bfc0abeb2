namespace Iec102.Storage.Schema;

/// <summary>Adds what people call a meter and where it belongs, as the fleet file says it.</summary>
internal static class Version3
{
    public const string Statements = """
        ALTER TABLE meter ADD COLUMN name TEXT;
        ALTER TABLE meter ADD COLUMN site TEXT;
        ALTER TABLE meter ADD COLUMN group_name TEXT;
        ALTER TABLE meter ADD COLUMN tags TEXT;             -- words with blanks between them; null when there are none
        ALTER TABLE meter ADD COLUMN cups TEXT;
        ALTER TABLE meter ADD COLUMN meter_number TEXT;     -- on its plate
        """;
}
