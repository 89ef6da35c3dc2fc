namespace TgVault.Core.Library.Lists;

/// <summary>What a list begins with.</summary>
public enum VideoOrder
{
    /// <summary>The newest.</summary>
    Newest,

    /// <summary>Names without case and accents, numbers by their value.</summary>
    Name,

    /// <summary>The largest uploads.</summary>
    Largest,

    /// <summary>The smallest uploads.</summary>
    Smallest,

    /// <summary>What plays longest; last what does not play, or of which nothing is known yet.</summary>
    Longest,

    /// <summary>What plays shortest; last likewise.</summary>
    Shortest,
}
