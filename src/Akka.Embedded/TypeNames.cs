namespace Akka;

/// <summary>Types named in the configuration. The assembly's name counts only if it is there: it differs between this runtime and the packages.</summary>
internal static class TypeNames
{
    public static Type Find(string name)
    {
        if (Type.GetType(name) is { } exact) return exact;
        var bare = name.Split(',')[0].Trim();
        return AppDomain.CurrentDomain.GetAssemblies().Select(assembly => assembly.GetType(bare)).FirstOrDefault(type => type is not null)
            ?? throw new Configuration.ConfigurationException($"The configuration names the type {name}, which cannot be found.");
    }
}
