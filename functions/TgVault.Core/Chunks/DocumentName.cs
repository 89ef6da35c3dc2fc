using System.Security.Cryptography;

namespace TgVault.Core.Chunks;

/// <summary>
/// Names for documents. Telegram and everybody in the channel see them, so they say nothing. Their ending keeps Telegram from taking
/// them for media.
/// </summary>
static class DocumentName
{
    const int Length = 24;

    public static string Random() => RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz0123456789", Length) + ".bin";
}
