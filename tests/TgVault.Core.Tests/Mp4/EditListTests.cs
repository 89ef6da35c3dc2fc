using TgVault.Core.Mp4.Movie;

namespace TgVault.Core.Tests.Mp4;

/// <summary>ISO 14496-12 §8.6.6, in a movie of 1000 ticks a second and a track of 15360.</summary>
public sealed class EditListTests
{
    const int Normal = 0x10000;

    public static TheoryData<int[], long, long, long?> Honoured =>
        new()
        {
            // Entries of length, media time and rate; then the delay, the first media time shown, and how much is shown.
            { [1000, 0, Normal], 0, 0, 15360 },
            { [1000, 1024, Normal], 0, 1024, 15360 },
            // An empty edit first delays the track, to the nearest tick.
            { [66, -1, Normal, 1000, 1024, Normal], 1014, 1024, 15360 },
            { [66, -1, Normal, 34, -1, Normal, 1000, 0, Normal], 1536, 0, 15360 },
            // An edit that goes on where the one before ended is the same.
            { [1000, 0, Normal, 500, 15360, Normal], 0, 0, 23040 },
            { [1000, 0, Normal, 500, 15361, Normal, 1000, 23040, Normal], 0, 0, 38400 },
            // An empty edit at the end shows nothing more.
            { [1000, 0, Normal, 500, -1, Normal], 0, 0, 15360 },
            { [500, -1, Normal], 7680, 0, null },
            { [], 0, 0, null },
        };

    [Theory]
    [MemberData(nameof(Honoured))]
    public void What_an_edit_list_shows_is_what_is_shown(int[] entries, long delay, long mediaStart, long? length)
    {
        var narrow = EditList.Read(
            [.. Source.Bytes(0), .. Source.Bytes(entries.Length / 3), .. entries.SelectMany(number => Source.Bytes(number))],
            1000,
            15360
        );
        // Version 1 has 64 bits for length and media time.
        var wide = EditList.Read(
            [
                .. Source.Bytes(0x0100_0000),
                .. Source.Bytes(entries.Length / 3),
                .. entries.SelectMany((number, i) => i % 3 == 2 ? Source.Bytes(number) : Source.Bytes((long)number)),
            ],
            1000,
            15360
        );

        Assert.Equal(new EditList(delay, mediaStart, length) { TickLength = 16 }, narrow);
        Assert.Equal(narrow, wide);
    }

    public static TheoryData<int[], string> Refused =>
        new()
        {
            { [1000, 0, Normal, 1000, 46080, Normal], "several pieces" },
            { [1000, 46080, Normal, 1000, 0, Normal], "several pieces" },
            { [1000, 0, Normal, 500, -1, Normal, 1000, 15360, Normal], "several pieces" },
            // A length of 0 means to the end, so nothing can follow.
            { [0, 0, Normal, 1000, 0, Normal], "several pieces" },
            { [1000, 0, 0], "another speed" },
            { [1000, 0, Normal / 2], "another speed" },
            { [1000, -2, Normal], "out of range" },
        };

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_cannot_be_shown_by_segments_is_refused_with_the_reason(int[] entries, string reason)
    {
        byte[] elst = [.. Source.Bytes(0), .. Source.Bytes(entries.Length / 3), .. entries.SelectMany(number => Source.Bytes(number))];

        var refusal = Assert.Throws<MediaException>(() => EditList.Read(elst, 1000, 15360));

        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
    }
}
