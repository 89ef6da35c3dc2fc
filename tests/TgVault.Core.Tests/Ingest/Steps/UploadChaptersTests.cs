using System.Globalization;
using System.Text;
using TgVault.Core.Ffmpeg;
using TgVault.Core.Ffmpeg.Chapters;
using TgVault.Core.Ingest;
using TgVault.Core.Ingest.Decision;
using TgVault.Core.Ingest.Prepare;
using TgVault.Core.Ingest.Steps;
using TgVault.Core.Playback;
using TgVault.Core.Settings;
using TgVault.Core.Tests.Ingest.Rewriting;
using TgVault.Core.Videos;
using TgVault.Testing;

namespace TgVault.Core.Tests.Ingest.Steps;

/// <summary>Chapters of whatever container, from the upload to what players get.</summary>
[Collection(AzuriteCollection.Name)]
public sealed class UploadChaptersTests(AzuriteFixture azurite)
{
    static readonly Chapter[] Expected =
    [
        new(0, 0.5, "Anfang & Ende <1>"),
        new(0.5, 1.25, "日本語"),
        // Of two lines, with half of a character behind the hundredth.
        new(1.25, 2, $"a b {new string('x', 95)}"),
    ];

    [Theory(Timeout = 60_000)]
    [InlineData("-c:v libx264 -preset ultrafast", ".mp4", "")]
    [InlineData("-c:v libx264 -preset ultrafast", ".mp4", "chap")]
    [InlineData("-c:v libx264 -preset ultrafast -movflags +faststart", ".mov", "")]
    [InlineData("-vn -c:a aac", ".m4a", "chap")]
    [InlineData("-c:v libx264 -preset ultrafast", ".mkv", "")]
    [InlineData("-c:v libvpx -deadline realtime", ".webm", "")]
    [InlineData("-vn -c:a libmp3lame", ".mp3", "")]
    [InlineData("-vn -c:a libopus", ".mka", "")]
    public async Task They_are_found_in_every_container(string codecs, string extension, string hidden)
    {
        var path = await MakeAsync(Expected, codecs, extension);
        if (hidden.Length > 0)
        {
            // What names the text track goes, so that only Nero's list is left.
            var bytes = await File.ReadAllBytesAsync(path);
            Encoding.ASCII.GetBytes("none").CopyTo(bytes, bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(hidden)));
            await File.WriteAllBytesAsync(path, bytes);
        }

        var chapters = await FindAsync(path);

