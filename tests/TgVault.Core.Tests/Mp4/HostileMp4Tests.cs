using System.Diagnostics;
using System.Globalization;
using TgVault.Testing;

namespace TgVault.Core.Tests.Mp4;

/// <summary>
/// Whatever bytes come in, reading ends in a result that holds or in MediaException. The run is short here;
/// <c>TGVAULT_FUZZ_SECONDS=600</c> makes it long, from another seed each time.
/// </summary>
public sealed class HostileMp4Tests
{
    [Fact(Timeout = 3_600_000)]
    public async Task Damaged_files_are_relocated_rightly_or_refused()
    {
        var clip = await File.ReadAllBytesAsync(await Mp4Clips.PathAsync("second.mp4"));
        var layout = await new Source(clip).LayoutAsync();
        var moov = clip[(int)layout.Moov.Offset..(int)layout.Moov.End];
        // moov behind mdat, so that relocation has something to do.
        byte[] original = [.. clip[..(int)layout.Moov.Offset], .. clip[(int)layout.Moov.End..], .. moov];

        await ForSeedsAsync(4000, async seed =>
        {
            var source = new Source(Mutation.Apply(original, original.Length - moov.Length, original.Length, seed));
            var relocation = await source.RelocateAsync();
            var result = new Source([.. relocation.Head.ToArray(), .. relocation.Media.SelectMany(source.Read)]);
            Assert.Equal(relocation.LengthBytes, result.LengthBytes);
            Assert.True((await result.LayoutAsync()).IsFaststart);
            // What is in place already does not move again: every offset still points into the same media.
            Assert.Equal(relocation.Head.ToArray(), (await result.RelocateAsync()).Head.ToArray());
        });
    }

    static async Task ForSeedsAsync(int count, Func<int, Task> attempt)
    {
        var seconds = int.Parse(Environment.GetEnvironmentVariable("TGVAULT_FUZZ_SECONDS") ?? "0", CultureInfo.InvariantCulture);
        var first = seconds > 0 ? Random.Shared.Next(1 << 30) : 0;
        var clock = Stopwatch.StartNew();
        var refused = 0;
        var seed = first;
        for (; seed - first < count || clock.Elapsed.TotalSeconds < seconds; seed++)
        {
            try
            {
                await attempt(seed);
            }
            catch (MediaException)
            {
                refused++;
            }
            catch (Exception exception)
            {
                Assert.Fail($"Seed {seed}: {exception}");
            }
        }

        // Both outcomes must occur, or the damage is too mild or too harsh to test anything.
        Assert.InRange(refused, (seed - first) / 20, (seed - first) * 19 / 20);
    }
}
