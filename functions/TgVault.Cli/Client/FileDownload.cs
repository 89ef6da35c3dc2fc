using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using TgVault.Cli.Client.Videos;
using TgVault.Cli.Local;
using TgVault.Cli.Terminal;
using TgVault.Core.Videos;

namespace TgVault.Cli.Client;

/// <summary>
/// Fetches one video into a file by ranges. What has arrived is kept in a hidden part file named after the video and its ETag, so that a
/// later try goes on there; the wanted name appears only once everything has arrived.
/// </summary>
sealed class FileDownload(VaultClient vault)
{
    const int BufferBytes = 128 << 10;
    const int TriesWithoutProgress = 6;

    // Names longer than this many bytes of UTF-8 are refused by common file systems.
    const int LongestNameBytes = 255;

    /// <summary>Returns the path of the finished file.</summary>
    /// <param name="output">The file to make, or the folder to put it in under the video's own name; null: the current one.</param>
    /// <exception cref="CommandFailedException">The file exists and <paramref name="overwrite"/> is false, or the vault kept cutting the
    /// connection.</exception>
    public async Task<string> FetchAsync(
        VideoView video,
        string? output,
        bool overwrite,
        IProgress<(long Done, long Total)> progress,
        CancellationToken cancellationToken
    )
    {
        var (total, etag, name) = await LookAsync(video, cancellationToken);
        output = Path.GetFullPath(
            output is null ? name
            : Directory.Exists(output) ? Path.Combine(output, name)
            : output
        );
        if (Directory.Exists(output))
            throw new CommandFailedException($"{output} is a folder.");
        if (!Directory.Exists(Path.GetDirectoryName(output)))
            throw new CommandFailedException($"There is no folder {Path.GetDirectoryName(output)}: make it first.");
        if (File.Exists(output) && !overwrite)
            throw new CommandFailedException($"{output} exists already. Use --force to replace it, or -o to name another file.");

        var part = Path.Combine(Path.GetDirectoryName(output)!, PartName(video.Id, etag));
        await using (var file = Open(part, output))
        {
            if (file.Length > total)
                file.SetLength(0);
            file.Position = file.Length;
            await FillAsync(video.Id, file, file.Position, total, etag, progress, cancellationToken);
        }

        try
        {
            File.Move(part, output, overwrite);
        }
        catch (IOException exception) when (!overwrite && File.Exists(output))
        {
            throw new CommandFailedException($"{output} was made by somebody else meanwhile; what was fetched is in {part}.", exception);
        }

        return output;
    }

    /// <summary>Writes all of it to a stream, such as a pipe.</summary>
    /// <exception cref="CommandFailedException">The vault kept cutting the connection.</exception>
    public async Task CopyAsync(
        VideoView video,
        Stream destination,
        IProgress<(long Done, long Total)> progress,
        CancellationToken cancellationToken
    )
    {
        var (total, etag, _) = await LookAsync(video, cancellationToken);
        await FillAsync(video.Id, destination, 0, total, etag, progress, cancellationToken);
    }

    /// <summary>The name a video gets in the current folder: one part, no path, nothing a shell or a file system would stumble
    /// over.</summary>
    public static string FileName(string name)
    {
        name = VideoName.Clean(name);
        var extension = Path.GetExtension(name);
        if (Encoding.UTF8.GetByteCount(extension) > 16)
            extension = "";
        var stem = new StringBuilder();
        var bytes = Encoding.UTF8.GetByteCount(extension);
        foreach (var rune in name[..^extension.Length].EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > LongestNameBytes)
                break;
            stem.Append(rune.ToString());
        }

        return stem.Append(extension).ToString();
    }

    async Task<(long TotalBytes, EntityTagHeaderValue? ETag, string Name)> LookAsync(VideoView video, CancellationToken cancellationToken)
    {
        using var first = await vault.ReadAsync(video.Id, 0, 0, null, cancellationToken);
        if (first.StatusCode != HttpStatusCode.RequestedRangeNotSatisfiable)
            await VaultClient.ThrowIfRefusedAsync(first, cancellationToken);
        var total =
            first.Content.Headers.ContentRange?.Length ?? throw new CommandFailedException("The vault did not say how long the file is.");
        return (total, first.Headers.ETag, FileName(first.Content.Headers.ContentDisposition?.FileNameStar ?? video.Name));
    }

    static FileStream Open(string part, string output)
    {
        try
        {
            return new FileStream(part, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, bufferSize: 0, useAsync: true);
        }
        catch (IOException exception) when (PrivateFile.IsTaken(exception))
        {
            throw new CommandFailedException(
                $"Another command is fetching this video into {Path.GetDirectoryName(output)} already.",
                exception
            );
        }
    }

    async Task FillAsync(
        string id,
        Stream destination,
        long position,
        long total,
        EntityTagHeaderValue? etag,
        IProgress<(long, long)> progress,
        CancellationToken cancellationToken
    )
    {
        var buffer = new byte[BufferBytes];
        var tries = 0;
        while (position < total)
        {
            var before = position;
            try
            {
                using var answer = await vault.ReadAsync(id, position, total - 1, etag, cancellationToken);
                await VaultClient.ThrowIfRefusedAsync(answer, cancellationToken);
                if (answer.StatusCode != HttpStatusCode.PartialContent || answer.Content.Headers.ContentRange?.From != position)
                    throw new CommandFailedException("The video changed while it was fetched; try again.");
                await using var content = await answer.Content.ReadAsStreamAsync(cancellationToken);
                int count;
                while ((count = await content.ReadAsync(buffer, cancellationToken)) > 0)
                {
                    await destination.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
                    position += count;
                    progress.Report((position, total));
                }
            }
            catch (Exception exception) when (exception is HttpRequestException or HttpIOException && tries < TriesWithoutProgress)
            {
                // The vault cuts the connection where Telegram makes it wait too long; going on at the same byte is what players do, too.
            }

            tries = position > before ? 0 : tries + 1;
            if (tries > TriesWithoutProgress)
                throw new CommandFailedException(
                    "The vault keeps ending the connection without sending anything; what has arrived is kept for the next try."
                );
            if (tries > 0)
                await Task.Delay(TimeSpan.FromSeconds(Math.Min(1 << tries, 15)), cancellationToken);
        }
    }

    static string PartName(string id, EntityTagHeaderValue? etag)
    {
        var version = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(etag?.Tag ?? "")).AsSpan(0, 4));
        return string.Create(CultureInfo.InvariantCulture, $".{id}-{version}.part");
    }
}
