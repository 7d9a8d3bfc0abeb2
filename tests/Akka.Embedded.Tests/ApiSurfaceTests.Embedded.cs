using Xunit.Abstractions;

namespace Akka.Embedded.Tests;

/// <summary>
/// Every public and protected member of the embedded runtime and its test kit, in the namespaces of the list of Akka.NET's
/// members, stands in that list: the same code then compiles against both.
/// </summary>
public sealed class ApiSurfaceTests(ITestOutputHelper output)
{
    [Fact]
    public void Every_public_member_exists_in_Akka_NET_with_the_same_signature()
    {
        var list = FindList();
        if (list is null)
        {
            output.WriteLine("Not checked: ../shared/design/akka-api.txt is not here.");
            return;
        }
        var real = new ApiList(File.ReadLines(list));
        var strangers = new List<string>();
        foreach (var type in Types().Where(type => real.HasNamespaceOf(type)))
        {
            var name = ApiText.NameOf(type);
            if (typeof(Delegate).IsAssignableFrom(type) ? !real.Mentions(name) : !real.Knows(name)) strangers.Add($"{name} is not listed");
            else strangers.AddRange(ApiText.MembersOf(type).Where(member => !real.Has(name, member)).Select(member => $"{name}: {member}"));
        }
        strangers.ShouldBeEmpty(string.Join(Environment.NewLine, strangers));
    }

    [Fact]
    public void The_list_is_really_compared_with()
    {
        var real = new ApiList(
        [
            "Some.Base<T> | method | public virtual void Put(T item)",
            "Some.Type | base | Some.Base<string>",
            "Some.Type | method | public int Count(string what)",
        ]);
        real.Has("Some.Type", new ApiMember("public", "Count", "int Count(string)")).ShouldBeTrue();
        real.Has("Some.Type", new ApiMember("public", "Put", "void Put(string)")).ShouldBeTrue();
        real.Has("Some.Type", new ApiMember("public", "Count", "int Count(object)")).ShouldBeFalse();
        real.Has("Some.Type", new ApiMember("protected", "Count", "int Count(string)")).ShouldBeFalse();
        real.Has("Some.Type", new ApiMember("public", "Other", "int Other get")).ShouldBeFalse();
    }

    private static IEnumerable<Type> Types() =>
        new[] { typeof(Akka.Actor.ActorSystem).Assembly, typeof(Akka.TestKit.TestProbe).Assembly }
            .SelectMany(assembly => assembly.GetTypes())
            .Where(type => type.IsVisible);

    private static string? FindList()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "Iec102Actors.sln"))) directory = directory.Parent;
        var list = directory is null ? null : Path.Combine(directory.FullName, "..", "shared", "design", "akka-api.txt");
        return File.Exists(list) ? list : null;
    }
}
