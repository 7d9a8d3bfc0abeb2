using ArchUnitNET.Domain;
using ArchUnitNET.Loader;
using Assembly = System.Reflection.Assembly;

namespace Iec102.Architecture.Tests;

/// <summary>The compiled product: its types, and which of its other types each of them uses.</summary>
internal static class CodeBase
{
    /// <summary>The rooms, each with the rooms that it may use (docs/architecture.md).</summary>
    public static readonly IReadOnlyDictionary<string, string[]> Rooms = new Dictionary<string, string[]>
    {
        ["Iec102.Protocol"] = [],
        ["Iec102.Lines"] = [],
        ["Iec102.Hocon"] = [],
        ["Iec102.Fleet"] = ["Iec102.Protocol", "Iec102.Lines", "Iec102.Hocon"],
        ["Iec102.Acquisition"] = ["Iec102.Protocol", "Iec102.Lines", "Iec102.Fleet"],
        ["Iec102.Storage"] = ["Iec102.Protocol", "Iec102.Fleet", "Iec102.Acquisition"],
        ["Iec102.Cluster"] = ["Iec102.Protocol", "Iec102.Lines", "Iec102.Fleet", "Iec102.Acquisition", "Iec102.Storage"],
        ["Iec102.Contract"] =
            ["Iec102.Protocol", "Iec102.Hocon", "Iec102.Fleet", "Iec102.Acquisition", "Iec102.Storage", "Iec102.Cluster"],
        ["Iec102.Page"] =
            ["Iec102.Protocol", "Iec102.Fleet", "Iec102.Acquisition", "Iec102.Storage", "Iec102.Cluster", "Iec102.Contract"],
        ["Iec102.Simulator"] = ["Iec102.Protocol", "Iec102.Lines"],
        ["iec102"] =
        [
            "Iec102.Protocol", "Iec102.Lines", "Iec102.Hocon", "Iec102.Fleet", "Iec102.Acquisition", "Iec102.Storage", "Iec102.Cluster",
            "Iec102.Contract", "Iec102.Page", "Iec102.Simulator",
        ],
    };

    private static readonly Assembly[] Assemblies = [.. Rooms.Keys.Select(Assembly.Load)];

    private static readonly Lazy<IReadOnlyList<Use>> AllUses = new(FindUses);

    /// <summary>Every place where one of the product's types uses another.</summary>
    public static IReadOnlyList<Use> Uses => AllUses.Value;

    private static IReadOnlyList<Use> FindUses()
    {
        var architecture = new ArchLoader().LoadAssemblies(Assemblies).Build();
        return
        [
            .. from type in architecture.Types
               from used in type.Dependencies
               let target = used.Target
               where IsOwn(type) && IsOwn(target)
               select new Use(PlaceOf(type), PlaceOf(target)),
        ];
    }

    private static bool IsOwn(IType type) => Rooms.ContainsKey(RoomOf(type));

    // The parameter of a generic type belongs to no assembly.
    private static string RoomOf(IType type) => type.Assembly?.Name.Split(',')[0] ?? "";

    private static Place PlaceOf(IType type) => new(RoomOf(type), type.Namespace.FullName, type.FullName);
}

/// <summary>Where a type is defined.</summary>
/// <param name="Room">Its assembly.</param>
/// <param name="Folder">Its namespace, which is also its folder.</param>
/// <param name="Type">Its full name.</param>
internal sealed record Place(string Room, string Folder, string Type);

/// <summary>The use of one type by another.</summary>
internal sealed record Use(Place By, Place Of);
