namespace Iec102.Storage.Schema;

/// <summary>Adds the audit log.</summary>
internal static class Version4
{
    public const string Statements = """
        CREATE TABLE audit (              -- what people did or tried to do
            at_us INTEGER NOT NULL,       -- microseconds
            node TEXT NOT NULL,           -- the node that was called; empty when the server is alone
            who TEXT NOT NULL,            -- the name of the key
            address TEXT NOT NULL,
            action TEXT NOT NULL,
            detail TEXT NOT NULL,
            status INTEGER,               -- of the answer; null for changes of the fleet file
            PRIMARY KEY (at_us, node, who, address, action)
        ) STRICT, WITHOUT ROWID;
        """;
}
