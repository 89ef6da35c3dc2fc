using System.Buffers;
using System.Globalization;
using System.Text;

namespace TgVault.Core.Staging.Folder;

/// <summary>
/// Names of staged blobs as names of folders: UTF-8 in which only <c>a-z 0-9 - _</c> stand for themselves and the rest is <c>%xx</c>. So no
/// name leads out of its folder, none begins with a dot, and file systems that ignore case keep all apart.
/// </summary>
static class StagedNames
{
    // File systems take 255 bytes.
    const int MaxBytes = 200;

    static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    static readonly SearchValues<char> Plain = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-_");

    /// <exception cref="ArgumentException">Empty, too long, or no text.</exception>
    public static string Encode(string name)
    {
        var encoded = new StringBuilder();
        // Half of a surrogate pair is refused here, as an ArgumentException.
        foreach (var octet in Utf8.GetBytes(name))
        {
            if (Plain.Contains((char)octet))
                encoded.Append((char)octet);
            else
                encoded.Append(CultureInfo.InvariantCulture, $"%{octet:x2}");
        }

        return encoded.Length is > 0 and <= MaxBytes
            ? encoded.ToString()
            : throw new ArgumentException("The name of a staged blob is empty or too long.", nameof(name));
    }

    /// <summary>Null where that is no name that <see cref="Encode"/> gave.</summary>
    public static string? Decode(string encoded)
    {
        var octets = new List<byte>(encoded.Length);
        for (var i = 0; i < encoded.Length; i++)
        {
            if (Plain.Contains(encoded[i]))
                octets.Add((byte)encoded[i]);
            else if (
                encoded[i] == '%'
                && i + 2 < encoded.Length
                && byte.TryParse(encoded.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var octet)
            )
            {
                octets.Add(octet);
                i += 2;
            }
            else
                return null;
        }

        try
        {
            var name = Utf8.GetString([.. octets]);
            return Encode(name) == encoded ? name : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
