using System.Text.Json;
using TgVault.Core.Mp4.Fragments;
using TgVault.Core.Mp4.Index;
using TgVault.Testing;

namespace TgVault.Web.Tests.Ingested;

/// <summary>A clip that went through ingest, and what is served of it.</summary>
/// <param name="Original">The path of what was uploaded.</param>
/// <param name="Prepared">The path of what was stored, as /video.mp4 gave it.</param>
/// <param name="Decision">What ingest did with it.</param>
/// <param name="Root">Where the link's files are; ends in a slash.</param>
/// <param name="Index">Of the prepared file.</param>
/// <param name="Client">Asks the vault.</param>
sealed record IngestedClip(string Original, string Prepared, string Decision, Uri Root, Mp4Index Index, HttpClient Client)
{
    /// <summary>The video as the API showed it when it was ready.</summary>
    public JsonElement View { get; init; }

    readonly Lazy<Task<TrackFiles[]>> _tracks = new(() => FetchAsync(Root, Index, Client));

    public string Id { get; init; } = "";

    /// <summary>What HLS and DASH serve of each track, fetched once.</summary>
    public Task<TrackFiles[]> TracksAsync() => _tracks.Value;

    public static async Task<IngestedClip> OpenAsync(string original, string prepared, string decision, Uri root, HttpClient client)
    {
        await using var file = File.OpenRead(prepared);
        var index = await Mp4Index.BuildAsync(
            async (offset, destination, cancellationToken) =>
            {
                file.Position = offset;
                await file.ReadExactlyAsync(destination, cancellationToken);
            },
            file.Length,
            CancellationToken.None
        );
        return new IngestedClip(original, prepared, decision, root, index, client);
    }

    public string Url(string path) => new Uri(Root, path).AbsoluteUri;

    // In random order, so that nothing depends on what was asked for before.
    static async Task<TrackFiles[]> FetchAsync(Uri root, Mp4Index index, HttpClient client)
    {
        var tracks = Enumerable
            .Range(0, index.Tracks.Length)
            .Select(track => new TrackFiles(track, new byte[MediaSegment.Count(index, track)][]))
            .ToArray();
        var wanted = tracks
            .SelectMany(track => Enumerable.Range(-1, track.Segments.Length + 1).Select(number => (track, number)))
            .ToArray();
        new Random(4).Shuffle(wanted);
        await Parallel.ForEachAsync(
            wanted,
            new ParallelOptions { MaxDegreeOfParallelism = 8 },
            async (one, cancellationToken) =>
            {
                var name = one.number < 0 ? "init.mp4" : $"{one.number}.m4s";
                var bytes = await client.GetByteArrayAsync(new Uri(root, $"hls/{one.track.Number}/{name}"), cancellationToken);
                if (one.number < 0)
                    one.track.Init = bytes;
                else
                    one.track.Segments[one.number] = bytes;
            }
        );
        return tracks;
    }
}

/// <summary>The init segment and the segments of one track.</summary>
public sealed record TrackFiles(int Number, byte[][] Segments)
{
    public byte[] Init { get; set; } = [];

    /// <summary>All of it as one file; its path.</summary>
    public async Task<string> JoinAsync()
    {
        var path = Mp4Clips.NewPath(".mp4");
        await File.WriteAllBytesAsync(path, [.. Init, .. Segments.SelectMany(bytes => bytes)]);
        return path;
    }
}
