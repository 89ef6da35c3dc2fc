using TgVault.Browser.Tests.Kinds;

namespace TgVault.Browser.Tests.Programs;

/// <summary>VLC plays the file, the fragmented file, HLS and DASH.</summary>
[Collection(KindCollection.Name)]
public sealed class VlcTests(KindVault vault)
{
    [Theory(Timeout = 240_000)]
    [InlineData("moov-last.mp4")]
    [InlineData("h264-ac3.mkv")]
    public async Task It_begins_at_the_start_goes_anywhere_and_plays_to_the_end(string name)
    {
        var kind = KindTable.All.Single(kind => kind.Name == name);
        var root = await vault.RootAsync(kind);
        int[] places = [6, 2, 8];

        foreach (var path in Way.All.Select(way => way.Path).Distinct())
        {
            var runs = RunsOf(await Vlc.LookAsync(root + path, places));

            Assert.True(runs.Count == places.Length + 1, $"{path}: {string.Join(", ", runs.Select(run => $"{run[0]} to {run[^1]}"))}");
            Assert.All(
                runs.Zip([0, .. places]),
                run =>
                {
                    // On a busy machine it leaves out pictures that come too late.
                    var wanted = run.Second * (int)kind.Rate;
                    Assert.InRange(run.First[0], Math.Max(0, wanted - 1), wanted + (int)(kind.Rate / 2));
                }
            );
            Assert.InRange(runs[^1][^1], kind.PictureAt(1).Number - 3, kind.PictureAt(1).Number);
        }
    }

    // Pictures that follow one another, save for some that are left out.
    static List<List<int>> RunsOf(IEnumerable<int> numbers)
    {
        const int mostLeftOut = 25;
        var runs = new List<List<int>>();
        foreach (var number in numbers)
        {
            if (runs.Count > 0 && number - runs[^1][^1] is >= 0 and <= mostLeftOut)
                runs[^1].Add(number);
            else
                runs.Add([number]);
        }

        return runs;
    }
}
