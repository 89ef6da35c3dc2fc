using System.Collections.Immutable;
using TgVault.Core.Captioning;
using TgVault.Core.Mp4.Fragments;
using TgVault.Core.Mp4.Index;
using TgVault.Core.Playback.Budget;
using TgVault.Core.Playback.Captions;
using TgVault.Core.Playback.Dash;
using TgVault.Core.Playback.Hls;
using TgVault.Core.Playback.Open;
using TgVault.Core.Playback.Packaging;
using TgVault.Core.Videos;

namespace TgVault.Core.Playback;

/// <summary>
/// Finds by their names the files that HLS and DASH players ask for: the one place that decides what there is of a ready video, what it
/// is served as, and when it is another one. Everything of one answer comes from the row that is given. Only what has media in it opens
/// the stored file.
/// </summary>
/// <remarks>
/// All methods give null where there is no such file, and throw <see cref="MediaException"/> where the video cannot be cut into segments,
/// with a message for people, or another <see cref="VaultException"/> where chunks cannot be read or the row is not the video's any more.
/// </remarks>
public sealed class AdaptiveFiles
{
    const string SegmentsFromMpd = "../hls/";

    readonly OpenVideos _videos;
    readonly PackagedVideos _packaged;
    readonly RenditionReader _renditions;
    readonly CaptionReader _captions;

    internal AdaptiveFiles(OpenVideos videos, PackagedVideos packaged, RenditionReader renditions, CaptionReader captions)
    {
        _videos = videos;
        _packaged = packaged;
        _renditions = renditions;
        _captions = captions;
    }

    /// <summary>The HLS playlist of what there is to choose from.</summary>
    public async Task<AdaptiveFile?> FindHlsAsync(Video video, CancellationToken cancellationToken)
    {
        var text = MultivariantPlaylist.Write(await _renditions.ListAsync(video, cancellationToken), CaptionsOf(video));
        return AdaptiveFile.Of(text, MultivariantPlaylist.ContentType) with { Edition = EditionOf(video) };
    }

    /// <summary>The MPD.</summary>
    public async Task<AdaptiveFile?> FindDashAsync(Video video, CancellationToken cancellationToken)
    {
        var text = Mpd.Write(await _renditions.ListAsync(video, cancellationToken), CaptionsOf(video), SegmentsFromMpd);
        return AdaptiveFile.Of(text, Mpd.ContentType) with { Edition = EditionOf(video) };
    }

    /// <summary>A playlist, the init segment, a segment or a picture of one track of the original.</summary>
    public async Task<AdaptiveFile?> FindOfTrackAsync(Video video, string track, string name, CancellationToken cancellationToken)
    {
        var packaged = await _packaged.GetAsync(video, 0, cancellationToken);
        return SegmentNames.TrackOf(track) is { } number && number < packaged.Index.Tracks.Length
            ? await FindAsync(video, packaged.File, packaged.Index, number, name, cancellationToken)
            : null;
    }

    /// <summary>The same of a rendition, which has one track only.</summary>
    public async Task<AdaptiveFile?> FindOfRenditionAsync(
        Video video,
        string rendition,
        string track,
        string name,
        CancellationToken cancellationToken
    )
    {
        if (RenditionReader.Find(video, rendition) is not { } companion || SegmentNames.TrackOf(track) is not 0)
        {
            // Of a video that does not play at all that is said instead.
            await _packaged.GetAsync(video, 0, cancellationToken);
            return null;
        }

        var packaged = await _packaged.GetAsync(video, companion.Number, cancellationToken);
        var found = await FindAsync(video, companion.Number, packaged.Index, 0, name, cancellationToken);
        return found is null ? null : found with { Edition = EditionOf(companion) };
    }

    /// <summary>The playlist of captions in one language, a segment of them, or all of the text on the segments' timeline.</summary>
    public async Task<AdaptiveFile?> FindCaptionsAsync(Video video, string language, string name, CancellationToken cancellationToken)
    {
        var packaged = await _packaged.GetAsync(video, 0, cancellationToken);
        if (CaptionReader.Find(video, language) is not { } companion)
            return null;
        if (name == CaptionNames.Playlist)
            return AdaptiveFile.Of(MediaPlaylist.WriteCaptions(packaged), MultivariantPlaylist.ContentType);
        if (await _captions.ReadAsync(video, companion, cancellationToken) is not { } text)
            return null;
        var bytes =
            name == CaptionNames.Whole ? CaptionSegments.Whole(packaged, text)
            : CaptionNames.SegmentOf(name) is { } number ? CaptionSegments.Find(packaged, text, number)
            : null;
        return bytes is null ? null : AdaptiveFile.Of(bytes, CaptionText.ServedType) with { Edition = EditionOf(companion) };
    }

