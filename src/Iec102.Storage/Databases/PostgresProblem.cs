using System.Net.Sockets;
using System.Security.Authentication;
using Iec102.Storage.Files;
using Npgsql;

namespace Iec102.Storage.Databases;

/// <summary>Explains a failure of a PostgreSQL database to people, in one sentence that says what to do.</summary>
internal static class PostgresProblem
{
    /// <summary>The sentence for a failure.</summary>
    /// <param name="problem">The failure.</param>
    /// <param name="name">What the database is called.</param>
    public static string Describe(Exception problem, string name) => problem switch
    {
        StorageException => problem.Message,
        PostgresException e => Describe(e, name),
        SocketException => $"{Named(name)} cannot be reached ({problem.Message}): check that PostgreSQL runs there and that the "
            + "network lets this computer connect.",
        TimeoutException => $"{Named(name)} does not answer in time: look for its load, and for the network between it and this computer.",
        AuthenticationException => $"{Named(name)} cannot be trusted: {problem.Message}",
        NpgsqlException { InnerException: (SocketException or TimeoutException or AuthenticationException) and var inner } =>
            Describe(inner, name),
        NpgsqlException { InnerException: IOException } => $"The connection with {name} was lost: check that PostgreSQL runs.",
        _ => $"{Named(name)} cannot be used: {problem.Message}",
    };

    /// <summary>Whether the failure is of the connection, or a server says that it is not ready.</summary>
    public static bool IsAway(Exception problem) => problem switch
    {
        StorageException { InnerException: { } inner } => IsAway(inner),
        AggregateException all => all.InnerExceptions.Any(IsAway),
        ObjectDisposedException { InnerException: { } inner } => IsAway(inner),
        PostgresException e => e.SqlState is PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.AdminShutdown
            or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.TooManyConnections or PostgresErrorCodes.ReadOnlySqlTransaction,
        _ => problem is NpgsqlException or SocketException or TimeoutException,
    };

    private static string Describe(PostgresException e, string name) => e.SqlState switch
    {
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification =>
            $"{Named(name)} refuses this user: check Username and Password of the connection string, and pg_hba.conf of the server.",
        PostgresErrorCodes.InvalidCatalogName => $"There is no {name}: create it with createdb, or name another one.",
        PostgresErrorCodes.InsufficientPrivilege =>
            $"{Named(name)} lacks a right for this user ({e.MessageText}): make the user its owner, or grant the right.",
        PostgresErrorCodes.ReadOnlySqlTransaction =>
            $"{Named(name)} is read-only: connect to the primary, or list all hosts of the database so that it is found.",
        PostgresErrorCodes.DiskFull => $"No space is left on the disk of {name}: free some.",
        PostgresErrorCodes.TooManyConnections => $"{Named(name)} takes no more connections: raise max_connections of the server.",
        PostgresErrorCodes.CannotConnectNow => $"{Named(name)} is starting or stopping: wait until it has.",
        PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown =>
            $"{Named(name)} has ended the connection: look into the server's log for who stopped it.",
        PostgresErrorCodes.QueryCanceled => $"{Named(name)} was not ready in time: look for its load and for locks.",
        PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure =>
            $"{Named(name)} is being written by another server at the same place: see that every meter is read by one server.",
        PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn =>
            $"{Named(name)} has not the tables of this program ({e.MessageText}): start the server once to make them.",
        PostgresErrorCodes.DataCorrupted or PostgresErrorCodes.IndexCorrupted or PostgresErrorCodes.IoError =>
            $"{Named(name)} is damaged ({e.MessageText}): look into the server's log, and restore it from a backup.",
        _ => $"{Named(name)} cannot be used: {e.MessageText} ({e.SqlState}).",
    };

    /// <summary>The name at the beginning of a sentence.</summary>
    private static string Named(string name) => char.ToUpperInvariant(name[0]) + name[1..];
}