        Assert.Equal(Expected.Length, chapters.Count);
        foreach (var (expected, actual) in Expected.Zip(chapters))
        {
            Assert.Equal(expected.Title, actual.Title);
            // Sound may begin some milliseconds late, or last as much longer than the pictures.
            Assert.Equal(expected.StartSeconds, actual.StartSeconds, 0.03);
            Assert.Equal(expected.EndSeconds, actual.EndSeconds, 0.1);
        }
    }

    [Theory(Timeout = 60_000)]
    [InlineData(".mkv")]
    [InlineData(".mp4")]
    public async Task Many_are_kept_in_part(string extension)
    {
        var many = Enumerable
            .Range(0, 2000)
            .Select(i => new Chapter(i / 1000.0, (i + 1) / 1000.0, $"{i} {new string('t', 150)}"))
            .ToArray();

        var chapters = await FindAsync(await MakeAsync(many, "-c:v libx264 -preset ultrafast", extension));

        Assert.Equal(Chapter.MaxPerVideo, chapters.Count);
        Assert.All(chapters, chapter => Assert.InRange(chapter.Title.Length, 90, 100));
        Assert.StartsWith("255 t", chapters[^1].Title, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task An_answer_without_an_end_is_read_to_a_limit()
    {
        var folder = Directory.CreateTempSubdirectory("tgvault-probe-").FullName;
        var script = Path.Combine(folder, "ffprobe");
        await File.WriteAllTextAsync(
            script,
            """
            #!/bin/bash
            echo '{ "chapters": [ { "start_time": "0.0", "end_time": "1.0", "tags": { "title": "one" } },'
            echo '{ "start_time": "1.0", "end_time": "2.0" }, { "start_time": "x", "end_time": 7, "tags": { "title": "\ud83d" } },'
            for i in {1..2000}; do printf '{ "start_time": "2.0", "end_time": "3.0", "tags": { "title": "%01000d" } },' $i; done
            """
        );
        await Mp4Clips.RunAsync("chmod", $"u+x {script}");

        var chapters = await new ChapterProbe(new FfmpegTools(new FfmpegSettings { Folder = folder })).ReadAsync(
            "x",
            CancellationToken.None
        );

        Assert.Equal([new Chapter(0, 1, "one"), new Chapter(1, 2, "")], chapters.Take(2));
        Assert.InRange(chapters.Count, 2, Chapter.MaxPerVideo);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void They_are_put_in_order_and_what_cannot_be_is_left_out()
    {
        var chapters = Chapter.InOrder(
            [
                new(5, 5, "last"),
                new(double.NaN, 1, "never"),
                new(2, 9, "second"),
                new(-1, 2, "first"),
                new(50, 60, "behind the end"),
                new(2, 9, "third"),
            ],
            10
        );

        Assert.Equal([new Chapter(0, 2, "first"), new(2, 5, "third"), new(5, 10, "last")], chapters!.Value.ToArray());
        Assert.Null(Chapter.InOrder([new(1, 1, "of no length")], 0));
    }

    [Theory(Timeout = 120_000)]
    [InlineData(".mp4")]
    [InlineData(".mkv")]
    public async Task Players_get_them_as_WebVTT(string extension)
    {
        var path = await MakeAsync(Expected, "-c:v libx264 -preset ultrafast", extension);
        await using var bench = await IngestBench.OpenAsync(azurite);
        var (id, arrived) = await bench.UploadAsync("film" + extension, await File.ReadAllBytesAsync(path));

        Assert.Equal(StepResult.Done, (await bench.RunAsync(arrived)).Result);

        var video = await bench.ShowAsync(id);
        Assert.Equal(3, video.Inspection.Media!.Chapters!.Value.Length);
        Assert.Null(video.Files.Prepared!.Media!.Chapters);
        var file = AdaptiveFiles.FindChapters(video)!;
        using var reader = new StreamReader(file.Content);
        var text = await reader.ReadToEndAsync();
        Assert.StartsWith("WEBVTT\n\n00:00:00.000 --> 00:00:00.500\nAnfang &amp; Ende &lt;1&gt;\n\n", text, StringComparison.Ordinal);
        Assert.Contains("00:00:00.500 --> 00:00:01.250\n日本語\n", text, StringComparison.Ordinal);
    }

    static async Task<string> MakeAsync(Chapter[] chapters, string codecs, string extension)
    {
        var text = new StringBuilder(";FFMETADATA1\n");
        foreach (var chapter in chapters)
        {
            var title = chapter.Title.StartsWith("a b", StringComparison.Ordinal)
                ? $"a\\\nb {new string('x', 95)}😀"
                : chapter.Title.Replace(";", "\\;", StringComparison.Ordinal);
            text.Append(
                CultureInfo.InvariantCulture,
                $"[CHAPTER]\nTIMEBASE=1/1000\nSTART={chapter.StartSeconds * 1000:F0}\nEND={chapter.EndSeconds * 1000:F0}\ntitle={title}\n"
            );
        }

        var list = Mp4Clips.NewPath(".txt");
        await File.WriteAllTextAsync(list, text.ToString());
        return await Rewriter.MakeAsync(
            $"{Rewriter.Picture} {Rewriter.Tone} -i {list} -map_metadata 2 -map_chapters 2 {codecs} -shortest",
            extension
        );
    }

    static async Task<IReadOnlyList<Chapter>> FindAsync(string path)
    {
        await using var file = LocalCopy.OpenToRead(path);
        var read = LocalCopy.ReaderOf(file);
        return await UploadChapters.FindAsync(
                new ChapterProbe(new FfmpegTools(new FfmpegSettings())),
                path,
                await UploadEvidence.ReadAsync(read, file.Length, CancellationToken.None),
                read,
                await Rewriter.ProbeAsync(path),
                CancellationToken.None
            ) ?? [];
    }
}
