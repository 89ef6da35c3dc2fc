using TgVault.BotApi;
using TgVault.BotApi.Faults;
using TgVault.Core.Library;
using TgVault.Core.Playback.Open;
using TgVault.Core.Recovery;
using TgVault.Core.Replicas.Copies;
using TgVault.Core.Settings;
using TgVault.Core.Tests.Ingest;
using TgVault.Core.Tests.Telegram;
using TgVault.Core.Upkeep;
using TgVault.Core.Videos;
using TgVault.Testing;
using TgVault.Testing.Playback;

namespace TgVault.Core.Tests.Replicas;

/// <summary>Copies stand in for what is lost, are looked at, and are made anew.</summary>
[Collection(AzuriteCollection.Name)]
public sealed class CopyCheckTests(AzuriteFixture azurite) : IAsyncLifetime
{
    readonly ReplicaBench _replicas = new(azurite);

    public Task InitializeAsync() => _replicas.StartAsync();

    public Task DisposeAsync() => _replicas.StopAsync();

    [Fact(Timeout = 120_000)]
    public async Task A_channel_that_is_gone_in_the_middle_of_a_film_is_not_missed()
    {
        await using var bench = await _replicas.OpenAsync();
        var id = await _replicas.StoreAsync(bench, 12);
        Assert.True(await bench.Get<Replication>().RunAsync(CancellationToken.None));
        await using var stream = (await bench.Get<OpenVideos>().OpenAsync(id, CancellationToken.None))!;
        var played = new byte[_replicas.Uploads[id].Length];
        await stream.ReadExactlyAsync(played.AsMemory(0, 100_000));

        for (var number = 0; number < 12; number++)
            await _replicas.LoseAsync(bench, id, number);
        await stream.ReadExactlyAsync(played.AsMemory(100_000));

        Assert.Equal(_replicas.Uploads[id], played);
    }

    [Theory(Timeout = 120_000)]
    [InlineData(FaultKind.FlippedBit)]
    [InlineData(FaultKind.BadGateway)]
    [InlineData(FaultKind.TooManyRequests)]
    public async Task What_does_not_open_or_does_not_come_is_read_from_the_replica(FaultKind kind)
    {
        await using var bench = await _replicas.OpenAsync();
        var id = await _replicas.StoreAsync(bench, 3);
        Assert.True(await bench.Get<Replication>().RunAsync(CancellationToken.None));
        _replicas.StandIn.Server.Faults.Add(
            new Fault
            {
                Kind = kind,
                Method = kind == FaultKind.FlippedBit ? Fault.FileGet : "getFile",
                AtByte = 500,
                RetryAfterSeconds = 600,
            }
        );

        Assert.Equal(_replicas.Uploads[id], await ReplicaBench.PlayAsync(bench, id));
    }

    [Fact(Timeout = 120_000)]
    public async Task A_copy_that_is_damaged_is_never_given_out()
    {
        await using var bench = await _replicas.OpenAsync();
        var id = await _replicas.StoreAsync(bench, 1);
        Assert.True(await bench.Get<Replication>().RunAsync(CancellationToken.None));
        Flip($"videos/{id}/1/0-00000.tgvc", 1000);

        Assert.Equal(_replicas.Uploads[id], await ReplicaBench.PlayAsync(bench, id));
        await _replicas.LoseAsync(bench, id, 0);
        await using var fresh = await _replicas.OpenAsync(storage: bench.Get<VaultSettings>());
        await Assert.ThrowsAnyAsync<VaultException>(() => ReplicaBench.PlayAsync(fresh, id));
    }

