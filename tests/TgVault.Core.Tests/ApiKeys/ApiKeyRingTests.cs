using Microsoft.Extensions.Time.Testing;
using TgVault.Core.ApiKeys;
using TgVault.Core.Rows;
using TgVault.Core.Tests.Rows.Sqlite;

namespace TgVault.Core.Tests.ApiKeys;

public sealed class ApiKeyRingTests : IDisposable
{
    static readonly CancellationToken None = CancellationToken.None;

    readonly FakeTimeProvider _time = new(new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero));
    readonly SqliteFolder _folder = new();
    readonly IRowTable _rows;
    readonly ApiKeyRing _ring;

    public ApiKeyRingTests()
    {
        _rows = _folder.Open().Table(VaultTables.Vault);
        _ring = new ApiKeyRing(_rows, _time);
    }

    public void Dispose()
    {
        _ring.Dispose();
        _folder.Dispose();
    }

    [Fact(Timeout = 60_000)]
    public async Task A_key_is_found_by_its_text_and_by_no_other()
    {
        await CreateAsync();
        var made = await _ring.MakeAsync("the TV", KeyScope.Read, None);
        var other = await _ring.MakeAsync("a script", KeyScope.Upload, None);

        Assert.Equal(made.Key, await _ring.FindAsync(made.Text, None));
        Assert.Equal("a script", (await _ring.FindAsync(other.Text, None))?.Name);
        string[] wrong =
        [
            "",
            made.Text[..^1],
            made.Text + "A",
            made.Text.ToUpperInvariant(),
            // The id of one, the secret of the other.
            made.Text[..21] + other.Text[21..],
            made.Text.Replace(made.Key.Id, "0123456789abcdef", StringComparison.Ordinal),
            made.Text.Replace(made.Key.Id, "............/../", StringComparison.Ordinal),
            "tgv_" + new string('\u00e9', made.Text.Length - 4),
        ];
        foreach (var text in wrong)
            Assert.Null(await _ring.FindAsync(text, None));
    }

    [Fact(Timeout = 60_000)]
    public async Task Of_a_key_the_rows_have_no_text()
    {
        await CreateAsync();
        var made = await _ring.MakeAsync("the TV", KeyScope.Read, None);

        var row = Assert.Single(await _rows.ListAsync(RowRange.All, 100, null, None).ToListAsync());

        Assert.DoesNotContain(
            row.Values.Values,
            value => value is string text && made.Text.Contains(text, StringComparison.Ordinal) && text.Length > 16
        );
        Assert.Equal(32, row.Bytes("Hash")!.Length);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_revoked_key_ends_here_at_once_and_elsewhere_when_what_was_found_is_forgotten()
    {
        await CreateAsync();
        using var elsewhere = new ApiKeyRing(_rows, _time);
        var made = await _ring.MakeAsync("the TV", KeyScope.Read, None);
        Assert.NotNull(await _ring.FindAsync(made.Text, None));
        Assert.NotNull(await elsewhere.FindAsync(made.Text, None));

        Assert.True(await _ring.RevokeAsync(made.Key.Id, None));

        Assert.Null(await _ring.FindAsync(made.Text, None));
        _time.Advance(ApiKeyRing.Remembered);
        Assert.Null(await elsewhere.FindAsync(made.Text, None));
        Assert.False(await _ring.RevokeAsync(made.Key.Id, None));
        Assert.False(await _ring.RevokeAsync("no id", None));
        Assert.Empty(await _ring.ListAsync(None));
    }

    [Fact(Timeout = 60_000)]
    public async Task The_last_use_is_noted_now_and_then()
    {
        await CreateAsync();
        var made = await _ring.MakeAsync("the TV", KeyScope.Read, None);
        Assert.Null((await ListedAsync()).LastUsed);

        var first = _time.GetUtcNow();
        for (var i = 0; i < 100; i++)
        {
            await _ring.FindAsync(made.Text, None);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(first, (await ListedAsync()).LastUsed);
        _time.Advance(TimeSpan.FromMinutes(10));
        await _ring.FindAsync(made.Text, None);
        Assert.Equal(_time.GetUtcNow(), (await ListedAsync()).LastUsed);

        async Task<ApiKey> ListedAsync() => Assert.Single(await _ring.ListAsync(None));
    }

    [Fact(Timeout = 60_000)]
    public async Task Noting_a_use_does_not_bring_a_revoked_key_back()
    {
        await CreateAsync();
        using var elsewhere = new ApiKeyRing(_rows, _time);
        var made = await _ring.MakeAsync("the TV", KeyScope.Read, None);
        Assert.NotNull(await elsewhere.FindAsync(made.Text, None));
        _time.Advance(TimeSpan.FromMinutes(6));
        await _ring.RevokeAsync(made.Key.Id, None);

        await elsewhere.FindAsync(made.Text, None);

        Assert.Empty(await _ring.ListAsync(None));
    }

    [Fact(Timeout = 60_000)]
    public async Task There_are_only_so_many()
    {
        await CreateAsync();
        for (var i = 0; i < ApiKeyRing.Most; i++)
            await _ring.MakeAsync($"key {i}", KeyScope.All, None);

        await Assert.ThrowsAsync<VaultException>(() => _ring.MakeAsync("one more", KeyScope.All, None));
    }

    Task CreateAsync() => _rows.CreateAsync(None);
}
