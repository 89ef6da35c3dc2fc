using System.Buffers;
using System.Security.Cryptography;
using TgVault.Cli.Client.Videos;
using TgVault.Cli.Terminal;

namespace TgVault.Cli.Client.Uploads;

/// <summary>
/// What the vault has already, or was sent just now. Sizes are compared first, which costs no reading; where one is the same, SHA-256
/// decides, whatever the names. Of what an earlier version stored nobody knows the hash: there the name decides.
/// </summary>
/// <param name="vault">Where it is looked for.</param>
/// <param name="hash">Gives the SHA-256 of the file at a path in lower-case hex.</param>
sealed class KnownFiles(VaultClient vault, Func<string, CancellationToken, Task<string>> hash)
{
    const int MostOfOneSize = 1000;
    const int BufferBytes = 1 << 20;

    readonly List<(FileVersion File, string Id)> _sent = [];

    /// <summary>Notes what was uploaded: the vault takes a while to know its hash.</summary>
    public void Add(FileVersion file, string id) => _sent.Add((file, id));

    /// <summary>A video of this file that is stored or being stored; null where there is none.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public async Task<VideoView?> FindAsync(FileVersion file, string name, CancellationToken cancellationToken)
    {
        var alike = await AlikeAsync(file.SizeBytes, name, cancellationToken);
        var sent = _sent.Where(one => one.File.SizeBytes == file.SizeBytes && File.Exists(one.File.Path)).ToList();
        if (sent.Count > 0 || alike.Any(video => video.Sha256.Length > 0))
        {
            var own = await hash(file.Path, cancellationToken);
            if (alike.Find(video => video.Sha256 == own) is { } same)
                return same;
            foreach (var (other, id) in sent)
            {
                if (
                    (other == file || await hash(other.Path, cancellationToken) == own)
                    && await vault.FindAsync(id, cancellationToken) is { Status: not ("failed" or "deleting") } twin
                )
                    return twin;
            }
        }

        return alike.Find(video => video.Sha256.Length == 0 && video.Name == name);
    }

    /// <summary>SHA-256 of a file in lower-case hex; memory does not depend on its size.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static async Task<string> HashAsync(string path, Transfer progress, CancellationToken cancellationToken)
    {
        await using var file = new FileStream(
            path,
            FileMode.Open,
            FileAccess.Read,
            FileShare.ReadWrite | FileShare.Delete,
            bufferSize: 0,
            FileOptions.Asynchronous | FileOptions.SequentialScan
        );
        using var sum = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            for (int count; (count = await file.ReadAsync(buffer, cancellationToken)) > 0; )
            {
                sum.AppendData(buffer, 0, count);
                progress.Report((file.Position, file.Length));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return Convert.ToHexStringLower(sum.GetHashAndReset());
    }

    async Task<List<VideoView>> AlikeAsync(long sizeBytes, string name, CancellationToken cancellationToken)
    {
        try
        {
            return await vault
                .ListAsync(VideoFilter.All with { SizeBytes = sizeBytes }, MostOfOneSize, cancellationToken)
                .Where(video => video.Status is "ready" or "ingesting")
                .ToListAsync(cancellationToken);
        }
        catch (CommandFailedException)
        {
            // A vault of an earlier version lists nothing by size. What else is wrong is said here, too.
            return await new VideoLookup(vault).FindStoredAsync(name, sizeBytes, cancellationToken) is { } known ? [known] : [];
        }
    }
}
