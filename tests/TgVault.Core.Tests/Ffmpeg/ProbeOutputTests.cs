using System.Text;
using System.Text.Json;
using TgVault.Core.Ffmpeg;

namespace TgVault.Core.Tests.Ffmpeg;

/// <summary>Whatever is cut out of what ffprobe prints, the rest is JSON.</summary>
public sealed class ProbeOutputTests
{
    [Theory(Timeout = 60_000)]
    [InlineData("\\\"")]
    [InlineData("\\\\")]
    [InlineData("\\u001f")]
    [InlineData("\u20ac")]
    [InlineData("\U0001f3ac")]
    public async Task A_long_string_is_cut_between_characters(string character)
    {
        const int most = 2048;
        for (var before = 0; before < 12; before++)
        {
            var json = $$"""{"a":"{{new string('x', before)}}{{string.Concat(Enumerable.Repeat(character, 4000))}}","b":"after"}""";

            var kept = await ProbeOutput.ReadAsync(new MemoryStream(Encoding.UTF8.GetBytes(json)), CancellationToken.None);

            var whole = JsonSerializer.Deserialize<Dictionary<string, string>>(json)!;
            var read = JsonSerializer.Deserialize<Dictionary<string, string>>(kept.Span)!;
            Assert.Equal("after", read["b"]);
            Assert.StartsWith(read["a"], whole["a"], StringComparison.Ordinal);
            Assert.InRange(kept.Length, most, most + 40);
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task What_is_short_is_kept_to_the_byte()
    {
        var json = Encoding.UTF8.GetBytes($$"""{ "a\"": [ "{{new string('x', 2000)}}", "\\", "\n\u001f€" ], "b": 1 }""");

        var kept = await ProbeOutput.ReadAsync(new MemoryStream(json), CancellationToken.None);

        Assert.Equal(json, kept.ToArray());
    }
}
