namespace Iec102.Storage.Files;

/// <summary>Reports that stored data cannot be used as requested; the message is one plain sentence that says what to do.</summary>
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
    /// <param name="innerException">The failure behind it.</param>
    public StorageException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
