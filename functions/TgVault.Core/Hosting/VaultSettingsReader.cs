using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Configuration;
using TgVault.Core.Settings;

namespace TgVault.Core.Hosting;

/// <summary>What was read, and everything that is wrong with it.</summary>
/// <param name="Problems">One sentence each, which names the key and what to do. No sentence holds a secret.</param>
public sealed record SettingsReading(VaultSettings Settings, ImmutableArray<string> Problems);

/// <summary>One key, as the table of docs/operate.md has it.</summary>
sealed record SettingKey(string Name, string Default);

/// <summary>
/// Reads section <c>TgVault</c> of .NET configuration into <see cref="VaultSettings"/>. The framework's binder knows neither immutable
/// arrays nor how to go on after the first value that does not parse; this one does both, and refuses keys that no setting has.
/// </summary>
public static class VaultSettingsReader
{
    public const string Section = "TgVault";

    /// <summary>Reads and checks all settings.</summary>
    public static SettingsReading Read(IConfiguration configuration)
    {
        var problems = new List<string>();
        var settings = (VaultSettings)ReadRecord(typeof(VaultSettings), configuration.GetSection(Section), problems);
        problems.AddRange(VaultSettingsRules.Check(settings));
        problems.AddRange(SecretRules.CheckOthers(configuration));
        return new SettingsReading(settings, [.. problems]);
    }

    /// <summary>Every key in the order of the records; a list's items are shown as <c>0</c>.</summary>
    internal static IEnumerable<SettingKey> Keys => KeysOf(typeof(VaultSettings), Section);

    static object ReadRecord(Type type, IConfigurationSection section, List<string> problems)
    {
        var record = Activator.CreateInstance(type)!;
        var properties = Settable(type);
        foreach (var child in section.GetChildren())
        {
            if (!properties.TryGetValue(child.Key, out var property))
                problems.Add($"{child.Path} is not a setting. docs/operate.md lists all of them.");
            else if (ReadValue(property.PropertyType, child, problems) is { } value)
                property.SetValue(record, value);
        }

        return record;
    }

    static object? ReadValue(Type type, IConfigurationSection section, List<string> problems)
    {
        if (ItemOf(type) is { } item)
            return ReadList(item, section, problems);
        if (IsRecord(type))
            return ReadRecord(type, section, problems);
        if (section.Value is not { } text)
        {
            problems.Add($"{section.Path} takes one value, not a list or a section.");
            return null;
        }

        if (type == typeof(string))
            return text;
        if (type == typeof(bool) && bool.TryParse(text, out var truth))
            return truth;
        if (type == typeof(int) && int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            return number;
        if (type == typeof(long) && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var large))
            return large;
        problems.Add($"{section.Path} must be {(type == typeof(bool) ? "true or false" : "a whole number")}.");
        return null;
    }

    static object? ReadList(Type item, IConfigurationSection section, List<string> problems)
    {
        if (!string.IsNullOrEmpty(section.Value))
        {
            problems.Add($"{section.Path} is a list: set {section.Path}:0, {section.Path}:1 and so on.");
            return null;
        }

        var values = section
            .GetChildren()
            .OrderBy(child =>
                int.TryParse(child.Key, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : int.MaxValue
            )
            .Select(child => ReadValue(item, child, problems))
            .OfType<object>()
            .ToList();
        var array = Array.CreateInstance(item, values.Count);
        for (var i = 0; i < values.Count; i++)
            array.SetValue(values[i], i);
        return ToImmutableArray.MakeGenericMethod(item).Invoke(null, [array]);
    }

    static IEnumerable<SettingKey> KeysOf(Type type, string path)
    {
        var defaults = Activator.CreateInstance(type)!;
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite))
        {
            var name = $"{path}__{property.Name}";
            var item = ItemOf(property.PropertyType);
            if (item is not null && IsRecord(item))
                foreach (var key in KeysOf(item, name + "__0"))
                    yield return key;
            else if (item is not null)
                yield return new SettingKey(
                    name + "__0",
                    ((IEnumerable<object>)Items(property.GetValue(defaults)!)).FirstOrDefault()?.ToString() ?? ""
                );
            else if (IsRecord(property.PropertyType))
                foreach (var key in KeysOf(property.PropertyType, name))
                    yield return key;
            else
                yield return new SettingKey(name, Convert.ToString(property.GetValue(defaults), CultureInfo.InvariantCulture) ?? "");
        }
    }

    static readonly MethodInfo ToImmutableArray = typeof(ImmutableArray)
        .GetMethods()
        .Single(method =>
            method.Name == nameof(ImmutableArray.Create)
            && method.GetParameters() is [{ ParameterType: var parameter }]
            && parameter.IsSZArray
        );

    static IEnumerable<object> Items(object list) => ((System.Collections.IEnumerable)list).Cast<object>();

    static Dictionary<string, PropertyInfo> Settable(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.CanWrite)
            .ToDictionary(property => property.Name, StringComparer.OrdinalIgnoreCase);

    static bool IsRecord(Type type) => type.IsClass && type != typeof(string);

    static Type? ItemOf(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>) ? type.GetGenericArguments()[0] : null;
}
