namespace Iec102.Storage.Files;

/// <summary>Stored data cannot be used as asked; the message is one plain sentence that says what to do.</summary>
public sealed class StorageException : Exception
{
    /// <summary>Creates the exception.</summary>
    public StorageException()
        : this("The stored data cannot be used.")
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">The sentence.</param>
    public StorageException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">The sentence.</param>
    /// <param name="innerException">What was found.</param>
    public StorageException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
