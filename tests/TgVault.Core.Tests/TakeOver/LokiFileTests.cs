using TgVault.Core.TakeOver;

namespace TgVault.Core.Tests.TakeOver;

/// <summary>The emulator's files, read document by document.</summary>
public sealed class LokiFileTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("tgvault-loki-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory(Timeout = 30_000)]
    [InlineData("{\"collections\":[{\"name\":\"tgvault$videos\",\"data\":[{\"PartitionKey\":\"a\"")]
    [InlineData("{\"collections\":[{\"name\":\"tgvault$videos\",\"data\":[{\"PartitionKey\":\"a\"}]}]}")]
    [InlineData("{\"collections\":[{\"data\":[{\"PartitionKey\":\"a\"}],\"name\":\"tgvault$videos\"}]}")]
    [InlineData("""{"collections":[{"name":"tgvault$videos","data":[{"PartitionKey":"a","RowKey":"b","properties":{"A":1.5}}]}]}""")]
    [InlineData("""{"collections":[{"name":"tgvault$videos","data":[{"PartitionKey":1,"RowKey":"b","properties":{}}]}]}""")]
    [InlineData("no JSON")]
    [InlineData("")]
    public async Task A_file_that_is_damaged_or_holds_something_else_is_refused_in_a_sentence(string content)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, EmulatorTables.FileName), content);

        var refused = await Assert.ThrowsAsync<TakeOverException>(async () =>
        {
            await foreach (var _ in new EmulatorTables(_folder, "").ReadAsync(["videos"], CancellationToken.None)) { }
        });

        Assert.Contains(EmulatorTables.FileName, refused.Message, StringComparison.Ordinal);
        Assert.Contains("nothing was changed", refused.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_document_longer_than_the_buffer_and_one_across_its_end_are_read_whole()
    {
        // Lengths around the first buffer's, so that documents end just before, at and behind its end.
        var texts = Enumerable.Range(0, 40).Select(i => new string((char)('a' + (i % 26)), (16 << 10) * (1 + (i % 7)))).ToList();
        texts.Insert(7, new string('x', 3 << 20));
        var data = string.Join(
            ',',
            texts.Select((text, i) => $$$"""{"PartitionKey":"p","RowKey":"{{{i:d4}}}","properties":{"A":"{{{text}}}"}}""")
        );
        var more = string.Join(',', Enumerable.Range(0, 200_000));
        await File.WriteAllTextAsync(
            Path.Combine(_folder, EmulatorTables.FileName),
            $$"""{"collections":[{"name":"tgvault$videos","data":[{{data}}],"idIndex":[{{more}}]}],"filename":"x"}"""
        );

        var read = new List<string>();
        await foreach (var (_, row) in new EmulatorTables(_folder, "").ReadAsync(["videos"], CancellationToken.None))
            read.Add(row.Text("A")!);

        Assert.Equal(texts, read);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_folder_without_the_file_has_no_rows()
    {
        await foreach (var _ in new EmulatorTables(_folder, "").ReadAsync(["videos"], CancellationToken.None))
            Assert.Fail("There is no row.");
    }
}
