using Microsoft.Extensions.Time.Testing;
using TgVault.Core.Links;
using TgVault.Core.Rows;
using TgVault.Testing;

namespace TgVault.Core.Tests.Links;

public sealed class LinkRegisterTests : IDisposable
{
    static readonly DateTimeOffset Start = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);

    readonly FakeTimeProvider _time = new(Start);
    readonly MemoryRows _rows;
    readonly LinkRegister _register;

    public LinkRegisterTests()
    {
        _rows = new MemoryRows(_time);
        _register = new LinkRegister(_rows, _time);
    }

    static CancellationToken None => CancellationToken.None;

    public void Dispose() => _register.Dispose();

    [Fact(Timeout = 30_000)]
    public async Task A_link_is_listed_with_all_that_is_known_of_it()
    {
        var link = Link(VideoId.New(Start)) with
        {
            Origins = ["https://a.example", "http://localhost:8080"],
            Kinds = [LinkKind.Hls, LinkKind.Embed],
            Epoch = 4,
            Label = "Bob, \"the\" 日本\t",
        };
        await _register.AddAsync(link, None);

        foreach (
            var page in new[] { await _register.ListAsync(link.Video, 10, null, None), await _register.ListAsync(null, 10, null, None) }
        )
        {
            var listed = Assert.Single(page.Links);
            Assert.Equal(link with { Origins = null, Kinds = [] }, listed with { Origins = null, Kinds = [] });
            Assert.Equal(link.Origins.Value.AsEnumerable(), listed.Origins!.Value);
            Assert.Equal(link.Kinds.AsEnumerable(), listed.Kinds);
            Assert.Null(page.Continuation);
        }
    }

    [Fact(Timeout = 30_000)]
    public async Task Lists_are_newest_first_page_by_page_and_of_one_video_or_all()
    {
        var (one, other) = (VideoId.New(Start), VideoId.New(Start));
        var made = new List<KnownLink>();
        for (var i = 0; i < 7; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            made.Insert(0, Link(i % 3 == 0 ? other : one));
            await _register.AddAsync(made[0], None);
        }

        // Not of this vault, so in no list.
        await _register.RevokeAsync("of somebody else", None);
        await _register.RevokeAsync(VideoId.New(Start).ToString(), None);

        Assert.Equal(made.Select(link => link.Id), await Ids(null, 3));
        Assert.Equal(made.Select(link => link.Id), await Ids(null, 7));
        Assert.Equal(made.Where(link => link.Video == one).Select(link => link.Id), await Ids(one, 2));
        Assert.Equal(made.Where(link => link.Video == other).Select(link => link.Id), await Ids(other, 1));
        Assert.Empty(await Ids(VideoId.New(Start), 5));
        await Assert.ThrowsAsync<FormatException>(() => _register.ListAsync(null, 5, "~", None));
    }

    [Theory(Timeout = 30_000)]
    [InlineData("7yb0s38rkr4n1xk5m2c8d9e0fg")]
    [InlineData("mCkV0n3xQ2fP")]
    [InlineData("~A-name_made-of-a-text-01")]
    [InlineData("visit 4711/é #?%\\")]
    public async Task Any_id_can_be_revoked_for_good(string id)
    {
        Assert.False(await _register.IsRevokedAsync(id, None));

        var (at, link) = await _register.RevokeAsync(id, None);
        _time.Advance(TimeSpan.FromHours(1));
        var (again, _) = await _register.RevokeAsync(id, None);

        Assert.Equal((Start, Start), (at, again));
        Assert.Null(link);
        Assert.True(await _register.IsRevokedAsync(id, None));
        Assert.False(await _register.IsRevokedAsync(id + "x", None));
    }

    [Fact(Timeout = 30_000)]
    public async Task Another_instance_hears_of_it_within_its_time_and_asks_once_until_then()
    {
        var link = Link(VideoId.New(Start));
        await _register.AddAsync(link, None);
        using var other = new LinkRegister(_rows, _time);
        Assert.False(await other.IsRevokedAsync(link.Id, None));

        await _register.RevokeAsync(link.Id, None);

        Assert.True(await _register.IsRevokedAsync(link.Id, None));
        var reads = _rows.Reads;
        for (var i = 0; i < 100; i++)
            Assert.False(await other.IsRevokedAsync(link.Id, None));
        Assert.Equal(reads, _rows.Reads);
        _time.Advance(LinkRegister.Lifetime);
        Assert.True(await other.IsRevokedAsync(link.Id, None));
        Assert.True(LinkRegister.Lifetime <= TimeSpan.FromSeconds(45));
        Assert.Equal(Start, Assert.Single((await other.ListAsync(link.Video, 5, null, None)).Links).Revoked);
    }

    [Fact(Timeout = 30_000)]
    public async Task What_ended_long_ago_is_forgotten_and_no_sooner()
    {
        var ends = Link(VideoId.New(Start));
        var revoked = Link(ends.Video);
        await _register.AddAsync(ends, None);
        await _register.AddAsync(revoked, None);
        await _register.RevokeAsync(revoked.Id, None);
        await _register.RevokeAsync("of somebody else", None);

        _time.SetUtcNow(ends.Expires + LinkRegister.KeptAfterEnd);
        Assert.Equal(0, await _register.PruneAsync(None));
        Assert.True(await _register.IsRevokedAsync(revoked.Id, None));

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(2, await _register.PruneAsync(None));

        Assert.Empty(await Ids(ends.Video, 5));
        Assert.Equal(1, await _rows.ListAsync(RowRange.All, 10, null, None).CountAsync());
        // The longest that a link may ever be set to live.
        _time.SetUtcNow(Start.AddDays(3660));
        Assert.Equal(0, await _register.PruneAsync(None));
        _time.Advance(TimeSpan.FromDays(31));
        Assert.Equal(1, await _register.PruneAsync(None));
    }

    [Fact(Timeout = 30_000)]
    public async Task The_links_of_a_removed_video_go_with_it()
    {
        var (gone, stays) = (Link(VideoId.New(Start)), Link(VideoId.New(Start)));
        await _register.AddAsync(gone, None);
        await _register.AddAsync(stays, None);

        await _register.RemoveAsync(gone.Video, None);
        await _register.RemoveAsync(gone.Video, None);

        Assert.Equal([stays.Id], await Ids(null, 5));
        Assert.Empty(await Ids(gone.Video, 5));
    }

    KnownLink Link(VideoId video) =>
        new()
        {
            Id = LinkId.New(_time.GetUtcNow()),
            Video = video,
            Created = _time.GetUtcNow(),
            Expires = _time.GetUtcNow().AddDays(7),
            Kinds = [.. Enum.GetValues<LinkKind>()],
            KeyVersion = 1,
        };

    async Task<string[]> Ids(VideoId? video, int pageSize)
    {
        var ids = new List<string>();
        string? continuation = null;
        do
        {
            var page = await _register.ListAsync(video, pageSize, continuation, None);
            Assert.True(page.Links.Count <= pageSize);
            ids.AddRange(page.Links.Select(link => link.Id));
            continuation = page.Continuation;
        } while (continuation is not null);
        return [.. ids];
    }
}
