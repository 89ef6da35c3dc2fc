using System.Xml.Linq;
using TgVault.Core.Captioning;
using TgVault.Core.Ingest.Decision;
using TgVault.Core.Ingest.Prepare;
using TgVault.Core.Mp4.Boxes;
using TgVault.Core.Mp4.Edits;
using TgVault.Core.Mp4.Fragments;
using TgVault.Core.Mp4.Index;
using TgVault.Core.Mp4.Movie;
using TgVault.Core.Mp4.Text;
using TgVault.Core.Playback.Dash;
using TgVault.Core.Playback.Hls;
using TgVault.Core.Playback.Packaging;
using TgVault.Core.Videos;

namespace TgVault.Core.Tests.Mp4;

/// <summary>
/// Does with some bytes all that the MP4 code does with files and stored indexes, and holds what must be true of every outcome.
/// Refusals are <see cref="MediaException"/>; anything else that is thrown is a finding, and so is not ending or too much memory.
/// </summary>
static class Exercise
{
    const long MostBytes = 64 << 20;

    // For what does not end by itself; whatever ends takes a fraction of a second.
    static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    /// <summary>Whether the bytes, taken for a file, can be relocated.</summary>
    public static Task<bool> RelocationAsync(byte[] bytes) =>
        AttemptAsync(async () =>
        {
            var source = new Source(bytes);
            // Evidence comes out of anything.
            Assert.NotNull((await UploadEvidence.ReadAsync(source.ReadAsync, source.LengthBytes, default)).NothingToPlay() ?? "");
            var relocation = await source.RelocateAsync();
            var result = new Source([.. relocation.Head, .. relocation.Media.SelectMany(source.Read)]);
            Assert.Equal(relocation.LengthBytes, result.LengthBytes);
            var layout = await result.LayoutAsync();
            Assert.True(layout.IsFaststart);
            Assert.Equal(layout.Boxes.AsEnumerable(), relocation.Moved.Layout.Boxes.AsEnumerable());
            Assert.Equal(layout.LengthBytes, relocation.Moved.Layout.LengthBytes);
            // What is in place already does not move again: every offset still points into the same media.
            Assert.Equal(relocation.Head, (await result.RelocateAsync()).Head);
        });

    /// <summary>Whether the bytes, taken for a file, can be indexed and cut into segments.</summary>
    public static Task<bool> PackagingAsync(byte[] bytes) =>
        AttemptAsync(async () =>
        {
            var source = new Source(bytes);
            var built = await Mp4Index.BuildAsync(source.ReadAsync, source.LengthBytes, default);
            var encoded = built.Encode();
            var index = Mp4Index.Decode(encoded);
            Assert.Equal(encoded, index.Encode());
            Package(index, source.Read);
        });

    /// <summary>
    /// Whether the bytes, taken for a stored index, are one. Its file is not there: only where segments would be read from is checked.
    /// </summary>
    public static Task<bool> IndexAsync(byte[] bytes) =>
        AttemptAsync(() =>
        {
            Package(Mp4Index.Decode(bytes), null);
            return Task.CompletedTask;
        });

    /// <summary>Whether tracks of the bytes, taken for a file, that show several pieces can be put together.</summary>
    public static Task<bool> EditsAsync(byte[] bytes) =>
        AttemptAsync(async () =>
        {
            var head = await new Source(bytes).HeadAsync();
            var ids = MovieBox.Read(head.MoovPayload).Tracks.Select(track => track.Id).ToHashSet();
            if (head.Layout.IsFragmented || EditedMovie.Of(head, ids) is not { } moov)
                throw new MediaException("Nothing to put together.");
            var tracks = MovieBox.Read(moov.AsMemory(BoxHeader.MinBytes)).Tracks;
            Assert.All(tracks, track => Assert.True(track.Pieces.Length == 1));
            foreach (var tables in tracks.Select(track => track.Tables))
            {
                for (var reader = new SampleReader(tables, bytes.Length); !reader.AtEnd; )
                    reader.Read();
            }
        });

    /// <summary>Whether texts of the bytes, taken for a file, can be made captions of.</summary>
    public static Task<bool> TextsAsync(byte[] bytes) =>
        AttemptAsync(async () =>
        {
            var source = new Source(bytes);
            var head = await source.HeadAsync();
            ReadTexts(source, head);
        });

    // They are read on several threads, and what is allocated is counted on this one, which therefore waits.
    static void ReadTexts(Source source, Mp4Head head)
    {
        // Chapters are no more than names: where they cannot be read there are none.
        var chapters = ChapterTexts.ReadAsync(head, source.ReadAsync, default).GetAwaiter().GetResult();
        Assert.InRange(chapters.Count, 0, Chapter.MaxPerVideo);
        var tracks = TextTrack.Find(head);
        if (tracks.IsEmpty)
            throw new MediaException("No texts.");
        foreach (var track in tracks)
            AssertReadsTheSame(Mp4Captions.Of(track.ReadAsync(source.ReadAsync, default).GetAwaiter().GetResult()));
    }

    /// <summary>Whether the bytes, taken for a file of captions, are read by any of the readers.</summary>
    public static Task<bool> CaptionsAsync(byte[] bytes) =>
        AttemptAsync(() =>
        {
            var refusals = new List<MediaException>();
            foreach (
                var read in (Func<CaptionText>[])
                    [
                        () => SubRip.Read(bytes),
                        () => WebVtt.Read(bytes),
                        () => WebVtt.ReadExtracted(bytes, isCopied: false),
                        () => WebVtt.ReadExtracted(bytes, isCopied: true),
                    ]
            )
            {
                try
                {
                    AssertReadsTheSame(read());
                }
                catch (MediaException exception)
                {
                    refusals.Add(exception);
                }
            }

            return refusals.Count == 4 ? throw refusals[0] : Task.CompletedTask;
        });

    static void AssertReadsTheSame(CaptionText captions)
    {
        var written = captions.Write();
        Assert.Equal(written, WebVtt.Read(written).Write());
    }

    static void Package(Mp4Index index, Func<MediaPart, byte[]>? read)
    {
        const int looked = 20;
        for (var track = 0; track < index.Tracks.Length; track++)
        {
            Assert.NotEmpty(InitSegment.Write(index, track));
            for (var number = 0; number < Math.Min(looked, MediaSegment.Count(index, track)); number++)
            {
                var part = MediaSegment.Find(index, track, number)!;
                Assert.All(part.Ranges, range => Assert.InRange(range.End, range.Offset, index.SourceBytes));
                if (read is null)
                    continue;
                Assert.Equal(MediaSegment.LengthOf(index, track, number), part.LengthBytes);
                Assert.Equal(part.LengthBytes, read(part).Length);
            }
        }

        VideoEncoding[] encodings = [new VideoEncoding("", new PackagedVideo(index))];
        XDocument.Parse(Mpd.Write(encodings, [], ""));
        Assert.NotEmpty(MultivariantPlaylist.Write(encodings, []) + MediaPlaylist.Write(index, 0));
        if (read is null)
            return;
        var file = new FragmentedFile(index);
        Assert.Equal(file.LengthBytes, Source.Parts(file).Sum(placed => placed.Part.LengthBytes));
    }

    static Task<bool> AttemptAsync(Func<Task> attempt) => Task.Run(() => IsGoodAsync(attempt)).WaitAsync(Longest);

    static async Task<bool> IsGoodAsync(Func<Task> attempt)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            await attempt();
            return true;
        }
        catch (MediaException)
        {
            return false;
        }
        finally
        {
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MostBytes);
        }
    }
}
