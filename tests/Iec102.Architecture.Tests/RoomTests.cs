namespace Iec102.Architecture.Tests;

/// <summary>
/// Which room may use which others, and that the folders within a room depend on each other in one direction only (docs/architecture.md).
/// </summary>
public class RoomTests
{
    public static TheoryData<string> Rooms => [.. CodeBase.Rooms.Keys];

    [Theory]
    [MemberData(nameof(Rooms))]
    public void A_room_uses_only_the_rooms_below_it(string room)
    {
        CodeBase.Uses.ShouldContain(use => use.By.Room == room, "The room was not found: the test would hold nothing.");
        CodeBase.Uses
            .Where(use => use.By.Room == room && use.Of.Room != room && !CodeBase.Rooms[room].Contains(use.Of.Room))
            .Select(use => $"{use.By.Type} uses {use.Of.Type}")
            .Distinct()
            .ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Rooms))]
    public void The_folders_of_a_room_have_no_cycle(string room)
    {
        var between = CodeBase.Uses
            .Where(use => use.By.Room == room && use.Of.Room == room && use.By.Folder != use.Of.Folder)
            .ToLookup(use => (use.By.Folder, use.Of.Folder));
        var uses = between.Select(pair => pair.Key).ToLookup(pair => pair.Item1, pair => pair.Item2);
        between
            .Where(pair => Reachable(pair.Key.Item2, uses).Contains(pair.Key.Item1))
            .SelectMany(pair => pair.Select(use => $"{use.By.Type} uses {use.Of.Type}").Distinct().Take(5))
            .ShouldBeEmpty($"Folders of {room} use each other both ways; these uses are on the cycle:");
    }

    [Fact]
    public void Namespaces_follow_folders()
    {
        var rooms = CodeBase.Rooms.Keys.Select(room => room == "iec102" ? "Iec102.Server" : room);
        foreach (var source in rooms.SelectMany(room => Source.Of($"src/{room}")).Where(source => source.Namespace is not null))
            source.Namespace.ShouldBe(source.Folder["src/".Length..].Replace('/', '.'), source.Path);
    }

    private static HashSet<string> Reachable(string from, ILookup<string, string> uses)
    {
        var (found, open) = (new HashSet<string> { from }, new Stack<string>([from]));
        while (open.TryPop(out var folder))
        {
            foreach (var next in uses[folder].Where(found.Add))
                open.Push(next);
        }

        return found;
    }
}
