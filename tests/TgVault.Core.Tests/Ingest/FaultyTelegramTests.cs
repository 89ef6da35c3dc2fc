using TgVault.BotApi.Faults;
using TgVault.Core.Settings;
using TgVault.Core.Tests.Telegram;
using TgVault.Core.Videos;
using TgVault.Testing;

namespace TgVault.Core.Tests.Ingest;

/// <summary>Ingest and playback over the Bot API while it fails: nothing is lost, nothing wrong is given out.</summary>
[Collection(AzuriteCollection.Name)]
public sealed class FaultyTelegramTests(AzuriteFixture azurite) : IAsyncLifetime
{
    const int Uploads = 50;
    const int AtOnce = 5;

    StandIn _standIn = null!;

    public async Task InitializeAsync() => _standIn = await StandIn.StartAsync();

    public Task DisposeAsync() => _standIn.DisposeAsync().AsTask();

    [Fact(Timeout = 300_000)]
    public async Task With_one_call_in_twenty_failing_fifty_uploads_all_end_ready_and_play()
    {
        await using var bench = await IngestBench.OpenAsync(
            azurite,
            settings =>
                settings with
                {
                    Telegram = _standIn.Settings(StandIn.FirstToken, StandIn.SecondToken) with { TimeoutSeconds = 5 },
                    Ingest = new IngestSettings { Parallelism = 3 },
                },
            overTelegram: true
        );
        FaultKind[] kinds =
        [
            FaultKind.TooManyRequests,
            FaultKind.TooManyRequestsAs400,
            FaultKind.BadGateway,
            FaultKind.BadGatewayHtml,
            FaultKind.StoredThenTimeout,
            FaultKind.TruncatedBody,
            FaultKind.RangeIgnored,
        ];
        for (var i = 0; i < kinds.Length; i++)
        {
            var oneOfThem = new Fault
            {
                Kind = kinds[i],
                Probability = 0.05 / kinds.Length,
                Seed = i + 1,
                RetryAfterSeconds = 1,
                DelaySeconds = 0.2,
            };
            // A body cut short or a range ignored is a matter of downloads.
            _standIn.Server.Faults.Add(
                kinds[i] is FaultKind.TruncatedBody or FaultKind.RangeIgnored
                    ? oneOfThem with
                    {
                        Method = Fault.FileGet,
                        Probability = 0.05,
                    }
                    : oneOfThem
            );
        }

        var played = new bool[Uploads];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, Uploads),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce },
            async (number, _) =>
            {
                var content = Content(number);
                var (id, arrived) = await bench.UploadAsync($"file {number}.bin", content);
                await bench.RunAsync(arrived, CancellationToken.None);
                var back = await bench.PlayAsync(id);
                played[number] = (await bench.ShowAsync(id)).Life.Status == VideoStatus.Ready && content.AsSpan().SequenceEqual(back);
            }
        );

        Assert.All(played, Assert.True);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_bit_that_flips_again_ends_reading_with_video_chunk_and_offset_and_gives_no_wrong_byte()
    {
        await using var bench = await IngestBench.OpenAsync(
            azurite,
            settings => settings with { Telegram = _standIn.Settings() },
            overTelegram: true
        );
        var content = Content(0);
        var (id, arrived) = await bench.UploadAsync("file.bin", content);
        await bench.RunAsync(arrived);
        _standIn.Server.Faults.Add(
            new Fault
            {
                Kind = FaultKind.FlippedBit,
                Method = Fault.FileGet,
                Times = 2,
            }
        );

        var failure = await Assert.ThrowsAsync<IntegrityException>(() => bench.PlayAsync(id));

        Assert.Contains(id.ToString(), failure.Message, StringComparison.Ordinal);
        Assert.Contains("chunk 0", failure.Message, StringComparison.Ordinal);
        Assert.Contains("offset", failure.Message, StringComparison.Ordinal);
        // It was the way, not the document; once, it is looked at again.
        Assert.Equal(content, await bench.PlayAsync(id));
        _standIn.Server.Faults.Add(
            new Fault
            {
                Kind = FaultKind.FlippedBit,
                Method = Fault.FileGet,
                Times = 1,
            }
        );
        Assert.Equal(content, await bench.PlayAsync(id));
    }

    static byte[] Content(int seed)
    {
        var content = new byte[150_000 + (seed * 1000)];
        new Random(seed).NextBytes(content);
        return content;
    }
}
