using System.Data.Common;

namespace Iec102.Storage.Databases;

/// <summary>
/// A connection on which the tables are written, in transactions. A failure leaves it unusable: it is then disposed, which rolls back.
/// Far databases answer late, so work is given to them in as few parts as possible.
/// </summary>
internal abstract class WritingSession : IDisposable
{
    /// <summary>For what is read in other ways.</summary>
    public abstract DbConnection Connection { get; }

    /// <summary>
    /// Whether another server may have written something newer than what this one has been waiting to write. It has not where one server
    /// writes: there a reading that seems older only follows a clock that was set back.
    /// </summary>
    public abstract bool MayBeStale { get; }

    public abstract void Begin();

    public abstract void Commit();

    /// <summary>Executes a statement, at the latest when something is read or the transaction ends.</summary>
    public abstract void Execute(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters);

    /// <summary>Inserts rows of whole numbers and octets, as <see cref="Execute"/> does.</summary>
    /// <param name="table">The table.</param>
    /// <param name="columns">The names of the columns.</param>
    /// <param name="rows">The values of the columns of each row.</param>
    public abstract void Insert(string table, IReadOnlyList<string> columns, IEnumerable<object?[]> rows);

    /// <summary>
    /// Executes a statement once for each set of parameters, and returns the rows of each; this happens only while it is enumerated.
    /// </summary>
    public abstract IEnumerable<IReadOnlyList<T>> Query<T>(
        string sql, IEnumerable<(string Name, object? Value)[]> sets, Func<DbDataReader, T> read);

    /// <inheritdoc/>
    public abstract void Dispose();
}
