namespace Iec102.Simulation.Tests;

/// <summary>The way of a node to the journal, the snapshots and the tables.</summary>
internal interface IStore
{
    /// <summary>Reads, then calls back with what was read or with the failure.</summary>
    void Read<T>(Func<T> read, Action<T?, StoreException?> done);

    /// <summary>
    /// Commits, then calls back with the result or with the failure. After a failure nobody can know whether the commit was done.
    /// </summary>
    void Commit<T>(Func<T> commit, Action<T?, StoreException?> done);
}

/// <summary>The store did not do what was requested, or nobody knows whether it did.</summary>
internal sealed class StoreException(string message) : IOException(message);