    [Fact(Timeout = 120_000)]
    public async Task What_is_lost_is_named_certain_at_the_second_look_and_made_anew_with_nothing_else_touched()
    {
        var replica = new BrokenReplica(_replicas.Replica);
        await using var bench = await _replicas.OpenAsync(replica);
        var id = await _replicas.StoreAsync(bench, 6);
        Assert.True(await bench.Get<Replication>().RunAsync(CancellationToken.None));
        var untouched = (await RecordsAsync(bench, id)).Where(record => record.Number.Value != 2).ToList();
        await _replicas.LoseAsync(bench, id, 2);
        File.Delete(_replicas.PathOf($"videos/{id}/1/0-00005.tgvc"));
        replica.Written.Clear();

        var first = await ReplicaBench.CheckAsync(bench, id, CopyDepth.Whole);

        Assert.Equal(6, first.Chunks);
        Assert.Equal((6, 1), (first.Places[0].Good, first.Places[0].Missing));
        Assert.Equal((0, 1), (first.Places[0].Mended, first.Places[1].Mended));
        Assert.Equal(SuspectTable.SecondLook, first.LookAgain);
        Assert.True(Assert.Single(first.Findings, finding => finding.Document == "chunk 2").IsSuspected);
        Assert.Equal([$"videos/{id}/1/0-00005.tgvc"], replica.Written);

        Flip($"videos/{id}/1/0-00004.tgvc", 7000);
        var soon = await ReplicaBench.CheckAsync(bench, id, CopyDepth.Whole, mends: false);
        Assert.Equal((CopyState.Damaged, false), StateOf(soon, "chunk 4", _replicas.Replica));
        Assert.Equal(1, soon.OneCopy);
        await ReplicaBench.AgeSuspectsAsync(bench);
        var second = await ReplicaBench.CheckAsync(bench, id, CopyDepth.Header);

        Assert.Equal((CopyState.Missing, true), StateOf(second, "chunk 2", "Telegram"));
        Assert.Equal(1, second.Places[0].Mended);
        await bench.Get<IAmendments>().RunAsync(id, CancellationToken.None);
        Assert.True(await bench.Get<Replication>().RunAsync(CancellationToken.None));
        await ReplicaBench.CheckAsync(bench, id, CopyDepth.Whole);
        var last = await ReplicaBench.CheckAsync(bench, id, CopyDepth.Whole);
        Assert.Empty(last.Findings);
        Assert.Equal(0, last.OneCopy);
        var records = await RecordsAsync(bench, id);
        Assert.Equal(untouched, records.Where(record => record.Number.Value != 2), (one, other) => one.Receipt == other.Receipt);

        // What Telegram has now is all that is needed.
        Directory.Delete(_replicas.Replica, recursive: true);
        await using var fresh = await _replicas.OpenAsync(storage: bench.Get<VaultSettings>());
        Assert.Equal(_replicas.Uploads[id], await ReplicaBench.PlayAsync(fresh, id));
    }

    [Fact(Timeout = 120_000)]
    public async Task A_manifest_that_is_lost_is_posted_anew_from_the_rows()
    {
        await using var bench = await _replicas.OpenAsync();
        var id = await _replicas.StoreAsync(bench, 1);
        var manifest = (await bench.ShowAsync(id)).Manifests.Newest!;
        _replicas.StandIn.Server.Lose(StandIn.FirstChannel, manifest.MessageId, bytesToo: true);

        await ReplicaBench.CheckAsync(bench, id, CopyDepth.Header);
        Assert.False((await bench.ShowAsync(id)).NeedsAmending);
        await ReplicaBench.AgeSuspectsAsync(bench);
        var report = await ReplicaBench.CheckAsync(bench, id, CopyDepth.Header);

        Assert.Equal((CopyState.Missing, true), StateOf(report, "manifest", "Telegram"));
        await bench.Get<IAmendments>().RunAsync(id, CancellationToken.None);
        report = await ReplicaBench.CheckAsync(bench, id, CopyDepth.Header);
        Assert.DoesNotContain(report.Findings, finding => finding.Place == "Telegram");
    }

    [Fact(Timeout = 180_000)]
    public async Task A_channel_that_is_gone_for_good_is_made_up_for_in_another_one()
    {
        await using var before = await _replicas.OpenAsync();
        var (one, other) = (await _replicas.StoreAsync(before, 2), await _replicas.StoreAsync(before, 1));
        Assert.True(await before.Get<Replication>().RunAsync(CancellationToken.None));
        foreach (var document in _replicas.StandIn.Server.Documents.ToList())
            _replicas.StandIn.Server.Lose(StandIn.FirstChannel, document.MessageId, bytesToo: true);
        _replicas.StandIn.Server.Members.Set(StandIn.FirstBot, StandIn.FirstChannel, BotRights.None);

        await using var after = await _replicas.OpenAsync(storage: before.Get<VaultSettings>(), channel: StandIn.SecondChannel);
        Assert.Equal(_replicas.Uploads[one], await ReplicaBench.PlayAsync(after, one));
        foreach (var id in new[] { one, other })
        {
            await ReplicaBench.CheckAsync(after, id, CopyDepth.Header);
            await ReplicaBench.AgeSuspectsAsync(after);
            var mended = await ReplicaBench.CheckAsync(after, id, CopyDepth.Header);
            Assert.Equal(mended.Chunks + 1, mended.Places[0].Mended);
            await after.Get<IAmendments>().RunAsync(id, CancellationToken.None);
            Assert.False((await after.ShowAsync(id)).NeedsAmending);
        }

        Assert.True(await after.Get<Replication>().RunAsync(CancellationToken.None));
        foreach (var id in new[] { one, other })
            Assert.Empty((await ReplicaBench.CheckAsync(after, id, CopyDepth.Whole)).Findings);

        // The new channel alone is enough.
        await using var next = await _replicas.OpenAsync(channel: StandIn.SecondChannel);
        var report = await next.Get<ILibraryRecovery>()
            .RunAsync(new RecoveryRequest { ReadChunks = true }, _ => { }, CancellationToken.None);
        Assert.Equal(("", 2, true), (report.Replica, report.Opened, report.IsComplete));
    }

