using System.Reflection;
using System.Text;

namespace Akka.Embedded.Tests;

/// <summary>A member as the list writes it, without what does not matter to those who call it: parameter names, defaults, virtual and such.</summary>
internal sealed record ApiMember(string Access, string Name, string Signature)
{
    public override string ToString() => $"{Access} {Signature}";
}

/// <summary>Types and members in the words of the list.</summary>
internal static class ApiText
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void",
        [typeof(object)] = "object",
        [typeof(string)] = "string",
        [typeof(bool)] = "bool",
        [typeof(int)] = "int",
        [typeof(long)] = "long",
        [typeof(double)] = "double",
        [typeof(char)] = "char",
        [typeof(byte)] = "byte",
        [typeof(float)] = "float",
        [typeof(decimal)] = "decimal",
        [typeof(short)] = "short",
        [typeof(uint)] = "uint",
        [typeof(ulong)] = "ulong",
    };

    public static string NameOf(Type type)
    {
        if (type.IsByRef || type.IsArray) return NameOf(type.GetElementType()!) + (type.IsArray ? "[]" : "");
        if (Nullable.GetUnderlyingType(type) is { } underlying) return NameOf(underlying) + "?";
        if (type.IsGenericParameter) return type.Name;
        if (Keywords.TryGetValue(type, out var keyword)) return keyword;
        var own = type.Name.Split('`')[0];
        var outer = type.DeclaringType is { } declaring ? NameOf(declaring) : type.Namespace;
        var arguments = type.GetGenericArguments().Skip(type.DeclaringType?.GetGenericArguments().Length ?? 0).ToArray();
        return $"{outer}.{own}{(arguments.Length == 0 ? "" : $"<{string.Join(", ", arguments.Select(NameOf))}>")}";
    }

    /// <summary>The members that a caller or an heir sees; overrides and implementations of what is listed elsewhere are no new surface.</summary>
    public static IEnumerable<ApiMember> MembersOf(Type type)
    {
        if (typeof(Delegate).IsAssignableFrom(type)) yield break;
        foreach (var constructor in type.GetConstructors(Declared))
        {
            if (AccessOf(constructor) is { } access && (access == "public" || !type.IsSealed))
                yield return new ApiMember(access, "ctor", $"{type.Name.Split('`')[0]}{ParametersOf(constructor)}");
        }
        foreach (var field in type.GetFields(Declared).Where(field => field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly))
        {
            if (!field.IsSpecialName)
                yield return new ApiMember(field.IsPublic ? "public" : "protected", field.Name, type.IsEnum ? field.Name : $"{NameOf(field.FieldType)} {field.Name}");
        }
        foreach (var method in type.GetMethods(Declared))
        {
            if (AccessOf(method) is { } access && !Repeats(type, method)) yield return Member(access, method);
        }
    }

    private static string? AccessOf(MethodBase method) =>
        method.IsPublic ? "public" : method.IsFamily || method.IsFamilyOrAssembly ? "protected" : null;

    private static bool Repeats(Type type, MethodInfo method) =>
        method.GetBaseDefinition() != method || (!type.IsInterface && type.GetInterfaces().Any(inherited =>
            type.GetInterfaceMap(inherited).TargetMethods.Contains(method)));

    private static ApiMember Member(string access, MethodInfo method)
    {
        if (method.IsSpecialName && method.Name.StartsWith("get_", StringComparison.Ordinal))
            return new ApiMember(access, method.Name[4..], $"{NameOf(method.ReturnType)} {method.Name[4..]} get");
        if (method.IsSpecialName && method.Name.StartsWith("set_", StringComparison.Ordinal))
            return new ApiMember(access, method.Name[4..], $"{NameOf(method.GetParameters()[^1].ParameterType)} {method.Name[4..]} set");
        var arguments = method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(NameOf))}>" : "";
        return new ApiMember(access, method.Name, $"{NameOf(method.ReturnType)} {method.Name}{arguments}{ParametersOf(method)}");
    }

    private static string ParametersOf(MethodBase method)
    {
        var text = new StringBuilder("(");
        foreach (var parameter in method.GetParameters())
        {
            if (text.Length > 1) text.Append(", ");
            text.Append(parameter.IsOut ? "out " : parameter.ParameterType.IsByRef ? "ref " : "");
            text.Append(parameter.IsDefined(typeof(ParamArrayAttribute)) ? "params " : "");
            text.Append(NameOf(parameter.ParameterType)).Append(parameter.HasDefaultValue ? " =" : "");
        }
        return text.Append(')').ToString();
    }
}
