namespace TgVault.Core.ApiKeys;

/// <summary>What a named API key may be used for.</summary>
public enum KeyScope
{
    /// <summary>Everything but API keys themselves.</summary>
    All,

    /// <summary>Looking at videos and playing them.</summary>
    Read,

    /// <summary>Uploading, and following what becomes of an upload.</summary>
    Upload,
}

/// <summary>An API key that somebody made, as it is known: never its text.</summary>
/// <param name="Id">16 hex digits; the key's text has it too.</param>
/// <param name="Name">What a person calls it, 1 to 64 characters.</param>
/// <param name="Scope">What it is for.</param>
/// <param name="Created">When it was made.</param>
/// <param name="LastUsed">Within some minutes; null where it has not been used.</param>
public sealed record ApiKey(string Id, string Name, KeyScope Scope, DateTimeOffset Created, DateTimeOffset? LastUsed);

/// <summary>An API key just made. <paramref name="Text"/> is told this once and kept nowhere.</summary>
public sealed record MadeApiKey(ApiKey Key, string Text);