    [Fact(Timeout = 120_000)]
    public async Task What_keeps_a_look_from_being_made_is_told_from_damage()
    {
        await using var bench = await _replicas.OpenAsync();
        var id = await _replicas.StoreAsync(bench, 3);
        var video = await bench.ShowAsync(id);

        _replicas.StandIn.Server.Faults.Add(new Fault { Kind = FaultKind.BadGateway, Method = "getFile" });
        var unreachable = await ReplicaBench.CheckAsync(bench, id, CopyDepth.Whole);
        _replicas.StandIn.Server.Faults.Clear();
        _replicas.StandIn.Server.Faults.Add(
            new Fault
            {
                Kind = FaultKind.FlippedBit,
                Method = Fault.FileGet,
                AtByte = 300,
            }
        );
        var damaged = await ReplicaBench.CheckAsync(bench, id, CopyDepth.Whole);
        _replicas.StandIn.Server.Faults.Clear();
        var key = video.Files.Key!.Sealed.ToArray();
        key[40] ^= 1;
        await bench.Library.ChangeAsync(
            id,
            row => row with { Files = row.Files with { Key = row.Files.Key! with { Sealed = key } } },
            CancellationToken.None
        );
        var wrongKey = await ReplicaBench.CheckAsync(bench, id, CopyDepth.Whole);
        await bench.Library.ChangeAsync(id, row => row with { Files = video.Files }, CancellationToken.None);
        // Last, for the bot is asked for nothing more until that is over.
        _replicas.StandIn.Fail(FaultKind.TooManyRequests, "getFile", retryAfter: 700);
        var throttled = await ReplicaBench.CheckAsync(bench, id, CopyDepth.Whole);

        Assert.Equal(TimeSpan.FromSeconds(700), throttled.Wait);
        Assert.NotNull(throttled.Next);
        Assert.Contains("502", unreachable.Stopped, StringComparison.Ordinal);
        Assert.Equal(0, unreachable.Places[0].Missing + unreachable.Places[0].Damaged);
        Assert.True(unreachable.Places[0].Unchecked > 0);
        Assert.Equal(3, damaged.Places[0].Damaged - (damaged.Findings.Any(finding => finding.Document == "manifest") ? 1 : 0));
        Assert.Equal(3, wrongKey.Places[0].WrongKey);
        Assert.False((await bench.ShowAsync(id)).Manifests.IsStale);
    }

    [Fact]
    public void Every_chunk_is_in_exactly_one_share()
    {
        var id = VideoId.New(DateTimeOffset.UnixEpoch.AddYears(60));
        foreach (var number in Enumerable.Range(0, 50).Append(ChunkNumber.PerFile * Companion.MaxNumber))
            Assert.Single(Enumerable.Range(1, 7), part => new ChunkShare(part, 7).Has(id, new ChunkNumber(number)));
    }

    static (CopyState State, bool IsMended) StateOf(CopyReport report, string document, string place)
    {
        var finding = Assert.Single(report.Findings, finding => finding.Document == document && finding.Place == place);
        return (finding.State, finding.IsMended);
    }

    static async Task<List<ChunkRecord>> RecordsAsync(IngestBench bench, VideoId id) =>
        await bench.Library.ListChunksAsync(id, 1, default, 100, CancellationToken.None).ToListAsync();

    void Flip(string name, int offset)
    {
        var content = File.ReadAllBytes(_replicas.PathOf(name));
        content[offset] ^= 1;
        File.WriteAllBytes(_replicas.PathOf(name), content);
    }
}
