namespace TgVault.Core.Rows;

/// <summary>The names of a vault's tables. They are stored: none may change.</summary>
static class VaultTables
{
    /// <summary>One row per video.</summary>
    public const string Videos = "videos";

    /// <summary>The ids of videos by folder, tag and state.</summary>
    public const string Listing = "listing";

    /// <summary>The chunk records.</summary>
    public const string Chunks = "chunks";

    /// <summary>What belongs to the vault as a whole: the key ring and the state of the catalogue log.</summary>
    public const string Vault = "vault";

    /// <summary>The links that the vault made, and which are revoked.</summary>
    public const string Links = "links";

    /// <summary>
    /// Whether most rows of the table are longer than a kilobyte: for stores that keep long and short rows in different ways.
    /// </summary>
    public static bool HasLongRows(string name) => name == Videos;

    /// <summary>Every table, for what copies a vault.</summary>
    public static IReadOnlyList<string> All { get; } = [Vault, Videos, Listing, Chunks, Links];
}
