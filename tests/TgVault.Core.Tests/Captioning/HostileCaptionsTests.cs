using System.Text;
using TgVault.Core.Captioning;

namespace TgVault.Core.Tests.Captioning;

/// <summary>Whatever is sent as captions ends in captions or in a sentence for a person, in little time and memory.</summary>
public sealed class HostileCaptionsTests
{
    const string Timing = "00:00:01,000 --> 00:00:02,000\n";

    // Made when a test asks: the runner would print and pass on what theories get.
    static readonly (string What, Func<byte[]> Make, string Expected)[] Files =
    [
        ("too large", () => new byte[CaptionText.MaxBytes + 1], "larger than 4 MiB"),
        ("zero bytes", () => Bytes($"1\n{Timing}a\0b\n"), "Line 3: this is no text"),
        ("UTF-16", () => [0xFF, 0xFE, .. Encoding.Unicode.GetBytes("1\n")], "UTF-16"),
        (
            "Latin-1",
            () => Encoding.Latin1.GetBytes($"1\r\n{Timing}Gr\u00FC\u00DFe\r\n"),
            "Line 3: the captions are not in UTF-8 (byte 0xFC)"
        ),
        ("a surrogate in UTF-8", () => [.. Bytes($"1\n{Timing}"), 0xED, 0xA0, 0x80], "Line 3: the captions are not in UTF-8"),
        ("cut inside a character", () => [.. Bytes($"1\n{Timing}a"), 0xE2, 0x82], "Line 3: the captions are not in UTF-8"),
        ("a huge line", () => Bytes($"1\n{Timing}{new string('x', 1_000_000)}"), "Line 3 is longer than 10000 characters"),
        ("a million texts", () => Bytes(string.Concat(Enumerable.Repeat($"{Timing}a\n", 120_000))), "more than 50000 texts"),
        ("nothing but tags", () => Bytes($"1\n{Timing}{string.Concat(Enumerable.Repeat(new string('<', 9_999) + "\n", 400))}"), ""),
        (
            "nothing but overrides",
            () => Bytes($"1\n{Timing}{string.Concat(Enumerable.Repeat(string.Concat(Enumerable.Repeat("{\\", 4_999)) + "\n", 400))}"),
            ""
        ),
        ("nothing but blank lines", () => Bytes(new string('\n', CaptionText.MaxBytes)), "no text in it to show"),
        ("nothing but numbers", () => Bytes(string.Concat(Enumerable.Repeat("1\n", CaptionText.MaxBytes / 2))), "no text in it to show"),
        ("nothing but arrows", () => Bytes(string.Concat(Enumerable.Repeat("-->\n", CaptionText.MaxBytes / 4))), "Line 1"),
        ("a text of a million lines", () => Bytes($"1\n{Timing}{string.Concat(Enumerable.Repeat("a\n\n", 1_000_000))}"), ""),
    ];

    public static TheoryData<string> Names => [.. Files.Select(file => file.What)];

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Names))]
    public async Task Hostile_captions_end_soon(string what)
    {
        var (_, make, expected) = Array.Find(Files, file => file.What == what);
        var file = make();

        // On a thread of its own, so that the time limit of the test ends it: quadratic time would be hours.
        var (exception, allocated) = await Task.Run(() =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var thrown = Record.Exception(() => SubRip.Read(file));
            return (thrown, GC.GetAllocatedBytesForCurrentThread() - before);
        });

        Assert.True(allocated < 1 << 30, what);
        if (expected.Length == 0)
            Assert.Null(exception);
        else
            Assert.Contains(expected, Assert.IsType<MediaException>(exception).Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task Whatever_is_read_is_written_so_that_it_reads_the_same()
    {
        string[] pieces =
        [
            "WEBVTT",
            "\n",
            "\n\n",
            "\r\n",
            "\r",
            "00:01.000 --> 00:02.000",
            "00:00:03,000 --> 00:00:04,500",
            "1",
            "NOTE",
            "STYLE",
            "REGION",
            "-->",
            "<i>",
            "</i>",
            "&",
            "\u2028",
            "\u0085",
            " ",
            "\t",
            "line:0",
            "{\\an8}",
            "text",
            "🎬",
            "00:05.000 --> 00:01.000",
            "\0",
            "\u00A0",
        ];
        var random = new Random(11);
        var read = 0;
        for (var i = 0; i < 10_000; i++)
        {
            var text =
                (random.Next(3) > 0 ? "WEBVTT\n\n00:01.000 --> 00:02.000\n" : "")
                + string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => pieces[random.Next(pieces.Length)]));
            foreach (
                var reader in (Func<byte[], CaptionText>[])
                    [
                        bytes => WebVtt.Read(bytes),
                        bytes => SubRip.Read(bytes),
                        bytes => WebVtt.ReadExtracted(bytes, false),
                        bytes => WebVtt.ReadExtracted(bytes, true),
                    ]
            )
            {
                CaptionText captions;
                try
                {
                    captions = reader(Bytes(text));
                }
                catch (MediaException)
                {
                    continue;
                }

                read++;
                var written = captions.Write();
                Assert.True(WebVtt.Read(written).Write().AsSpan().SequenceEqual(written), text);
            }
        }

        Assert.InRange(read, 5_000, 40_000);
        await Task.CompletedTask;
    }

    static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
