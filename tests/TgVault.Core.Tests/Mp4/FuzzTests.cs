using System.Diagnostics;
using System.Globalization;
using TgVault.Core.Mp4.Index;
using Xunit.Abstractions;

namespace TgVault.Core.Tests.Mp4;

/// <summary>
/// Whatever bytes come in, reading ends in a result that holds or in MediaException.
/// Starts from the small files in Corpus, to which every finding is added. The run is short here; <c>TGVAULT_FUZZ_SECONDS=600</c> makes it
/// long, from other seeds each time; TGVAULT_FUZZ_FINDINGS names a folder for what it finds.
/// </summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    const int ShortRun = 6000;

    static readonly string[] Cases =
    [
        .. Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Mp4", "Corpus")).Order(StringComparer.Ordinal),
    ];

    [Fact(Timeout = 60_000)]
    public async Task Every_case_of_the_corpus_ends_in_a_result_or_a_refusal()
    {
        Assert.NotEmpty(Cases);
        foreach (var path in Cases)
        {
            var bytes = await File.ReadAllBytesAsync(path);
            await Exercise.RelocationAsync(bytes);
            await Exercise.PackagingAsync(bytes);
            await Exercise.IndexAsync(bytes);
        }
    }

    [Fact(Timeout = 7_200_000)]
    public async Task Damaged_files_are_relocated_cut_into_segments_or_refused()
    {
        var files = new List<byte[]>();
        var indexes = new List<byte[]>();
        foreach (var path in Cases)
        {
            files.Add(await File.ReadAllBytesAsync(path));
            if (await Exercise.PackagingAsync(files[^1]))
                indexes.Add((await Mp4Index.BuildAsync(new Source(files[^1]).ReadAsync, files[^1].Length, default)).Encode());
        }

        var seconds = int.Parse(Environment.GetEnvironmentVariable("TGVAULT_FUZZ_SECONDS") ?? "0", CultureInfo.InvariantCulture);
        var first = seconds > 0 ? Random.Shared.Next(1 << 30) : 0;
        var clock = Stopwatch.StartNew();
        var outcomes = new (int Good, int Refused)[3];
        var seed = first;
        for (; seed - first < ShortRun || clock.Elapsed.TotalSeconds < seconds; seed++)
        {
            var kind = seed % 3;
            var sources = kind == 2 ? indexes : files;
            var original = sources[new Random(seed).Next(sources.Count)];
            var damaged = Mutation.Apply(original, 0, original.Length, seed);
            if (await TryAsync(kind, damaged, seed))
                outcomes[kind].Good++;
            else
                outcomes[kind].Refused++;
        }

        output.WriteLine(
            $"{seed - first} executions from seed {first} in {clock.Elapsed.TotalSeconds:F0} s; good and refused: relocation "
                + $"{outcomes[0]}, packaging {outcomes[1]}, index {outcomes[2]}"
        );
        // Both outcomes must occur, or the damage is too mild or too harsh to test anything.
        Assert.All(
            outcomes,
            outcome => Assert.InRange(outcome.Refused, (outcome.Good + outcome.Refused) / 20, (outcome.Good + outcome.Refused) * 19 / 20)
        );
    }

    static async Task<bool> TryAsync(int kind, byte[] damaged, int seed)
    {
        try
        {
            return kind switch
            {
                0 => await Exercise.RelocationAsync(damaged),
                1 => await Exercise.PackagingAsync(damaged),
                _ => await Exercise.IndexAsync(damaged),
            };
        }
        catch (Exception exception)
        {
            if (Environment.GetEnvironmentVariable("TGVAULT_FUZZ_FINDINGS") is { Length: > 0 } folder)
                await File.WriteAllBytesAsync(Path.Combine(folder, $"{kind}-{seed}.bin"), damaged);
            Assert.Fail($"Seed {seed}, kind {kind}: {exception}");
            throw;
        }
    }
}
