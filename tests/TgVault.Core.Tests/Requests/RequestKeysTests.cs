using Microsoft.Extensions.Time.Testing;
using TgVault.Core.Requests;
using TgVault.Testing;

namespace TgVault.Core.Tests.Requests;

/// <summary>What becomes of an idempotency key whose request was ended in the middle.</summary>
public sealed class RequestKeysTests
{
    readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 29, 12, 0, 0, TimeSpan.Zero));
    readonly RequestKeys _keys;

    public RequestKeysTests() => _keys = new RequestKeys(new MemoryRows(_time), _time);

    [Fact(Timeout = 10_000)]
    public async Task One_that_made_nothing_is_taken_over_after_a_minute_and_by_one_alone()
    {
        Assert.True((await ClaimAsync("first")).IsMine);
        var early = await ClaimAsync("second");
        Assert.Equal(("first", false), (early.Id, early.IsMine));
        Assert.Null(await _keys.TryTakeOverAsync(early, "second", CancellationToken.None));
        _time.Advance(RequestKeys.LongestMaking);

        var (one, other) = (await ClaimAsync("third"), await ClaimAsync("fourth"));
        var taken = await _keys.TryTakeOverAsync(one, "third", CancellationToken.None);

        Assert.Equal(("third", true), (taken!.Id, taken.IsMine));
        Assert.Null(await _keys.TryTakeOverAsync(other, "fourth", CancellationToken.None));
        Assert.Equal("third", (await ClaimAsync("fifth")).Id);
    }

    [Fact(Timeout = 10_000)]
    public async Task One_that_made_something_is_not_taken_over_though_that_was_removed()
    {
        await _keys.MadeAsync(await ClaimAsync("first"), CancellationToken.None);
        _time.Advance(TimeSpan.FromHours(1));

        var again = await ClaimAsync("second");

        Assert.Equal(("first", false), (again.Id, again.IsMine));
        Assert.Null(await _keys.TryTakeOverAsync(again, "second", CancellationToken.None));
    }

    async Task<RequestClaim> ClaimAsync(string id) => (await _keys.ClaimAsync("upload", "k", "content", id, CancellationToken.None))!;
}
