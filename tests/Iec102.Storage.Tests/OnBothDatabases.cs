namespace Iec102.Storage.Tests;

/// <summary>Tests of what is promised whatever the database is; a class below runs them on SQLite, another one on PostgreSQL.</summary>
public abstract class OnBothDatabases : IDisposable
{
    private protected readonly TestData _data;

    private protected OnBothDatabases(TestData data) => _data = data;

    public void Dispose()
    {
        _data.Dispose();
        GC.SuppressFinalize(this);
    }
}
