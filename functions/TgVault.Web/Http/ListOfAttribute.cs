namespace TgVault.Web.Http;

/// <summary>What a list in a request may hold; what single values may is said by the framework's own attributes.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
internal sealed class ListOfAttribute(int maxCount) : Attribute
{
    public int MaxCount => maxCount;

    /// <summary>The longest entry, in characters; 0 where it is not said.</summary>
    public int MaxLength { get; init; }

    /// <summary>Whether the entries are addresses.</summary>
    public bool IsUrl { get; init; }
}
