using System.Data.Common;
using System.Net.Sockets;
using System.Security.Authentication;
using Iec102.Storage.Files;

namespace Iec102.Storage.Databases;

/// <summary>
/// A database with the tables of the readings, and with the journal of the profiles beside them: files in a data directory, or PostgreSQL.
/// </summary>
public abstract class ReadingsDatabase
{
    /// <summary>What messages to people call it.</summary>
    public abstract string Name { get; }

    /// <summary>Opens a connection for reading the tables, after making sure that they have the version that this program reads.</summary>
    /// <exception cref="StorageException">The tables have another version.</exception>
    public abstract DbConnection OpenForReading();

    /// <summary>Explains a failure of this database in one sentence that says what to do.</summary>
    public abstract string Describe(Exception problem);

    /// <summary>
    /// Whether a failure means that the database cannot be used from here at present, for a reason that passes by itself: it does not run,
    /// restarts, or the network is cut.
    /// </summary>
    public virtual bool IsAway(Exception problem) => false;

    /// <summary>How large it is now.</summary>
    /// <exception cref="StorageException">It cannot be used.</exception>
    public abstract StoreSize Size();

    /// <summary>How much space is free for what is stored; null when that is the business of another server.</summary>
    internal virtual DiskSpace? Space => null;

    /// <summary>Opens a session for writing the tables, with the same check.</summary>
    internal abstract WritingSession OpenForWriting();

    /// <summary>Writes in one transaction of a session of its own.</summary>
    /// <exception cref="StorageException">The database cannot be used.</exception>
    internal T InTransaction<T>(Func<WritingSession, T> work) => Explain(() =>
    {
        using var session = OpenForWriting();
        session.Begin();
        var done = work(session);
        session.Commit();
        return done;
    });

    /// <summary>
    /// Opens a session for writing, with the same check, and makes sure that no server writes until it is disposed, and that none begins
    /// to.
    /// </summary>
    /// <exception cref="StorageException">A server uses the database.</exception>
    internal abstract WritingSession OpenAlone();

    /// <summary>Opens a connection for reading the tables of the journal.</summary>
    internal abstract DbConnection OpenJournal();

    /// <summary>Begins a transaction on a reading connection; all that it reads is from one moment.</summary>
    internal abstract DbTransaction BeginReading(DbConnection connection);

    /// <summary>Whether the journal has a table.</summary>
    internal virtual bool HasTable(DbConnection journal, string name) => true;

    /// <summary>Reads something from the tables.</summary>
    internal virtual T Read<T>(Func<DbConnection, T> read)
    {
        using var connection = OpenForReading();
        return read(connection);
    }

    /// <summary>What is damaged, as sentences for people, each with the file it is about.</summary>
    internal virtual IEnumerable<(string File, string Sentence)> Damage() => [];

    /// <summary>Runs work on this database; its failures become <see cref="StorageException"/>.</summary>
    /// <exception cref="StorageException">The work failed because of the database.</exception>
    public T Explain<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (e is DbException or IOException or UnauthorizedAccessException or SocketException or TimeoutException
            or AuthenticationException)
        {
            throw new StorageException(Describe(e), e);
        }
    }
}

/// <summary>How large a database is.</summary>
/// <param name="Kind">sqlite or postgres.</param>
/// <param name="Bytes">The size, in octets.</param>
/// <param name="FreeBytes">What may still be written on its disk; null when that is the business of another server.</param>
public readonly record struct StoreSize(string Kind, long Bytes, long? FreeBytes);

/// <summary>The free space of a disk.</summary>
/// <param name="Directory">A directory on that disk.</param>
/// <param name="FreeBytes">How many octets this user may still write there.</param>
internal readonly record struct DiskSpace(string Directory, long FreeBytes);
