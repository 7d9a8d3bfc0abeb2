namespace Iec102.Simulation.Tests;

/// <summary>
/// The journal, the snapshots or the tables in the database, as one node sees them: calls that are under way at the same time are carried
/// out in any order, and a call that gets no answer fails, though it may be carried out later.
/// </summary>
internal sealed class RemoteStore(Life node, DatabaseLink link, SimulatedDatabase database, Func<DiskWeather> weather, Action kill) : IStore
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestStall = TimeSpan.FromMinutes(1);

    private Chance Chance => node.World.Chance;

    public void Read<T>(Func<T> read, Action<T?, StoreException?> done) => Call(read, done);

    public void Commit<T>(Func<T> commit, Action<T?, StoreException?> done)
    {
        if (Chance.Is(weather().Kill))
        {
            // What was sent is carried out, although its sender is gone.
            if (Chance.Is(0.5))
                link.ToServer(() => database.Do(commit, out _));
            node.World.Note($"{node.Name}: killed at a commit");
            kill();
            return;
        }

        Call(commit, done);
    }

    private void Call<T>(Func<T> work, Action<T?, StoreException?> done)
    {
        var isOpen = true;
        if (link.Refuses || Chance.Is(weather().Failure / 2))
        {
            node.After(TimeSpan.FromMilliseconds(1), () => End(default, new StoreException("The database cannot be reached.")));
            return;
        }

        var isAnswerLost = Chance.Is(weather().Failure / 2);
        var stall = Chance.Is(weather().Stall) ? Chance.Between(TimeSpan.Zero, LongestStall) : TimeSpan.Zero;
        node.After(Patience, () => End(default, new StoreException("The database did not answer in time.")));
        link.ToServer(() => node.World.At(node.World.Elapsed + stall, node.World.Nature, () =>
        {
            var result = database.Do(work, out var failure);
            if (!isAnswerLost)
                link.ToNode(node, () => End(result, failure));
        }));

        void End(T? result, StoreException? failure)
        {
            if (!isOpen)
                return;
            isOpen = false;
            done(result, failure);
        }
    }
}
