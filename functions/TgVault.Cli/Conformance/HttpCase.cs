namespace TgVault.Cli.Conformance;

/// <summary>What a request brings to be let in.</summary>
enum Credential
{
    None,
    ApiKey,
    Bearer,
    WrongKey,
}

/// <summary>One row of the table: a request, and what every vault has to answer.</summary>
sealed record HttpCase(string Name, string Method, string Path, int Status)
{
    public Credential Credential { get; init; }

    public Dictionary<string, string> Send { get; init; } = [];

    public string? Json { get; init; }

    /// <summary>Headers by name with what they must hold exactly; null: the header must be absent.</summary>
    public Dictionary<string, string?> Headers { get; init; } = [];

    /// <summary>The methods that <c>Allow</c> must list, in any order.</summary>
    public string[]? Allow { get; init; }

    /// <summary>The body, byte for byte.</summary>
    public ReadOnlyMemory<byte>? Body { get; init; }

    /// <summary>Text somewhere in the body.</summary>
    public string? Contains { get; init; }

    /// <summary>The body is a problem of RFC 9457 with this status and a sentence.</summary>
    public bool IsProblem { get; init; }
}

/// <summary>The video that the table asks about: stored by the run itself, and ready.</summary>
/// <param name="ETag">What the vault calls this version of it.</param>
/// <param name="LinkPath">A link's path, from the slash on.</param>
sealed record Subject(string Id, byte[] Content, string ETag, string LinkPath);