    /// <summary>The chapters as WebVTT, for a text track of this kind; their times are those of the file.</summary>
    public static AdaptiveFile? FindChapters(Video video)
    {
        if (video.Inspection.Media?.Chapters is not { IsDefaultOrEmpty: false } chapters)
            return null;
        var text = CaptionText.Of(
            chapters.Select(
                (chapter, i) =>
                    new Cue(
                        (long)(chapter.StartSeconds * 1000),
                        (long)(chapter.EndSeconds * 1000),
                        CueText.Escape(chapter.Title.Length > 0 ? chapter.Title : FormattableString.Invariant($"{i + 1}"))
                    )
            )
        );
        return AdaptiveFile.Of(text.Write(), CaptionText.ServedType);
    }

    /// <summary>All tracks of the original as one fragmented MP4.</summary>
    public async Task<AdaptiveFile?> FindFragmentedAsync(Video video, CancellationToken cancellationToken)
    {
        var packaged = await _packaged.GetAsync(video, 0, cancellationToken);
        return await _videos.OpenAsync(video, packaged.File, cancellationToken) is { } stream
            ? new AdaptiveFile(PartStream.Of(packaged.Fragmented, stream), TypeOf(packaged.Index, 0))
            : null;
    }

    async ValueTask<AdaptiveFile?> FindAsync(
        Video video,
        int file,
        Mp4Index index,
        int track,
        string name,
        CancellationToken cancellationToken
    )
    {
        switch (name)
        {
            case SegmentNames.Playlist:
                return AdaptiveFile.Of(MediaPlaylist.Write(index, track), MultivariantPlaylist.ContentType);
            case SegmentNames.PicturePlaylist when track == 0 && index.Tracks[0].Kind == MediaTrackKind.Video:
                return AdaptiveFile.Of(MediaPlaylist.WritePictures(index), MultivariantPlaylist.ContentType);
            case SegmentNames.Init:
                return AdaptiveFile.Of(InitSegment.Write(index, track), TypeOf(index, track));
        }

        if (FindPart(index, track, name) is not { } part || await _videos.OpenAsync(video, file, cancellationToken) is not { } stream)
            return null;
        return new AdaptiveFile(PartStream.Of(part, stream), TypeOf(index, track))
        {
            // Of segments, which players ask for one after the other; pictures can be asked for anywhere, and are small.
            Cost = LinkAllowance.Current is not null && SegmentNames.SegmentOf(name) is not null ? PartStream.CostOf(part, stream) : 1,
        };
    }

    static MediaPart? FindPart(Mp4Index index, int track, string name)
    {
        if (SegmentNames.SegmentOf(name) is { } segment)
            return MediaSegment.Find(index, track, segment);
        return SegmentNames.PictureOf(name) is { } picture ? MediaSegment.FindPicture(index, track, picture) : null;
    }

    static string TypeOf(Mp4Index index, int track) => index.Tracks[track].Kind == MediaTrackKind.Video ? "video/mp4" : "audio/mp4";

    static ImmutableArray<CaptionTrack> CaptionsOf(Video video) =>
        [
            .. CaptionReader
                .PlayableOf(video)
                .Select(companion => new CaptionTrack(
                    companion.Language,
                    companion.Name,
                    CaptionNames.Folder(companion.Language) + CaptionNames.Playlist,
                    SegmentsFromMpd + CaptionNames.Folder(companion.Language) + CaptionNames.Whole
                )),
        ];

    static string EditionOf(Companion companion) => $"-{companion.Number}-{AdaptiveFile.PackagingEdition}";

    // Which captions and renditions there are changes what playlists say.
    static string EditionOf(Video video) =>
        string.Concat(RenditionReader.StoredOf(video).Concat(CaptionReader.PlayableOf(video)).Select(companion => $"-{companion.Number}"))
        + $"-{AdaptiveFile.PackagingEdition}";
}
