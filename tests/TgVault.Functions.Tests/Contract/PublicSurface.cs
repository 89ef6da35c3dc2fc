using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace TgVault.Functions.Tests.Contract;

/// <summary>What code outside an assembly can name of its types, as lines that two assemblies can be compared by:
/// no identity of an assembly is in them.</summary>
static class PublicSurface
{
    // Attributes and modifiers of the compiler's own are compared by name: what is built for older frameworks brings its own of them.
    const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    static readonly NullabilityInfoContext Nullability = new();

    /// <summary>The type itself, and what it declares or, with <paramref name="inherited"/>, also what its base types do.</summary>
    public static IEnumerable<string> Of(Type type, bool inherited)
    {
        var name = type.FullName;
        var parent = type.IsInterface || type.IsValueType ? "" : Name(type.BaseType!);
        yield return $"{name}: {Kind(type)}{Constraints(type.GetGenericArguments())} : {parent}";
        foreach (var contract in type.GetInterfaces().Where(contract => contract.IsPublic))
            yield return $"{name}: implements {Name(contract)}";
        if (typeof(Attribute).IsAssignableFrom(type) && type.GetCustomAttribute<AttributeUsageAttribute>() is { } usage)
            yield return $"{name}: on {usage.ValidOn}, multiple {usage.AllowMultiple}, inherited {usage.Inherited}";

        for (var holder = type; holder is not null && (holder == type || inherited); holder = holder.BaseType)
        {
            foreach (var member in holder.GetMembers(Declared).Select(Member).OfType<string>())
                yield return $"{name}: {member}";
        }
    }

    static string Kind(Type type) =>
        type switch
        {
            { IsInterface: true } => "interface",
            { IsEnum: true } => $"enum {Name(Enum.GetUnderlyingType(type))}",
            { IsValueType: true } => type.CustomAttributes.Any(attribute =>
                attribute.AttributeType.FullName == typeof(IsReadOnlyAttribute).FullName
            )
                ? "readonly struct"
                : "struct",
            { IsAbstract: true, IsSealed: true } => "static class",
            _ => (
                type.IsAbstract ? "abstract "
                : type.IsSealed ? "sealed "
                : ""
            ) + "class",
        };

    static string? Member(MemberInfo member) =>
        member switch
        {
            // Accessors are told with their property; what the compiler makes up cannot be named.
            MethodInfo { IsSpecialName: true } method when !method.Name.StartsWith("op_", StringComparison.Ordinal) => null,
            MethodBase method when !Visible(method) || method.Name.Contains('<', StringComparison.Ordinal) => null,
            ConstructorInfo constructor => $"{Access(constructor)} new({Parameters(constructor)})",
            MethodInfo method => $"{Access(method)}{Modifiers(method)} {Return(method)} "
                + $"{method.Name}{Constraints(method.GetGenericArguments())}({Parameters(method)})",
            PropertyInfo property => Property(property),
            FieldInfo field when field.IsPublic || field.IsFamily =>
                $"field {Name(field.FieldType)} {field.Name}{(field.IsLiteral ? " = " + Literal(field.GetRawConstantValue()) : "")}",
            _ => null,
        };

    static string? Property(PropertyInfo property)
    {
        var accessors = property.GetAccessors(nonPublic: true).Where(Visible).ToList();
        if (accessors.Count == 0)
            return null;
        var type = Name(property.PropertyType, accessors.Contains(property.GetMethod!) ? Nullability.Create(property) : null);
        var ways = accessors.Select(accessor => Access(accessor) + Modifiers(accessor) + Accessor(accessor));
        return $"property {type} {property.Name} {{ {string.Join(", ", ways)} }}";

        static string Accessor(MethodInfo accessor) =>
            accessor.ReturnType != typeof(void) ? " get"
            : accessor.ReturnParameter.GetRequiredCustomModifiers().Any(modifier => modifier.FullName == typeof(IsExternalInit).FullName)
                ? " init"
            : " set";
    }

    static bool Visible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    static string Access(MethodBase method) => method.IsPublic ? "public" : "protected";

    static string Modifiers(MethodInfo method) =>
        method switch
        {
            { IsStatic: true } => " static",
            { IsAbstract: true } => " abstract",
            // An override and a member that implements an interface are told apart by the type's own line.
            { IsVirtual: true, IsFinal: false } when method.GetBaseDefinition() == method => " virtual",
            _ => "",
        };

    static string Return(MethodInfo method) => Name(method.ReturnType, Nullability.Create(method.ReturnParameter));

    static string Parameters(MethodBase method) =>
        string.Join(
            ", ",
            method
                .GetParameters()
                .Select(parameter =>
                    (
                        parameter.IsDefined(typeof(ParamArrayAttribute)) ? "params "
                        : parameter.Position == 0 && method.IsDefined(typeof(ExtensionAttribute)) ? "this "
                        : ""
                    )
                    + $"{Name(parameter.ParameterType, Nullability.Create(parameter))} {parameter.Name}"
                    + (parameter.HasDefaultValue ? " = " + Literal(parameter.RawDefaultValue) : "")
                )
        );

    static string Constraints(Type[] arguments) =>
        string.Concat(
            arguments
                .Where(argument => argument.IsGenericParameter)
                .Select(argument =>
                    $"<{argument.Name} {argument.GenericParameterAttributes} "
                    + $"{string.Join(' ', argument.GetGenericParameterConstraints().Select(constraint => Name(constraint)))}>"
                )
        );

    static string Name(Type type, NullabilityInfo? nullability = null)
    {
        var mark = !type.IsValueType && nullability?.ReadState == NullabilityState.Nullable ? "?" : "";
        if (type.IsArray)
            return $"{Name(type.GetElementType()!, nullability?.ElementType)}[]{mark}";
        if (type.IsByRef)
            return $"ref {Name(type.GetElementType()!)}";
        if (!type.IsGenericType)
            return (type.IsGenericParameter ? type.Name : type.FullName) + mark;
        var arguments = type.GetGenericArguments()
            .Select((argument, index) => Name(argument, nullability?.GenericTypeArguments.ElementAtOrDefault(index)));
        return $"{type.GetGenericTypeDefinition().FullName}<{string.Join(", ", arguments)}>{mark}";
    }

    static string Literal(object? value) =>
        Convert.ToString(value, CultureInfo.InvariantCulture) is { Length: > 0 } text ? text : "default";
}
