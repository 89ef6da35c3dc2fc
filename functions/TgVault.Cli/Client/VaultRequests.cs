using System.Globalization;

namespace TgVault.Cli.Client;

/// <summary>What is announced before an upload.</summary>
sealed record Announcement(string Name, long Size, string ContentType, string Folder, IReadOnlyList<string> Tags, string Description);

/// <summary>The answer to it: the new video's id and where its bytes go. The URL is a secret until it expires.</summary>
/// <param name="Id">Of the video.</param>
/// <param name="UploadUrl">Where its bytes go.</param>
/// <param name="Expires">Until when that takes them.</param>
/// <param name="StoringSeconds">How long storing it takes at least, once it has arrived; null where the vault keeps no pace.</param>
sealed record Announced(string Id, Uri UploadUrl, DateTimeOffset Expires, double? StoringSeconds = null);

/// <summary>Which videos to list: those with everything that is not null.</summary>
sealed record VideoFilter(string? Search, string? Folder, string? Tag, string? Status)
{
    /// <summary>Whether folders below the folder count, too.</summary>
    public bool Below { get; init; }

    /// <summary>Bytes of the uploaded file.</summary>
    public long? SizeBytes { get; init; }

    /// <summary>What comes first, in the API's words; null: the newest.</summary>
    public string? Order { get; init; }

    public static VideoFilter All { get; } = new(null, null, null, null);

    public IEnumerable<(string Name, string Value)> Parameters =>
        new (string Name, string? Value)[]
        {
            ("search", Search),
            ("folder", Folder),
            ("below", Below ? "true" : null),
            ("tag", Tag),
            ("status", Status),
            ("size", SizeBytes?.ToString(CultureInfo.InvariantCulture)),
            ("order", Order),
        }
            .Where(parameter => parameter.Value is not null)
            .Select(parameter => (parameter.Name, parameter.Value!));
}

/// <summary>What to change of a video; null stays.</summary>
sealed record VideoWishes(string? Name, string? Folder, IReadOnlyList<string>? Tags, string? Description);
