using System.Text;
using TgVault.Core.Mp4.Boxes;
using TgVault.Core.Mp4.Movie;
using TgVault.Core.Videos;

namespace TgVault.Core.Mp4.Text;

/// <summary>
/// The chapters of an MP4: of a text track that others name as theirs (QuickTime's tref, 'chap'), or else of Nero's list (udta, 'chpl').
/// </summary>
static class ChapterTexts
{
    // Nero counts in units of 100 ns.
    const double UnitsPerSecond = 10_000_000;

    /// <summary>At most <see cref="Chapter.MaxPerVideo"/> of them; none where there are none, or where they cannot be read.</summary>
    public static async Task<IReadOnlyList<Chapter>> ReadAsync(Mp4Head head, ReadRange read, CancellationToken cancellationToken)
    {
        try
        {
            if (!head.Layout.IsFragmented && TextTrack.FindChapters(head) is { } track)
            {
                var texts = await track.ReadAsync(read, cancellationToken, Chapter.MaxPerVideo);
                return [.. texts.Select(text => new Chapter(text.StartMilliseconds / 1e3, text.EndMilliseconds / 1e3, text.Sample.Text))];
            }
        }
        catch (MediaException)
        {
            // They are no more than names: the list may have them still.
        }

        try
        {
            return ReadList(head.MoovPayload);
        }
        catch (MediaException)
        {
            return [];
        }
    }

    static List<Chapter> ReadList(ReadOnlyMemory<byte> moov)
    {
        var chapters = new List<Chapter>();
        if (TrackBox.Find(moov, BoxType.Udta) is not { } udta || TrackBox.Find(udta, BoxType.Chpl) is not { } chpl)
            return chapters;
        var fields = new BoxFields(BoxType.Chpl, chpl.Span).ReadVersion();
        // A reserved byte was never written by the older version.
        if (fields.Version != 0)
            fields.Skip(4);
        var count = fields.UInt8();
        for (var i = 0; i < count; i++)
        {
            var start = fields.UInt64() / UnitsPerSecond;
            var title = Encoding.UTF8.GetString(fields.Take(fields.UInt8()));
            // Ends are not told: each lasts until the next one.
            chapters.Add(new Chapter(start, start, title));
        }

        return chapters;
    }
}
