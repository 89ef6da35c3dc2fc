using System.Diagnostics;
using System.Globalization;
using TgVault.Core.Mp4.Index;
using Xunit.Abstractions;

namespace TgVault.Core.Tests.Mp4;

/// <summary>
/// Whatever bytes come in, reading ends in a result that holds or in MediaException.
/// Starts from the small files in both folders Corpus (MP4, captions), to which every finding is added. The run is short here;
/// <c>TGVAULT_FUZZ_SECONDS=600</c> makes it long, from other seeds each time; TGVAULT_FUZZ_FINDINGS names a folder for what it finds.
/// </summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    const int ShortRun = 12_000;

    static readonly string[] Cases = FilesOf("Mp4");

    static readonly (string Name, Func<byte[], Task<bool>> Attempt)[] Kinds =
    [
        ("relocation", Exercise.RelocationAsync),
        ("packaging", Exercise.PackagingAsync),
        ("index", Exercise.IndexAsync),
        ("edits", Exercise.EditsAsync),
        ("texts", Exercise.TextsAsync),
        ("captions", Exercise.CaptionsAsync),
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
            await Exercise.EditsAsync(bytes);
            await Exercise.TextsAsync(bytes);
        }

        foreach (var path in FilesOf("Captioning"))
            Assert.True(await Exercise.CaptionsAsync(await File.ReadAllBytesAsync(path)), path);
    }

    [Fact(Timeout = 7_200_000)]
    public async Task Damaged_files_are_read_or_refused()
    {
        var sources = await SourcesAsync();
        var seconds = int.Parse(Environment.GetEnvironmentVariable("TGVAULT_FUZZ_SECONDS") ?? "0", CultureInfo.InvariantCulture);
        var first = seconds > 0 ? Random.Shared.Next(1 << 30) : 0;
        var clock = Stopwatch.StartNew();
        var outcomes = new (int Good, int Refused)[Kinds.Length];
        var seed = first;
        for (; seed - first < ShortRun || clock.Elapsed.TotalSeconds < seconds; seed++)
        {
            var kind = seed % Kinds.Length;
            var original = sources[kind][new Random(seed).Next(sources[kind].Count)];
            var damaged = Mutation.Apply(original, 0, original.Length, seed);
            if (await TryAsync(kind, damaged, seed))
                outcomes[kind].Good++;
            else
                outcomes[kind].Refused++;
        }

        output.WriteLine(
            $"{seed - first} executions from seed {first} in {clock.Elapsed.TotalSeconds:F0} s; good and refused: "
                + string.Join(", ", Kinds.Zip(outcomes, (kind, outcome) => $"{kind.Name} {outcome}"))
        );
        // Both outcomes must occur, or the damage is too mild or too harsh to test anything.
        Assert.All(
            outcomes,
            outcome => Assert.InRange(outcome.Refused, (outcome.Good + outcome.Refused) / 20, (outcome.Good + outcome.Refused) * 19 / 20)
        );
    }

    static async Task<List<byte[]>[]> SourcesAsync()
    {
        var files = await ReadAllAsync(Cases);
        List<byte[]> indexes = [],
            edited = [],
            texts = [];
        foreach (var file in files)
        {
            if (await Exercise.PackagingAsync(file))
                indexes.Add((await Mp4Index.BuildAsync(new Source(file).ReadAsync, file.Length, default)).Encode());
            if (await Exercise.EditsAsync(file))
                edited.Add(file);
            if (await Exercise.TextsAsync(file))
                texts.Add(file);
        }

        return [files, files, indexes, edited, texts, await ReadAllAsync(FilesOf("Captioning"))];
    }

    static async Task<List<byte[]>> ReadAllAsync(string[] paths)
    {
        var files = new List<byte[]>();
        foreach (var path in paths)
            files.Add(await File.ReadAllBytesAsync(path));
        return files;
    }

    static string[] FilesOf(string folder) =>
        [.. Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, folder, "Corpus")).Order(StringComparer.Ordinal)];

    static async Task<bool> TryAsync(int kind, byte[] damaged, int seed)
    {
        try
        {
            return await Kinds[kind].Attempt(damaged);
        }
        catch (Exception exception)
        {
            var name = Kinds[kind].Name;
            if (Environment.GetEnvironmentVariable("TGVAULT_FUZZ_FINDINGS") is { Length: > 0 } folder)
                await File.WriteAllBytesAsync(Path.Combine(folder, $"{name}-{seed}.bin"), damaged);
            Assert.Fail($"Seed {seed}, {name}: {exception}");
            throw;
        }
    }
}
