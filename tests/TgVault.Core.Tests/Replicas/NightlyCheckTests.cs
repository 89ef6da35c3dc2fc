using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using TgVault.Core.Replicas.Copies;
using TgVault.Core.Settings;
using TgVault.Core.Videos;
using TgVault.Testing;

namespace TgVault.Core.Tests.Replicas;

/// <summary>Night after night all chunks are looked at, each once, whatever interrupts it.</summary>
public sealed class NightlyCheckTests
{
    const int Days = 3;
    const int ChunksEach = 7;

    readonly FakeTimeProvider _time = new(new DateTimeOffset(2030, 5, 1, 12, 0, 0, TimeSpan.Zero));
    readonly MemoryLibrary _library = new();
    readonly CountingChecks _checks = new();
    readonly NightlyCheck _nightly;

    public NightlyCheckTests()
    {
        var rows = new MemoryRowStore(_time);
        var suspects = new SuspectTable(rows.Table("vault"), _time);
        _nightly = new NightlyCheck(
            _library,
            _checks,
            _checks,
            suspects,
            rows,
            new VerifySettings { Days = Days, Hour = 4 },
            _time,
            NullLogger<NightlyCheck>.Instance
        );
    }

    [Fact(Timeout = 30_000)]
    public async Task After_so_many_nights_every_chunk_was_looked_at_once_and_then_it_begins_anew()
    {
        await AddAsync(VideoStatus.Ready, VideoStatus.Trashed, VideoStatus.Ready);

        for (var night = 1; night <= Days; night++)
        {
            Assert.True(await RunAsync());
            Assert.True(await RunAsync());
            Assert.Equal(night, (await _nightly.ShowChecksAsync(CancellationToken.None)).Done);
            _time.Advance(TimeSpan.FromDays(1));
        }

        Assert.Equal(Days, _checks.Catalogues);
        Assert.Equal(3 * ChunksEach, _checks.Looked.Count);
        Assert.Equal(3 * ChunksEach, _checks.Looked.Distinct().Count());
        Assert.True(await RunAsync());
        Assert.True(_checks.Looked.Count > 3 * ChunksEach);
        Assert.Equal(Days, (await _nightly.ShowChecksAsync(CancellationToken.None)).Done);
    }

    [Fact(Timeout = 30_000)]
    public async Task One_that_telegram_keeps_waiting_goes_on_where_it_was()
    {
        await AddAsync(VideoStatus.Ready, VideoStatus.Ready, VideoStatus.Ready);
        _checks.Waits = 2;

        Assert.False(await RunAsync());
        Assert.Equal(0, (await _nightly.ShowChecksAsync(CancellationToken.None)).Done);
        _checks.Waits = -1;
        Assert.True(await RunAsync());

        Assert.Equal(_checks.Looked.Count, _checks.Looked.Distinct().Count());
        Assert.Equal(1, (await _nightly.ShowChecksAsync(CancellationToken.None)).Done);
    }

    Task<bool> RunAsync() => _nightly.RunAsync(TimeSpan.FromMinutes(1), CancellationToken.None);

    async Task AddAsync(params VideoStatus[] statuses)
    {
        foreach (var status in statuses)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await _library.TryAddAsync(
                new Video
                {
                    Id = VideoId.New(_time.GetUtcNow()),
                    Details = new VideoDetails { Name = "film" },
                    Upload = new VideoUpload(),
                    Life = VideoLife.Announced.With(status: status),
                },
                CancellationToken.None
            );
        }
    }

    /// <summary>Notes which chunks it was asked to look at.</summary>
    sealed class CountingChecks : ICopyChecks, ICatalogueChecks
    {
        /// <summary>How often the catalogue was looked at.</summary>
        public int Catalogues { get; private set; }

        public Task<CopyReport> RunAsync(bool mends, CancellationToken cancellationToken)
        {
            Catalogues++;
            return Task.FromResult(new CopyReport());
        }

        public List<(VideoId Video, int Number)> Looked { get; } = [];

        /// <summary>The call from 1 that is told to wait; none where negative.</summary>
        public int Waits { get; set; } = -1;

        int _calls;

        public Task<CopyReport?> RunAsync(VideoId id, CopyRequest request, CancellationToken cancellationToken)
        {
            if (++_calls == Waits)
                return Task.FromResult<CopyReport?>(new CopyReport { Next = request.From, Wait = TimeSpan.FromHours(1) });
            // In two parts, as a long video is.
            var end = request.From == 0 ? 3 : ChunksEach;
            var looked = Enumerable.Range(request.From, end - request.From).Where(number => Has(request, id, number)).ToList();
            Looked.AddRange(looked.Select(number => (id, number)));
            return Task.FromResult<CopyReport?>(new CopyReport { Next = end < ChunksEach ? end : null, Chunks = looked.Count });
        }

        static bool Has(CopyRequest request, VideoId id, int number) => request.Share!.Value.Has(id, new ChunkNumber(number));
    }
}
